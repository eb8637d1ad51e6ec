"""A member of staff, masked; in full only with a reason that stays on the trail."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts import actions, queries
from circle15.accounts.actions import Revealed
from circle15.accounts.opening import NoReason
from circle15.accounts.states import Permission
from circle15.web.shared.access import StaffRequest, reads, requires, writes


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("查看事由"),
        help_text=_("例如：核对培训名册。事由会记入审计日志"),
        max_length=200,
        error_messages={"required": _("请写明查看事由")},
    )


@reads
@requires(Permission.VIEW_STAFF)
def person(request: StaffRequest, person_uid: UUID) -> HttpResponse:
    return _page(request, person_uid, ReasonForm())


@writes
@requires(Permission.REVEAL_PEOPLE)
def reveal(request: StaffRequest, person_uid: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, person_uid, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        shown = actions.reveal(
            person_uid=person_uid,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=timezone.now(),
        )
    except NoReason as refusal:
        form.add_error("reason", str(refusal))
        return _page(request, person_uid, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, person_uid, ReasonForm(), shown=shown)


def _page(
    request: StaffRequest,
    person_uid: UUID,
    form: ReasonForm,
    *,
    shown: Revealed | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    card = queries.person_card(person_uid=person_uid, actor=request.actor)
    context = {
        "card": card,
        "shown": shown,
        "form": form,
        "synthetic": card.is_synthetic,
        "may_reveal": request.actor.can(Permission.REVEAL_PEOPLE),
    }
    response = render(request, "people/person.html", context, status=status)
    # Neither the browser nor anything between may keep it.
    response.headers["Cache-Control"] = "no-store"
    return response
