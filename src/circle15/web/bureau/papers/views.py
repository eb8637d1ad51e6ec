"""Templates of result papers: the list with uploading, and one of them with its preview."""

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.cases.documents.beginning import beginning
from circle15.cases.documents.placeholders import PLACEHOLDERS
from circle15.cases.documents.templated import example
from circle15.cases.paper_states import PaperKind, TemplateState
from circle15.cases.paper_templates.keeping import (
    UnusableTemplate,
    WrongTemplateState,
    bring_in,
    put_in_force,
    take_out,
)
from circle15.cases.paper_templates.queries import TemplateLine, file_of, template, templates
from circle15.core.papers.docx.reading import read_sheet
from circle15.core.papers.docx.setting import sheet_pdf
from circle15.items.first_days import FirstDayTaken
from circle15.items.naming import item_names
from circle15.web.bureau.papers.forms import InForceForm, OutForm, TemplateForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TONES = {
    TemplateState.DRAFT: "warn",
    TemplateState.PUBLISHED: "good",
    TemplateState.WITHDRAWN: "idle",
}
_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@reads
@requires(Permission.VIEW_ITEMS)
def overview(request: StaffRequest) -> HttpResponse:
    """Show what papers are made from now, every version there was, and how to bring one in."""
    return _overview(request)


