"""The page of the line: messages that need a person, differences, and what is done about them."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.cases.core_platform import filing, overview, reconciling, taking_back
from circle15.web.bureau.core_platform.forms import FindForm, NoteForm, ValuesForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes


@reads
@requires(Permission.HANDLE_CASES)
def page(request: StaffRequest) -> HttpResponse:
    return _page(request)


@writes
@requires(Permission.HANDLE_CASES)
def complete(request: StaffRequest, message_uid: UUID) -> HttpResponse:
    """Add what the message lacks, or let it go again as it is."""
    found = {one.uid: one for one in overview.troubled(request.actor)}.get(message_uid)
    if found is None:
        raise NotFound
    form = ValuesForm(request.POST, found)
    if not form.is_valid():
        return _page(request, form=form, about=message_uid, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    filing.complete(uid=message_uid, values=form.values(), by=request.actor, at=timezone.now())
    messages.success(request, _("已重新排队，稍后自动发送。"))
    return redirect("core_platform")


@writes
@requires(Permission.HANDLE_CASES)
def set_aside(request: StaffRequest, message_uid: UUID) -> HttpResponse:
    form = NoteForm(message_uid, request.POST)
    if not form.is_valid():
        return _page(request, form=form, about=message_uid, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    filing.set_aside(
        uid=message_uid,
        reason=form.cleaned_data["note"],
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("已作废，这条报文不会发送。"))
    return redirect("core_platform")


@writes
@requires(Permission.HANDLE_CASES)
def settle(request: StaffRequest, difference_uid: UUID) -> HttpResponse:
    form = NoteForm(difference_uid, request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, form=form, about=difference_uid, status=status)
    reconciling.settle(
        uid=difference_uid, note=form.cleaned_data["note"], by=request.actor, at=timezone.now()
    )
    messages.success(request, _("差异已处理。"))
    return redirect("core_platform")


def _page(
    request: StaffRequest,
    *,
    form: NoteForm | ValuesForm | None = None,
    about: UUID | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Draw the page; a form sent back is drawn in the line it is about."""
    troubled = [
        {
            "line": one,
            "name": worded(one.name),
            "values": form
            if about == one.uid and isinstance(form, ValuesForm)
            else ValuesForm(None, one),
            "note": form if about == one.uid and isinstance(form, NoteForm) else NoteForm(one.uid),
        }
        for one in overview.troubled(request.actor)
    ]
    differences = [
        {"line": one, "note": form if about == one.uid else NoteForm(one.uid)}
        for one in overview.differences(request.actor)
    ]
    context = {
        "line": overview.line_now(request.actor),
        "troubled": troubled,
        "differences": differences,
        "wishes": taking_back.asked_for(request.actor),
        "find": FindForm(),
        "form": form,
    }
    return render(request, "bureau/core_platform/page.html", context, status=status)
