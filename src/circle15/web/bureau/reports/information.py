"""Information reports: what is owed and overdue, handing in, receiving and giving back."""

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.report_states import HandInState, Standing
from circle15.assessments.reports.information import (
    Owed,
    begin,
    duties,
    hand_in,
    handed_reports,
    judge,
    owed,
)
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence
from circle15.standards.information import information_rules
from circle15.web.bureau.reports.forms import (
    BeginForm,
    HandInForm,
    JudgeForm,
    KindFilterForm,
    kinds,
)
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
_A_PAGE = 50
_TONES: Final = {
    Standing.OVERDUE: "bad",
    Standing.RETURNED: "warn",
    Standing.HANDED_IN: "info",
    Standing.OPEN: "idle",
    Standing.RECEIVED: "good",
}


@reads
@requires(Permission.VIEW_REPORTS)
def owed_list(request: StaffRequest) -> HttpResponse:
    """Show what the area owes: overdue first."""
    return _list(request)


@writes
@requires(Permission.SUPERVISE_SITES)
@once
def begin_duty(request: StaffRequest) -> HttpResponse:
    """Let the area owe a kind of report from a day on."""
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _list(request, begins=form, status=_UNUSABLE)
    begin(**form.cleaned_data, by=request.actor, at=timezone.now())
    messages.success(request, _("已启用。"))
    return HttpResponseRedirect(reverse("information"))


@writes
@requires(Permission.MAKE_REPORTS)
@once
def hand_in_report(request: StaffRequest) -> HttpResponse:
    """Hand in a file or an issued report."""
    given = request.POST
    report = given.get("report", "")
    file = request.FILES.get("file")
    try:
        hand_in(
            kind=given.get("kind", ""),
            period=given.get("period", ""),
            path=given.get("owner", ""),
            file=_checked(file) if file is not None and not report else None,
            report_uid=_uid(report) if report else None,
            note=given.get("note", ""),
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except (UnsafeFile, Refused) as refusal:
        return _list(request, refusal=str(refusal), status=_UNUSABLE)
    messages.success(request, _("已报送，请等上级接收。"))
    return HttpResponseRedirect(reverse("information"))


@writes
@requires(Permission.SUPERVISE_SITES)
@once
def judge_report(request: StaffRequest, hand_in_uid: UUID) -> HttpResponse:
    """Receive what was handed in, or give it back with a reason."""
    receives = request.POST.get("act") != "return"
    reason = request.POST.get("reason", "")
    try:
        judge(
            uid=hand_in_uid, receives=receives, reason=reason, by=request.actor, at=timezone.now()
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _list(request, refusal=str(refusal), status=_UNUSABLE)
    messages.success(request, _("已接收。") if receives else _("已退回。"))
    return HttpResponseRedirect(reverse("information"))


def _list(
    request: StaffRequest,
    *,
    refusal: str = "",
    begins: BeginForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    by, today = request.actor, timezone.localdate()
    narrowed = KindFilterForm(request.GET, kinds=kinds())
    found = [one for one in owed(by, on=today) if narrowed.chosen in {"", one.kind.key}]
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page", "1"))
    counts = Counter(one.standing for one in found)
    begun = duties(by)
    context = {
        "filter": narrowed,
        "page": page,
        "rows": [_row(one, by) for one in page.object_list],
        "counts": [(each.label, counts[each]) for each in _TONES],
        "kinds": [
            {
                "name": name,
                "begun": begun.get(key),
                "due": information_rules().kinds[key].due_days,
            }
            for key, name in kinds()
        ],
        "begins": (begins or BeginForm(initial={"begins_on": today}))
        if by.can(Permission.SUPERVISE_SITES)
        else None,
        "refused": begins,
        "refusal": refusal,
        "synthetic": any(one.owner.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/reports/information.html", context, status=status)


def _row(one: Owed, by: Actor) -> dict[str, Any]:
    return {
        "one": one,
        "name": one.kind.name.in_language(get_language() or ""),
        "tone": _TONES[one.standing],
        "standing": one.standing.label,
        "hands_in": _hand_in_form(one, by),
        "judges": _judge_form(one, by),
    }


def _judge_form(one: Owed, by: Actor) -> JudgeForm | None:
    """Return the form of what waits, for who is above."""
    is_above = by.can(Permission.SUPERVISE_SITES) and by.area_path != one.owner.path
    if not is_above or one.last is None or one.last.state != HandInState.HANDED_IN:
        return None
    return JudgeForm(auto_id=f"{one.last.uid}_%s")


def _hand_in_form(one: Owed, by: Actor) -> HandInForm | None:
    """Return the form of what is still owed, for who owes it."""
    if not (one.may_hand_in and by.can(Permission.MAKE_REPORTS) and by.area_path == one.owner.path):
        return None
    known = [(str(each.uid), f"{each.number} {each.title}") for each in handed_reports(one, by=by)]
    initial = {"kind": one.kind.key, "period": one.period.name, "owner": one.owner.path}
    return HandInForm(
        reports=known,
        initial=initial,
        auto_id=f"{one.kind.key}_{one.period.name}_%s",
    )


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _checked(file: "UploadedFile[bytes]") -> CheckedFile:
    return check_evidence(file.read(), name=file.name or _("未命名"))
