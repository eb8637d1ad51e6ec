"""Writing an edition: start a draft, check and save its text, hand it on."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments import publishing
from circle15.assessments.publishing import UnusableEdition
from circle15.assessments.queries import edition_by_id
from circle15.assessments.states import EditionState
from circle15.web.bureau.editions.forms import DraftForm
from circle15.web.bureau.editions.lines import placed
from circle15.web.bureau.editions.pages import head
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.assessments.models import StoredEdition

_DONE = {
    EditionState.REVIEW: _lazy("已提交审核，请另一位有发布权限的同事审核发布。"),
    EditionState.DRAFT: _lazy("已退回起草人修改。"),
    EditionState.PUBLISHED: _lazy("已发布，自今天起施行。"),
    EditionState.LEAVING: _lazy("已申请停用，请另一位有发布权限的同事确认；确认前仍按这一版评分。"),
    EditionState.WITHDRAWN: _lazy("已停用。"),
}
_STAYS = _lazy("已驳回停用申请，这一版继续有效。")


@writes
@requires(Permission.DRAFT_EDITIONS)
def start(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Begin the next version of a book from the text of this one."""
    draft = publishing.start_draft(from_id=edition_id, by=request.actor, at=timezone.now())
    messages.success(request, _("已建立第 %s 版草稿，内容与底稿相同。") % draft.version)
    return redirect("edition_edit", edition_id=draft.id)


@reads
@requires(Permission.DRAFT_EDITIONS)
def edit(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show the editor of a draft."""
    stored = _draft(edition_id)
    form = DraftForm(initial={"text": stored.text, "change_note": stored.change_note})
    return _editor(request, stored, form)


def _draft(edition_id: int) -> "StoredEdition":
    stored = edition_by_id(edition_id)
    if stored.state != EditionState.DRAFT:
        raise publishing.WrongEditionState(_("只有草稿可以修改；已发布的版本请另起新版本。"))
    return stored


def _editor(
    request: StaffRequest,
    stored: "StoredEdition",
    form: DraftForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {**head(request, stored, "edit"), "form": form, **more}
    return render(request, "bureau/editions/edit.html", context, status=status)


@writes
@requires(Permission.DRAFT_EDITIONS)
def save(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Check the typed text, save it, or save it and hand it on for review: `do` says which."""
    stored = _draft(edition_id)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _editor(request, stored, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    do = request.POST.get("do", "save")
    try:
        if do == "check":
            text = form.cleaned_data["text"]
            publishing.checked_text(text, book=stored.book, version=stored.version)
            return _editor(request, stored, form, is_sound=True)
        _save(request, edition_id, form, submit=do == "submit")
    except UnusableEdition as refusal:
        return _with_problems(request, stored, form, refusal)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        field = "change_note" if isinstance(refusal, publishing.NoteMissing) else None
        form.add_error(field, str(refusal))
        return _editor(request, stored, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if do == "submit":
        messages.success(request, _DONE[EditionState.REVIEW])
        return redirect("edition", edition_id=edition_id)
    messages.success(request, _("草稿已保存。"))
    return redirect("edition_edit", edition_id=edition_id)


def _save(request: StaffRequest, edition_id: int, form: DraftForm, *, submit: bool) -> None:
    at = timezone.now()
    note = form.cleaned_data["change_note"].strip()
    if submit and not note:
        raise publishing.NoteMissing
    publishing.save_draft(
        edition_id=edition_id,
        text=form.cleaned_data["text"],
        change_note=note,
        by=request.actor,
        at=at,
    )
    if submit:
        publishing.move(edition_id=edition_id, state=EditionState.REVIEW, by=request.actor, at=at)


def _with_problems(
    request: StaffRequest, stored: "StoredEdition", form: DraftForm, refusal: UnusableEdition
) -> HttpResponse:
    problems = placed(refusal.problems, form.cleaned_data["text"])
    form.add_error("text", _("规则文件有 %s 处问题，没有保存，见下面的清单。") % len(problems))
    return _editor(request, stored, form, status=HTTPStatus.UNPROCESSABLE_ENTITY, problems=problems)


@writes
@requires(Permission.DRAFT_EDITIONS)
def move(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Hand an edition on along its states."""
    state = request.POST.get("state", "")
    former = edition_by_id(edition_id).state
    stored = publishing.move(
        edition_id=edition_id, state=state, by=request.actor, at=timezone.now()
    )
    stays = former == EditionState.LEAVING and stored.counts
    messages.success(request, _STAYS if stays else _DONE[EditionState(stored.state)])
    return redirect("edition", edition_id=edition_id)
