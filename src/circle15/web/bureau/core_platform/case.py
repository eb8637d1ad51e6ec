"""What was filed for one case, and taking it back: with a reason, by two where it says so."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.cases.core_platform import taking_back
from circle15.cases.exchange_states import MessageState
from circle15.standards.item_forms import FieldKind
from circle15.web.bureau.core_platform.forms import FindForm, SecondForm, TakeBackForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_fields import shown_value
from circle15.web.shared.item_words import said

_TONES = {
    MessageState.DONE: "good",
    MessageState.REFUSED: "bad",
    MessageState.VOID: "idle",
    MessageState.UNSURE: "warn",
}


@reads
@requires(Permission.HANDLE_CASES)
def find(request: StaffRequest) -> HttpResponse:
    """Lead to a case by its number; back to the list with words where there is none."""
    form = FindForm(request.GET)
    try:
        if form.is_valid():
            number = form.cleaned_data["number"]
            return redirect("core_case", taking_back.case_of_number(number, request.actor))
    except NotFound:
        messages.warning(request, _("没有找到这个编号的备案办件，请核对编号。"))
    return redirect("core_platform")


@reads
@requires(Permission.HANDLE_CASES)
def page(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    return _page(request, case_uid)


@writes
@requires(Permission.HANDLE_CASES)
def take_back(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Take back at once, or ask for it where a second person has to agree."""
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, case_uid, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    reason, at = form.cleaned_data["reason"], timezone.now()
    try:
        is_done = taking_back.ask(case_uid=case_uid, reason=reason, by=request.actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case_uid, form=form, status=HTTPStatus.CONFLICT)
    words = _("已撤销，平台会自动收到。") if is_done else _("已提交，等另一人复核后撤销。")
    messages.success(request, words)
    return redirect("core_case", case_uid)


@writes
@requires(Permission.HANDLE_CASES)
def second(request: StaffRequest, wish_uid: UUID) -> HttpResponse:
    """Carry out what somebody else asked for, or turn it down."""
    form = SecondForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有办成：请选择撤销还是保留，意见最多 200 字。"))
        return redirect("core_case", taking_back.case_asked_about(wish_uid, request.actor))
    agree = form.cleaned_data["do"] == "agree"
    note = form.cleaned_data["note"]
    wish = taking_back.second(
        uid=wish_uid, agree=agree, note=note, by=request.actor, at=timezone.now()
    )
    messages.success(request, _("已撤销，平台会自动收到。") if agree else _("不撤销，备案保留。"))
    return redirect("core_case", wish.case.uid)


def _page(
    request: StaffRequest,
    case_uid: UUID,
    *,
    form: TakeBackForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    found = taking_back.filings_of(case_uid, by=request.actor)
    told = [each for each in found.contents if each[0].kind is not FieldKind.AGREE]
    lines = [
        {"line": one, "name": worded(one.name), "tone": _TONES.get(MessageState(one.state), "info")}
        for one in found.messages
    ]
    may_second = found.asked is not None and request.actor.can(Permission.SUPERVISE_CASES)
    context = {
        "found": found,
        "contents": [(said(field.name), shown_value(field, value)) for field, value in told],
        "lines": lines,
        "form": form or TakeBackForm(),
        "second": SecondForm(),
        "may_agree": may_second and found.asked is not None and not found.asked.is_own,
        "may_turn_down": may_second or (found.asked is not None and found.asked.is_own),
    }
    response = render(request, "bureau/core_platform/case.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
