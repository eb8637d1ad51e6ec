"""One site in a campaign: where it is, its points by line, vetoes, and what may be done now."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.campaign_states import EntryState, EntryStep, Outcome, Review
from circle15.assessments.campaigns import ending, making, objecting, reviewing, vetoing
from circle15.assessments.campaigns.ending import name_of_finding, open_findings, open_matters
from circle15.assessments.campaigns.queries import EntryView, entry_view, results_beside
from circle15.assessments.campaigns.turns import (
    may_find_veto,
    may_judge_veto,
    standing_of_veto,
    turns,
)
from circle15.assessments.candidates import veto_candidates
from circle15.assessments.editions import parsed
from circle15.assessments.states import Purpose
from circle15.web.bureau.campaigns.acting import Asked, asked_of
from circle15.web.bureau.campaigns.forms import (
    ActForm,
    CheckForm,
    NoteForm,
    VetoForm,
    WordsForm,
)
from circle15.web.bureau.campaigns.listed import OUTCOME_TONES, entry_row
from circle15.web.bureau.campaigns.shown import line_row, placed
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.assessments.campaigns.points import Standing

LABELS: Final[Mapping[str, str | Promise]] = {
    "drop": EntryStep.DROP.label,
    "submit": EntryStep.SUBMIT.label,
    "confirm_rest": gettext_lazy("其余各条都认可"),
    "reviewed": EntryStep.REVIEWED.label,
    "take_over": gettext_lazy("采用现场检查的结果"),
    "see_rest": gettext_lazy("其余各条现场与台账一致"),
    "checked": EntryStep.CHECKED.label,
    "accept": EntryStep.ACCEPT.label,
    "decide": EntryStep.DECIDE.label,
    "publish": EntryStep.PUBLISH.label,
    "veto": gettext_lazy("认定一票否决"),
    "veto_confirm": gettext_lazy("确认一票否决"),
    "veto_decline": gettext_lazy("不确认一票否决"),
}
# What belongs to which step of the table.
_ACTS: Final[Mapping[EntryStep, tuple[str, ...]]] = {
    EntryStep.DROP: ("drop",),
    EntryStep.SUBMIT: ("submit",),
    EntryStep.REVIEWED: ("confirm_rest", "reviewed"),
    EntryStep.CHECKED: ("take_over", "see_rest", "checked"),
    EntryStep.ACCEPT: ("accept",),
    EntryStep.DECIDE: ("decide",),
    EntryStep.PUBLISH: ("publish",),
}
_FORMS: Final[Mapping[str, type[ActForm]]] = {
    "drop": WordsForm,
    "decide": NoteForm,
    "veto_decline": WordsForm,
}
_Do = Callable[[Asked, Mapping[str, Any]], object]
DO: Final[Mapping[str, _Do]] = {
    "drop": lambda one, at: making.drop(reason=one.note, **at),
    "submit": lambda _one, at: reviewing.submit_self(**at),
    "confirm_rest": lambda _one, at: reviewing.review_rest(**at),
    "reviewed": lambda _one, at: reviewing.end_review(**at),
    "take_over": lambda one, at: reviewing.take_over(inspection_uid=UUID(one.given["check"]), **at),
    "see_rest": lambda _one, at: reviewing.see_rest(**at),
    "checked": lambda _one, at: reviewing.end_visit(**at),
    "accept": lambda _one, at: objecting.accept(**at),
    "decide": lambda one, at: ending.decide(note=one.note, **at),
    "publish": lambda _one, at: ending.publish(**at),
    "veto": lambda one, at: vetoing.find_vetoes(
        vetoes=one.given["vetoes"], reason=one.note, evidence_id=one.keep_file(), **at
    ),
    "veto_confirm": lambda one, at: vetoing.judge(agrees=True, reason=one.note, **at),
    "veto_decline": lambda one, at: vetoing.judge(agrees=False, reason=one.note, **at),
}
FINDINGS_COUNT_FOR = timedelta(days=365)
SHOWN = ("all", "waiting", "lost", "differs")


@reads
@requires(Permission.VIEW_ASSESSMENTS)
def page(request: StaffRequest, entry_uid: UUID) -> HttpResponse:
    """Show one site's way through a campaign with all its lines."""
    return _page(request, entry_uid)