def _overview(
    request: StaffRequest,
    *,
    form: TemplateForm | None = None,
    problems: tuple[str, ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    lines = templates(request.actor, on=timezone.localdate())
    names = _names()
    context = {
        "rows": [(line, names.get(line.item_key, "")) for line in lines],
        "in_force": [_now(kind, lines, names) for kind in PaperKind],
        "placeholders": [
            (each, [kind.label for kind in PaperKind if kind in each.kinds])
            for each in PLACEHOLDERS
        ],
        "form": (form or TemplateForm(items=_choices(names)))
        if request.actor.can(Permission.DRAFT_ITEMS)
        else None,
        "problems": problems,
        "tones": TONES,
    }
    return render(request, "bureau/papers/list.html", context, status=status)


def _names() -> dict[str, str]:
    """Return what every item is called."""
    names = item_names(timezone.localdate()).by_key
    return {key: said(name) for key, name in names.items()}


def _choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(names.items())


def _now(
    kind: PaperKind, lines: tuple[TemplateLine, ...], names: Mapping[str, str]
) -> dict[str, object]:
    """Return what a paper is made from today: in general, and for items with their own."""
    counting = [line for line in lines if line.counts and line.kind == kind]
    return {
        "kind": kind.value,
        "name": kind.label,
        "general": next((line for line in counting if not line.item_key), None),
        "own": [(line, names.get(line.item_key, "")) for line in counting if line.item_key],
    }


@writes
@requires(Permission.DRAFT_ITEMS)
def upload(request: StaffRequest) -> HttpResponse:
    """Check a file and keep it as a draft; everything wrong with it is named at once."""
    form = TemplateForm(request.POST, request.FILES, items=_choices(_names()))
    if not form.is_valid():
        return _overview(request, form=form, status=_UNUSABLE)
    given = form.cleaned_data
    try:
        made = bring_in(
            kind=given["kind"],
            item_key=given["item"],
            content=given["file"].read(),
            file_name=given["file"].name,
            note=given["note"],
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except UnusableTemplate as refusal:
        form.add_error("file", _("模板有 %s 处问题，没有保存。") % len(refusal.problems))
        problems = tuple(worded(each) for each in refusal.problems)
        return _overview(request, form=form, problems=problems, status=_UNUSABLE)
    except Refused as refusal:
        form.add_error("note", str(refusal))
        return _overview(request, form=form, status=_UNUSABLE)
    messages.success(request, _("已存为草稿，请看预览，再请另一位有发布权限的同事发布。"))
    return redirect("paper_template", made.pk)


@reads
@requires(Permission.VIEW_ITEMS)
def one(request: StaffRequest, template_id: int) -> HttpResponse:
    """Show a template with made-up values in it, and what may be done with it now."""
    return _one(request, template_id)


def _one(
    request: StaffRequest, template_id: int, *, status: int = HTTPStatus.OK, **more: object
) -> HttpResponse:
    line = template(template_id, by=request.actor, on=timezone.localdate())
    content = file_of(template_id, by=request.actor)
    context = {
        "line": line,
        "item_name": _names().get(line.item_key, ""),
        "title": line.kind_name,
        "sheet": read_sheet(example(content, line.kind)),
        "tones": TONES,
        "may": _may(request, line),
        "in_force_form": InForceForm(initial={"in_force_from": timezone.localdate()}),
        "out_form": OutForm(),
        **more,
    }
    return render(request, "bureau/papers/one.html", context, status=status)


def _may(request: StaffRequest, line: TemplateLine) -> dict[str, bool]:
    """Say which buttons make sense; the actions themselves refuse what is not allowed."""
    drafts = request.actor.can(Permission.DRAFT_ITEMS)
    publishes = request.actor.can(Permission.PUBLISH_ITEMS)
    is_own = line.drafted_by_id is not None and line.drafted_by_id == request.actor.user_id
    is_draft = line.state == TemplateState.DRAFT
    return {
        "publish": publishes and is_draft and not is_own,
        "own_publish": publishes and is_draft and is_own,
        "give_up": is_draft and (drafts or publishes),
        "withdraw": publishes and line.state == TemplateState.PUBLISHED,
    }


@writes
@requires(Permission.VIEW_ITEMS)
def move(request: StaffRequest, template_id: int) -> HttpResponse:
    """Put a template in force or take it out: `do` says which. The actions ask for permission."""
    match request.POST.get("do", ""):
        case "publish":
            return _publish(request, template_id)
        case "take_out":
            return _take_out(request, template_id)
        case _:
            raise NotFound


def _publish(request: StaffRequest, template_id: int) -> HttpResponse:
    form = InForceForm(request.POST)
    if not form.is_valid():
        return _one(request, template_id, status=_UNUSABLE, in_force_form=form)
    since, at = form.cleaned_data["in_force_from"], timezone.now()
    try:
        put_in_force(template_id=template_id, in_force_from=since, by=request.actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error("in_force_from", str(refusal))
        return _one(request, template_id, status=_status(refusal), in_force_form=form)
    messages.success(request, _("已发布，自施行日期起出的文书用这一版；以前出的不变。"))
    return redirect("paper_template", template_id)


def _take_out(request: StaffRequest, template_id: int) -> HttpResponse:
    form = OutForm(request.POST)
    if not form.is_valid():
        return _one(request, template_id, status=_UNUSABLE, out_form=form)
    reason, at = form.cleaned_data["reason"], timezone.now()
    try:
        take_out(template_id=template_id, reason=reason, by=request.actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error("reason", str(refusal))
        return _one(request, template_id, status=_status(refusal), out_form=form)
    messages.success(request, _("已停用，以前用它出的文书不变。"))
    return redirect("paper_template", template_id)


def _status(refusal: Refused) -> HTTPStatus:
    """Tell what somebody else was quicker at from what is filled in wrongly."""
    is_late = isinstance(refusal, WrongTemplateState | FirstDayTaken)
    return HTTPStatus.CONFLICT if is_late else _UNUSABLE


@reads
@requires(Permission.VIEW_ITEMS)
def template_file(request: StaffRequest, template_id: int, media: str) -> HttpResponse:
    """Give the template as it came, or its preview as PDF."""
    line = template(template_id, by=request.actor, on=timezone.localdate())
    content = file_of(template_id, by=request.actor)
    name = f"template-{line.kind}-{line.version}"
    if media == "docx":
        return _file(content, WORD, f"{name}.docx")
    if media == "pdf":
        pdf = sheet_pdf(read_sheet(example(content, line.kind)), title=line.kind_name)
        return _file(pdf, "application/pdf", f"{name}.pdf", way="inline")
    raise Http404


@reads
@requires(Permission.VIEW_ITEMS)
def begin(_request: StaffRequest, paper: str) -> HttpResponse:
    """Give a Word file to begin with: the paper as the program words it, with placeholders."""
    if paper not in PaperKind.values:
        raise Http404
    return _file(beginning(paper), WORD, f"{paper}.docx")


def _file(content: bytes, media_type: str, name: str, *, way: str = "attachment") -> HttpResponse:
    reply = HttpResponse(content, content_type=media_type)
    reply["Content-Disposition"] = f'{way}; filename="{name}"'
    return reply
