"""Whom to ring: what no message told, who it is (masked), the number with a reason."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.texting.calling import PAGE_SIZE, CallDue, calls_due, count_calls
from circle15.cases.texting.phoning import number_to_call
from circle15.web.bureau.cases.shown import Row, row_of
from circle15.web.bureau.cases.texts import may_phone, untold_words
from circle15.web.shared.access import StaffRequest, reads, requires, writes


class NumberForm(forms.Form):
    """Why a number is shown."""

    reason = forms.CharField(
        label=_("查看事由"),
        help_text=_("例如：电话告知补正材料。事由会记入审计日志，本人可以查到"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写明查看事由")},
    )


@dataclass(frozen=True, slots=True)
class CallRow:
    """A case to ring about, and where asked for its number."""

    due: CallDue
    row: Row
    form: NumberForm
    number: str | None = None

    @property
    def words(self) -> str:
        return untold_words(self.due.texts)


@reads
@requires(Permission.VIEW_CASES)
def overview(request: StaffRequest) -> HttpResponse:
    """Show whom to ring, the longest waiting first."""
    return _page(request)


@writes
@requires(Permission.VIEW_CASES)
def number(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Show one number in full. Never once-only: the answer would be kept in clear."""
    form = NumberForm(request.POST, auto_id=f"{case_uid}_%s")
    if form.is_valid():
        try:
            found = number_to_call(
                case_uid=case_uid,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=timezone.now(),
            )
        except NotFound:
            raise
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            return _page(request, number_of={case_uid: found})
    return _page(request, form_of={case_uid: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: StaffRequest,
    *,
    number_of: dict[UUID, str] | None = None,
    form_of: dict[UUID, NumberForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at, numbers, forms_of = timezone.now(), number_of or {}, form_of or {}
    due = calls_due(by=request.actor, at=at)
    rows = [
        CallRow(
            one,
            row_of(one.case, on=timezone.localdate(at)),
            forms_of.get(one.case.uid) or NumberForm(auto_id=f"{one.case.uid}_%s"),
            numbers.get(one.case.uid),
        )
        for one in due
    ]
    context = {
        "rows": rows,
        "wrong": next(iter(forms_of.values()), None),
        "count": len(due) if len(due) < PAGE_SIZE else count_calls(by=request.actor, at=at),
        "may_phone": may_phone(request.actor),
        "synthetic": any(one.case.is_synthetic for one in due),
    }
    response = render(request, "bureau/cases/calls.html", context, status=status)
    # Neither the browser nor anything between may keep it.
    response.headers["Cache-Control"] = "no-store"
    return response


def calls_waiting(actor: Actor) -> int:
    """Return how many are to be rung, for the pages where work begins; 0 for who rings nobody."""
    return count_calls(by=actor, at=timezone.now()) if may_phone(actor) else 0
