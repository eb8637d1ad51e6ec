"""The rounds of an area, one with its applications, and its papers."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.programme.funds.together import money_by_site, money_of
from circle15.programme.rounds import documents
from circle15.programme.rounds.applying import start
from circle15.programme.rounds.county_plans import (
    county_lines,
    judge_plan,
    may_judge,
    may_submit,
    submit_plan,
)
from circle15.programme.rounds.exporting import export_applications
from circle15.programme.rounds.opening import change_round, kinds_for
from circle15.programme.rounds.queries import (
    applications,
    awarded_in,
    by_state,
    kind_of,
    name_of_round,
    placed_count,
    round_by_uid,
    rounds,
    sites_to_apply,
)
from circle15.programme.rounds_states import OPEN, ApplicationState
from circle15.sites.states import SiteKind
from circle15.standards.rounds import round_rules
from circle15.web.bureau.campaigns.forms import ActForm
from circle15.web.bureau.programme.forms import ChangeForm, JudgePlanForm, PlanForm, StartForm
from circle15.web.bureau.programme.shown import application_row, round_row, window
from circle15.web.bureau.scores.exports import TYPES
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.programme.rounds_models import Application, Round

PER_PAGE = 50
_MOST_WAITING = 20


@reads
@requires(Permission.VIEW_PROGRAMME)
def round_list(request: StaffRequest) -> HttpResponse:
    """Show the rounds of the area, and what waits for the reader with its last day."""
    by, today = request.actor, timezone.localdate()
    shown = Paginator(rounds(by), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [round_row(one, today) for one in shown.object_list],
        "waiting": _waiting(request),
        "may_open": bool(kinds_for(by)),
        "synthetic": any(one.is_synthetic for one in shown.object_list),
    }
    return render(request, "bureau/rounds/list.html", context)


def _waiting(request: StaffRequest) -> list[dict[str, Any]]:
    """Return the drafts and returned forms of the reader's sites, with the days that are left."""
    by, today = request.actor, timezone.localdate()
    rows = applications(by).filter(state__in=OPEN)[:_MOST_WAITING]
    found = []
    for one in rows:
        tone, words = window(one.round, today)
        found.append({**application_row(one), "window": words, "window_tone": tone})
    return found


@reads
@requires(Permission.VIEW_PROGRAMME)
def page(request: StaffRequest, round_uid: UUID) -> HttpResponse:
    """Show a round: its days, its conditions, its applications."""
    return _page(request, round_uid)


@writes
@requires(Permission.VIEW_PROGRAMME)
@once
def act(request: StaffRequest, round_uid: UUID, act: str) -> HttpResponse:
    """Start an application, or change the round."""
    one, by, at = round_by_uid(request.actor, round_uid), request.actor, timezone.now()
    form = _asked(request, one, act)
    if not form.is_valid():
        return _page(request, round_uid, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        if act == "start":
            made = start(round_uid=round_uid, code=given["site"], by=by, at=at)
            return HttpResponseRedirect(reverse("application", args=[made.uid]))
        done = _DO[act](given, {"round_uid": round_uid, "by": by, "at": at})
    except (NotFound, NotAllowed):
        raise
    except (Refused, UnsafeFile) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, round_uid, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("round", args=[round_uid]))


def _asked(request: StaffRequest, one: "Round", act: str) -> ActForm:
    """Return the form of an act as it was filled in. Raises Http404 for an act there is not."""
    match act:
        case "start":
            return _start_form(request, one, request.POST)
        case "change":
            return _change(one, request.POST)
        case "plan":
            return _plan_form(request.POST, request.FILES)
        case "judge":
            return _judge_form(request, one, request.POST)
        case _:
            raise Http404


def _do_change(given: Mapping[str, Any], on: Mapping[str, Any]) -> str:
    change_round(
        uid=on["round_uid"],
        closes_on=given["closes_on"],
        quota=given["quota"],
        reason=given["note"],
        by=on["by"],
        at=on["at"],
    )
    return _("轮次已调整。")


def _do_plan(given: Mapping[str, Any], on: Mapping[str, Any]) -> str:
    file = given["file"]
    submit_plan(checked=check_evidence(file.read(), name=file.name or _("未命名")), **on)
    return _("实施方案已报送。")


def _do_judge(given: Mapping[str, Any], on: Mapping[str, Any]) -> str:
    approves = given["verdict"] == "approve"
    judge_plan(plan_uid=UUID(given["plan"]), approves=approves, why=given["note"], **on)
    return _("已同意实施方案。") if approves else _("实施方案已退回修改。")


_DO: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]]] = {
    "change": _do_change,
    "plan": _do_plan,
    "judge": _do_judge,
}


