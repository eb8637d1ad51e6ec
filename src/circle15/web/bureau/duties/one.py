"""One duty of somebody: what was said, what it was passed on as, and the steps of each side."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import UnsafeFile
from circle15.programme.duties import actions
from circle15.programme.duties.parties import possible, standpoint_of
from circle15.programme.duties.queries import (
    assignment_by_uid,
    children_of,
    file_of,
    words_of,
)
from circle15.programme.duties_states import AssignmentStep
from circle15.web.bureau.construction.project import checked_file
from circle15.web.bureau.duties.forms import StepForm, form_of
from circle15.web.bureau.duties.listed import row_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_CHILDREN_SHOWN = 50


@reads
@requires(Permission.VIEW_PROGRAMME)
def show(request: StaffRequest, assignment_uid: UUID) -> HttpResponse:
    """Show a duty of somebody."""
    return _page(request, assignment_uid)


@writes
@requires(Permission.ANSWER_DUTIES)
@once
def take_step(request: StaffRequest, assignment_uid: UUID, step: str) -> HttpResponse:
    """Take one step of a duty."""
    if step not in AssignmentStep.values:
        raise Http404
    what = AssignmentStep(step)
    form = form_of(what)(request.POST, request.FILES, step=what)
    if not form.is_valid():
        return _page(request, assignment_uid, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given, by, at = form.cleaned_data, request.actor, timezone.now()
    try:
        if what == AssignmentStep.PASS_ON:
            actions.pass_on(uid=assignment_uid, due_on=given["due_on"], by=by, at=at)
        else:
            actions.step(
                uid=assignment_uid,
                step=what,
                words=given["words"],
                checked=checked_file(given),
                due_on=given.get("due_on"),
                by=by,
                at=at,
            )
    except (NotAllowed, NotFound):
        raise
    except (UnsafeFile, Refused) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, assignment_uid, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("duty", args=[assignment_uid]))


@reads
@requires(Permission.VIEW_PROGRAMME)
def duty_file(request: StaffRequest, file_id: int) -> HttpResponse:
    """Hand out a file of a duty as it was checked, never run by the browser."""
    kept = file_of(request.actor, file_id)
    with default_storage.open(kept.storage_name) as file:
        reply = HttpResponse(file.read(), content_type=kept.media_type)
    is_pdf = kept.media_type == "application/pdf"
    reply["Content-Disposition"] = content_disposition_header(is_pdf, kept.name) or "inline"
    reply["Cache-Control"] = "private, no-store"
    return reply


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    form: StepForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    by = request.actor
    one = assignment_by_uid(by, uid)
    steps = [
        form if form is not None and form.step == step else form_of(step)(step=step)
        for step in possible(one, standpoint_of(by, on=timezone.localdate()))
    ]
    children = Paginator(children_of(one), _CHILDREN_SHOWN).get_page(request.GET.get("page", "1"))
    context = {
        **row_of(one, by),
        "words": [(each, AssignmentStep(each.step).label) for each in words_of(one)],
        "children": [row_of(each, by) for each in children.object_list],
        "page": children,
        "steps": steps,
        "refused": form,
        "synthetic": one.is_synthetic,
    }
    return render(request, "bureau/duties/duty.html", context, status=status)
