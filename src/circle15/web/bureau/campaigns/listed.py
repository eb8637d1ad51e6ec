"""Campaigns with their progress, one with its sites, its workbook, and the proof of past scores."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.campaign_states import EntryState, Outcome
from circle15.assessments.campaigns.ending import publish_decided
from circle15.assessments.campaigns.exporting import export_results
from circle15.assessments.campaigns.freezing import freeze
from circle15.assessments.campaigns.making import has_begun, set_pass_mark
from circle15.assessments.campaigns.proving import prove
from circle15.assessments.campaigns.queries import (
    Progress,
    campaign_by_uid,
    campaigns,
    entries_of,
    progress,
)
from circle15.assessments.states import Purpose, VetoStanding
from circle15.assessments.vetoes import veto_standing
from circle15.web.bureau.campaigns.forms import MarkForm
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.assessments.campaign_models import Campaign, Entry

PER_PAGE = 50
MISSING_SHOWN = 5
# So many sheets are scored again for a page; the command goes through all.
PROVED_AT_ONCE = 500
TONES = {
    EntryState.OBJECTIONS: "warn",
    EntryState.DECIDED: "good",
    EntryState.PUBLISHED: "good",
    EntryState.DROPPED: "idle",
}
OUTCOME_TONES = {Outcome.PASS: "good", Outcome.FAIL: "bad", Outcome.NO_PASS_MARK: "idle"}


@reads
@requires(Permission.VIEW_ASSESSMENTS)
def campaign_list(request: StaffRequest) -> HttpResponse:
    """Show the campaigns of the area, and how far each is."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Purpose.values else ""
    page = _page_of(request, campaigns(request.actor, kind=kind))
    far = progress(request.actor, page.object_list)
    context = {
        "page": page,
        "rows": [_row(one, far[one.pk]) for one in page.object_list],
        "kinds": [("", _("全部")), *Purpose.choices],
        "kind": kind,
        "may_run": request.actor.can(Permission.RUN_ASSESSMENTS),
        "synthetic": any(one.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/campaigns/list.html", context)


def _row(one: "Campaign", far: Progress) -> dict[str, Any]:
    return {
        "campaign": one,
        "kind": Purpose(one.kind).label,
        "progress": far,
        "published": far.at(EntryState.PUBLISHED),
    }


@reads
@requires(Permission.VIEW_ASSESSMENTS)
def campaign(request: StaffRequest, campaign_uid: UUID) -> HttpResponse:
    """Show one campaign: its days, its progress, its sites."""
    return _page(request, campaign_uid)


@writes
@requires(Permission.RUN_ASSESSMENTS)
@once
def act(request: StaffRequest, campaign_uid: UUID, act: str) -> HttpResponse:
    """Freeze, set the pass mark, or publish whatever is decided."""
    if act not in {"freeze", "pass_mark", "publish"}:
        raise Http404
    form = MarkForm(request.POST, act="pass_mark", label=_("设定合格线"))
    if not form.is_valid():
        return _page(request, campaign_uid, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = timezone.now()
    try:
        told = _do(act, campaign_uid, form, request, at)
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, campaign_uid, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    messages.success(request, told)
    return HttpResponseRedirect(reverse("campaign", args=[campaign_uid]))


def _do(act: str, uid: UUID, form: MarkForm, request: StaffRequest, at: Any) -> str:
    by = request.actor
    if act == "publish":
        return _("已公布 %(n)s 个网点的结果。") % {"n": publish_decided(uid=uid, by=by, at=at)}
    if act == "pass_mark":
        set_pass_mark(uid=uid, mark=form.cleaned_data["pass_mark"], by=by, at=at)
        return _("合格线已更新。")
    found = freeze(uid=uid, by=by, at=at)
    told = _("已冻结 %(done)s 个，还有 %(left)s 个未冻结。") % {
        "done": found.done,
        "left": found.left,
    }
    if not found.missing:
        return told
    lacking = [
        _("%(code)s（缺 %(n)s 项）") % {"code": code, "n": len(names)}
        for code, names in list(found.missing.items())[:MISSING_SHOWN]
    ]
    return told + _("台账不全的：%(sites)s。") % {"sites": _("、").join(lacking)}


@writes
@requires(Permission.VIEW_ASSESSMENTS)
def export(request: StaffRequest, campaign_uid: UUID) -> HttpResponse:
    """Hand out the results of a campaign as a workbook; it stands on the trail."""
    at = timezone.now()
    content = export_results(uid=campaign_uid, by=request.actor, at=at)
    return workbook(content, f"circle15-assessment-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


@reads
@requires(Permission.VIEW_ASSESSMENTS)
def proof(request: StaffRequest) -> HttpResponse:
    """Score the newest sheets of the area again, and check every published result."""
    found = prove(request.actor, most=PROVED_AT_ONCE)
    context = {
        "proof": found,
        "same_sheets": found.sheets - len(found.wrong_sheets),
        "same_results": found.results - len(found.wrong_results),
        "most": PROVED_AT_ONCE,
        "is_cut": PROVED_AT_ONCE in {found.sheets, found.results},
    }
    return render(request, "bureau/campaigns/proof.html", context)


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    form: MarkForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    found = campaign_by_uid(request.actor, uid)
    state = request.GET.get("state", "")
    state = state if state in EntryState.values else ""
    page = _page_of(request, entries_of(request.actor, found, state=state))
    far = progress(request.actor, [found])[found.pk]
    runs = request.actor.can(Permission.RUN_ASSESSMENTS) and request.actor.covers(found.area_path)
    context = {
        "campaign": found,
        "kind": Purpose(found.kind).label,
        "progress": far,
        "states": [(each.value, each.label, far.at(each)) for each in EntryState if far.at(each)],
        "state": state,
        "page": page,
        "rows": [entry_row(entry) for entry in page.object_list],
        "may_freeze": runs and bool(far.at(EntryState.CHOSEN)),
        "may_publish": runs and bool(far.at(EntryState.DECIDED)),
        "mark": (form or _mark_form(found)) if runs and not has_begun(found) else None,
        "refusal": refusal,
        "synthetic": found.is_synthetic,
    }
    return render(request, "bureau/campaigns/campaign.html", context, status=status)


def _mark_form(found: "Campaign") -> MarkForm:
    given = {"pass_mark": found.pass_mark}
    return MarkForm(act="pass_mark", label=_("设定合格线"), initial=given)


def entry_row(entry: "Entry") -> dict[str, Any]:
    """Return a site of a campaign in words."""
    veto = VetoStanding.NONE if entry.vetoed is None else veto_standing(entry.vetoed)
    return {
        "entry": entry,
        "state": EntryState(entry.state).label,
        "tone": TONES.get(EntryState(entry.state), "info"),
        "outcome": Outcome(entry.outcome).label if entry.outcome else "",
        "outcome_tone": OUTCOME_TONES.get(Outcome(entry.outcome), "") if entry.outcome else "",
        "veto": "" if veto == VetoStanding.NONE else veto.label,
    }


def _page_of(request: StaffRequest, rows: Any) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page", "1"))