@reads
@requires(Permission.VIEW_PROGRAMME)
def file(request: StaffRequest, round_uid: UUID, paper: str, media: str) -> HttpResponse:
    """Hand out the notice, or the list of awarded sites, as Word or PDF."""
    drawn = {"notice": documents.notice, "awarded": documents.awarded_list}.get(paper)
    writers, today = documents.writers(), timezone.localdate()
    if drawn is None or media not in writers:
        raise Http404
    try:
        official = drawn(uid=round_uid, by=request.actor, today=today)
    except documents.NobodyAwarded as refusal:
        return _page(request, round_uid, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    return handed(writers[media](official), media, f"circle15-round-{paper}-{today:%Y%m%d}.{media}")


@writes
@requires(Permission.VIEW_PROGRAMME)
def export(request: StaffRequest, round_uid: UUID) -> HttpResponse:
    """Hand out the applications of a round as a workbook; it stands on the trail."""
    at = timezone.now()
    content = export_applications(uid=round_uid, by=request.actor, at=at)
    name = f"circle15-applications-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    return handed(content, "xlsx", name)


def handed(content: bytes, form: str, name: str) -> HttpResponse:
    """Return a file of a round; no cache keeps it."""
    reply = HttpResponse(content, content_type=TYPES[form])
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["Cache-Control"] = "private, no-store"
    return reply


def _start_form(request: StaffRequest, one: "Round", data: Any = None) -> StartForm:
    sites = sites_to_apply(request.actor, one).values_list("code", "name")
    is_late = timezone.localdate() > one.closes_on
    label = _("开始申报（已过截止日期，记为逾期）") if is_late else _("开始申报")
    return StartForm(data, sites=list(sites), act="start", label=label)


def _change(one: "Round", data: Any = None) -> ChangeForm:
    initial = {"closes_on": one.closes_on, "quota": one.quota}
    return ChangeForm(data, initial=initial, act="change", label=_("调整截止日期或名额"))


def _plan_form(data: Any = None, files: Any = None) -> PlanForm:
    return PlanForm(data, files, act="plan", label=_("报送本县（市、区）实施方案"))


def _judge_form(request: StaffRequest, one: "Round", data: Any = None) -> JudgePlanForm:
    lines = county_lines(one, request.actor)
    plans = [(str(each.plan.uid), each.name) for each in lines if each.plan and each.waits]
    return JudgePlanForm(data, plans=plans, act="judge", label=_("审核实施方案"))


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    form: ActForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    by, one, today = request.actor, round_by_uid(request.actor, uid), timezone.localdate()
    state = request.GET.get("state", "")
    state = state if state in ApplicationState.values else ""
    everyone = applications(by, one)
    shown = everyone.filter(state=state) if state else everyone
    states = list(everyone.order_by().values_list("state", flat=True))
    paged = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    tone, words = window(one, today)
    known = round_rules().conditions
    context = {
        "round": one,
        "name": name_of_round(one),
        "tone": tone,
        "window": words,
        "sites": _("、").join(str(SiteKind(key).label) for key in kind_of(one).site_kinds),
        "conditions": [said(known[key].name) for key in one.conditions],
        "document": round_rules().document,
        "placed": placed_count(one),
        "forms": _forms(request, one, form),
        "counties": county_lines(one, by),
        "refused": form,
        "refusal": refusal,
        "page": paged,
        **_money(request, one, paged.object_list),
        "all": len(states),
        "state": state,
        "states": [
            (key, str(ApplicationState(key).label), n) for key, n in by_state(states).items()
        ],
        "has_awarded": awarded_in(by, one).exists(),
        "synthetic": one.is_synthetic,
    }
    return render(request, "bureau/rounds/round.html", context, status=status)


def _money(request: StaffRequest, one: "Round", shown: "Iterable[Application]") -> dict[str, Any]:
    """Return the applications as rows, and the money of the round where the reader may see it."""
    by = request.actor
    sees = by.can(Permission.VIEW_FUNDS)
    by_site = money_by_site(by, one) if sees else {}
    rows = [application_row(each) | {"money": by_site.get(each.site.area_path)} for each in shown]
    return {"rows": rows, "money": money_of(by, one) if sees else ()}


def _forms(
    request: StaffRequest,
    one: "Round",
    given: ActForm | None,
) -> list[ActForm]:
    by = request.actor
    found: list[ActForm] = []
    runs = by.can(Permission.RUN_PROGRAMME)
    may_apply = (by.can(Permission.APPLY) or runs) and one.opens_on <= timezone.localdate()
    if may_apply and sites_to_apply(by, one).exists():
        found.append(_start_form(request, one))
    if may_submit(one, by):
        found.append(_plan_form())
    if may_judge(one, by) and any(each.waits for each in county_lines(one, by)):
        found.append(_judge_form(request, one))
    if runs and by.covers(one.area_path):
        found.append(_change(one))
    return [given if given is not None and each.act == given.act else each for each in found]