@writes
@requires(Permission.VIEW_ASSESSMENTS)
@once
def act(request: StaffRequest, entry_uid: UUID, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    if act not in DO:
        raise Http404
    view = entry_view(request.actor, entry_uid)
    form = _form(act, view, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, entry_uid, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.now()
    common = {"uid": entry_uid, "by": request.actor, "at": at}
    try:
        with transaction.atomic():  # a file of a step that is refused is not kept either
            DO[act](asked_of(request, form.cleaned_data, view.entry.site.code, at), common)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, entry_uid, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % form.label)
    return HttpResponseRedirect(reverse("campaign_site", args=[entry_uid]))


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    form: ActForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view = entry_view(request.actor, uid)
    entry, on = view.entry, timezone.localdate()
    rules = placed(entry)
    rows = [
        line_row(each, view, rules, turns(view, each, request.actor, on=on))
        for each in view.standings
    ]
    kept = {name: [row for row in rows if _is_shown(row, name)] for name in SHOWN}
    which = request.GET.get("show", "all")
    which = which if which in SHOWN else "all"
    context = {
        **entry_row(entry),
        "campaign": entry.campaign,
        "site": entry.site,
        "kind": Purpose(entry.campaign.kind).label,
        "view": view,
        "total": view.total,
        "rows": kept[which],
        "show": which,
        "shows": _shows(kept),
        "forms": [
            form if form is not None and form.act == each else _form(each, view)
            for each in _allowed(view, request)
        ],
        "refused": form,
        "open": open_matters(entry) if view.standings else [],
        "findings": _findings(view, request) if view.standings else [],
        "vetoes": _vetoes(view),
        "veto_standing": standing_of_veto(view),
        "suggested": veto_candidates(entry.site, since=on - FINDINGS_COUNT_FOR)
        if may_find_veto(view)
        else (),
        "beside": _beside(view),
        "self_total": _self_total(view),
        "synthetic": entry.site.is_synthetic,
    }
    return render(request, "bureau/campaigns/site.html", context, status=status)


def _is_shown(row: Mapping[str, Any], name: str) -> bool:
    one: Standing = row["one"]
    match name:
        case "waiting":
            return one.waits or bool(row["is_open"]) or one.line.review == Review.QUESTIONED
        case "lost":
            return one.final is not None and one.final < one.line.most
        case "differs":
            return bool(row["differs"] or one.adjusted or row["objections"])
        case _:
            return True


def _shows(kept: Mapping[str, list[Any]]) -> list[tuple[str, str, int]]:
    names = (_("全部"), _("待办和存疑"), _("有失分的"), _("有出入的"))
    return [(key, name, len(kept[key])) for key, name in zip(SHOWN, names, strict=True)]


def _allowed(view: EntryView, request: StaffRequest) -> Iterator[str]:
    for step in _ACTS:
        if step in view.may:
            yield from (act for act in _ACTS[step] if act != "take_over" or _checks(view))
    if may_find_veto(view):
        yield "veto"
    if may_judge_veto(view, request.actor):
        yield from ("veto_confirm", "veto_decline")


def _form(act: str, view: EntryView, data: Any = None, files: Any = None) -> ActForm:
    label = LABELS[act]
    if act == "take_over":
        return CheckForm(data, act=act, label=label, checks=_checks(view))
    if act == "veto":
        edition = parsed(view.entry.campaign.edition.text)
        vetoes = [(each.id, f"{each.number} {said(each.title)}") for each in edition.vetoes]
        return VetoForm(data, files, act=act, label=label, vetoes=vetoes)
    return _FORMS.get(act, ActForm)(data, act=act, label=label)


def _checks(view: EntryView) -> list[tuple[str, str]]:
    found = reviewing.checks_for(view.entry)
    return [(str(each.uid), f"{each.number} {each.get_state_display()}") for each in found]


def _vetoes(view: EntryView) -> list[dict[str, Any]]:
    edition = parsed(view.entry.campaign.edition.text)
    titles = {each.id: f"{each.number} {said(each.title)}" for each in edition.vetoes}
    return [
        {"file": each, "titles": [titles.get(veto, veto) for veto in each.sheet.vetoes]}
        for each in view.veto_files
    ]


def _beside(view: EntryView) -> list[dict[str, Any]]:
    return [
        {
            "result": each,
            "kind": Purpose(each.kind).label,
            "outcome": Outcome(each.outcome).label,
            "tone": OUTCOME_TONES[Outcome(each.outcome)],
        }
        for each in results_beside(view.entry.site)
        if each.uid != view.entry.uid
    ]


def _findings(view: EntryView, request: StaffRequest) -> list[tuple[str, str]]:
    """Return the findings that wait, with where an officer looks at them."""
    if not request.actor.can(Permission.PLAN_INSPECTIONS):
        return []
    return [
        (name_of_finding(each), f"{reverse('inspection', args=[each.inspection.uid])}#found")
        for each in open_findings(view.entry)
    ]


def _self_total(view: EntryView) -> Any:
    points = [each.line.self_points for each in view.standings]
    known = [each for each in points if each is not None]
    is_over = view.entry.state == EntryState.CHOSEN
    return sum(known) if known and not is_over else None
