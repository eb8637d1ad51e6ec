"""Ask for a plan, stop it, take it up again; take a road network into use."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.audit.actions import record
from circle15.planning.network.model import Network
from circle15.planning.problems import PlanningRefused
from circle15.plans.files import keep_network
from circle15.plans.inputs import Inputs, digest, inputs_to_json
from circle15.plans.models import Plan, RoadNetwork
from circle15.plans.queries import network_for, planned_area
from circle15.plans.questions import (
    changed_sites,
    coverage_question,
    demand_staffing,
    of_kinds,
)
from circle15.plans.refusals import CannotPlan, NoStartPoints, NotInThisState
from circle15.plans.register import inputs_for
from circle15.plans.states import TRANSITIONS, PlanKind, PlanState
from circle15.plans.wishes import levels_wish, siting_wish, supply_wish

SUPPLIED = {PlanKind.ACCESS, PlanKind.CAPACITY}
"""Kinds of plans that count windows and staff."""


# Clauses: D-11, D-54, W-53
@transaction.atomic
def ask(*, kind: str, title: str, question: Mapping[str, Any], by: Actor, at: datetime) -> Plan:
    """Freeze people and sites as they are now and queue the run.

    Raises NotAllowed, NoNetwork, NoStartPoints, and CannotPlan with all that is wrong at once.
    """
    _demand_maker(by)
    network = network_for(by.area_path)
    area_path = planned_area(network, by.area_path)
    inputs = inputs_for(area_path, served_on=timezone.localdate(at) if kind in SUPPLIED else None)
    if not len(inputs.demand.points):
        raise NoStartPoints
    _check(kind, question, inputs)
    frozen = inputs_to_json(inputs)
    plan = Plan(
        title=title[:120],
        kind=PlanKind(kind),
        network=network,
        question=dict(question),
        inputs=frozen,
        inputs_digest=digest([frozen, network.digest]),
        area_path=area_path,
        asked_at=at,
        asked_by=by.name[:80],
        asked_by_id=by.user_id,
        is_synthetic=network.is_synthetic,
    )
    plan.save(force_insert=True)
    _tell(plan, "plan.ask", by, at)
    return plan


@transaction.atomic
def cancel(*, uid: UUID, by: Actor, at: datetime) -> Plan:
    """Stop a run: at once while it waits, at its next look up while it works.

    Raises NotAllowed, NotFound, NotInThisState.
    """
    _demand_maker(by)
    plan = _locked(uid, by)
    _demand_step(plan, PlanState.CANCELLED)
    if plan.state == PlanState.WAITING:
        plan.state, plan.ended_at = PlanState.CANCELLED, at
    plan.cancel_asked = True
    plan.save(update_fields=["state", "ended_at", "cancel_asked"])
    _tell(plan, "plan.cancel", by, at)
    return plan


@transaction.atomic
def again(*, uid: UUID, by: Actor, at: datetime) -> Plan:
    """Queue a failed or cancelled run once more, on the inputs it was asked with.

    Raises NotAllowed, NotFound, NotInThisState.
    """
    _demand_maker(by)
    plan = _locked(uid, by)
    _demand_step(plan, PlanState.WAITING)
    if plan.state == PlanState.WORKING:
        raise NotInThisState(plan.get_state_display())
    plan.state, plan.cancel_asked, plan.attempts = PlanState.WAITING, False, 0
    plan.problems, plan.done, plan.todo = [], 0, 0
    plan.started_at = plan.ended_at = None
    plan.save()
    _tell(plan, "plan.again", by, at)
    return plan


@transaction.atomic
def install_network(  # noqa: PLR0913 -- a file and whose roads it holds
    *,
    network: Network,
    name: str,
    division_code: str,
    is_synthetic: bool,
    by: Actor,
    at: datetime,
) -> RoadNetwork:
    """Take a road network into use for a division and all in it; the same file once only.

    Raises NotAllowed, NotFound.
    """
    _demand_maker(by)
    division = Division.objects.filter(code=division_code).first()
    if division is None or not by.covers(division.path):
        raise NotFound
    file_digest, size = keep_network(network)
    installed, is_new = RoadNetwork.objects.get_or_create(
        division=division,
        digest=file_digest,
        defaults={
            "name": name[:120],
            "size": size,
            "node_count": network.node_count,
            "arc_count": network.arc_count,
            "modes": list(network.modes()),
            "source": dict(network.source),
            "is_synthetic": is_synthetic,
            "added_at": at,
            "added_by": by.name[:80],
        },
    )
    if is_new:
        record(
            who=by.who,
            verb="network.install",
            target_kind="network",
            target_id=installed.pk,
            area_path=division.path,
            at=at,
            new={"name": name, "digest": file_digest, "nodes": network.node_count},
        )
    return installed


def _check(kind: str, question: Mapping[str, Any], inputs: Inputs) -> None:
    """Refuse a question nobody can answer while whoever asked still looks at the form."""
    sites = inputs.sites
    try:
        match kind:
            case PlanKind.COVERAGE:
                coverage_question(question)
                changed_sites(sites, question)
            case PlanKind.SITING:
                siting_wish(question, inputs.demand.points.id, sites.labels["kind"])
            case PlanKind.STAFFING:
                demand_staffing(question, sites)
            case PlanKind.REFERRAL:
                levels_wish(question, sites)
            case _:
                counted = of_kinds(sites, tuple(question.get("site_kinds", ())))
                supply_wish(question, counted, needs_each=kind == PlanKind.CAPACITY)
    except PlanningRefused as refused:
        raise CannotPlan(refused) from None


def _demand_maker(by: Actor) -> None:
    if not by.can(Permission.MAKE_PLANS) or not by.area_path:
        raise NotAllowed


def _demand_step(plan: Plan, to: PlanState) -> None:
    if to not in TRANSITIONS[plan.state] or (plan.cancel_asked and to == PlanState.CANCELLED):
        raise NotInThisState(plan.get_state_display())


def _locked(uid: UUID, by: Actor) -> Plan:
    rows = scope.within(Plan.objects.select_for_update(), by.area_path)
    plan = rows.filter(uid=uid).first()
    if plan is None:
        raise NotFound
    return plan


def _tell(plan: Plan, verb: str, by: Actor, at: datetime) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="plan",
        target_id=str(plan.uid),
        area_path=plan.area_path,
        at=at,
        new={"kind": plan.kind, "title": plan.title, "inputs": plan.inputs_digest},
    )
