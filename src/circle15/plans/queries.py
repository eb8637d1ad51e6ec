"""Reads of networks and plans, always within the actor's area."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.plans.models import Plan, RoadNetwork
from circle15.plans.refusals import NoNetwork
from circle15.plans.states import PlanKind, PlanState

_HEAVY = ("inputs", "result")
COMPARABLE = (PlanKind.COVERAGE, PlanKind.SITING)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of two plans side by side; shares are None where nobody lives."""

    label: str
    people: float
    covered: tuple[float, float]
    share: tuple[float | None, float | None]

    @property
    def gained(self) -> float:
        """People the second covers more (or, below 0, fewer)."""
        return self.covered[1] - self.covered[0]


def network_for(area_path: str) -> RoadNetwork:
    """Return the newest road network of an area, of what it lies in, or else of a part of it.

    Raises NoNetwork.
    """
    rows = list(_networks_near(area_path))
    above = [row for row in rows if area_path.startswith(row.division.path)]
    if not rows or not area_path:
        raise NoNetwork
    return max(above or rows, key=lambda row: (row.division.path, row.added_at, row.pk))


def planned_area(network: RoadNetwork, area_path: str) -> str:
    """Return the path a plan is about: the actor's area, as far as there are roads for it."""
    inner = network.division.path
    return inner if inner.startswith(area_path) else area_path


def _networks_near(area_path: str) -> QuerySet[RoadNetwork]:
    codes = area_path.strip("/").split("/")
    near = Q(division__path__startswith=area_path) | Q(division__code__in=codes)
    return RoadNetwork.objects.filter(near).select_related("division")


def networks_in_order(actor: Actor) -> QuerySet[RoadNetwork]:
    """Return the networks of the actor's area and around it, newest first."""
    _demand_view(actor)
    return _networks_near(actor.area_path).order_by("-added_at", "-id")


def plans_in_order(actor: Actor, kind: str = "") -> QuerySet[Plan]:
    """Return the plans of the actor's area, newest first, without their inputs and answers."""
    _demand_view(actor)
    rows = scope.within(Plan.objects.all(), actor.area_path).defer(*_HEAVY)
    return (rows.filter(kind=kind) if kind else rows).order_by("-asked_at", "-id")


def plan_by_uid(actor: Actor, uid: UUID) -> Plan:
    """Return a plan of the actor's area; raises NotAllowed, NotFound."""
    _demand_view(actor)
    rows = scope.within(Plan.objects.select_related("network"), actor.area_path)
    plan = rows.filter(uid=uid).first()
    if plan is None:
        raise NotFound
    return plan


def plans_to_compare(actor: Actor) -> QuerySet[Plan]:
    """Return the finished plans that say who is covered: coverages, and sitings as proposed."""
    return plans_in_order(actor).filter(state=PlanState.DONE, kind__in=COMPARABLE)


def comparable(actor: Actor, plan: Plan) -> QuerySet[Plan]:
    """Return what a plan can be set beside."""
    return plans_to_compare(actor).exclude(pk=plan.pk)


def is_comparable(plan: Plan) -> bool:
    """Tell whether a plan says who is covered."""
    return plan.state == PlanState.DONE and plan.kind in COMPARABLE


def differences(first: Mapping[str, object], second: Mapping[str, object]) -> list[Difference]:
    """Set two answers side by side, the whole first, then every area either names."""
    rows = [_difference("", first, second)]
    for name in dict.fromkeys((*_by(first), *_by(second))):
        before, after = _areas(first, name), _areas(second, name)
        rows += [
            _difference(label, before.get(label, {}), after.get(label, {}))
            for label in dict.fromkeys((*before, *after))
        ]
    return rows


def _difference(
    label: str, first: Mapping[str, object], second: Mapping[str, object]
) -> Difference:
    return Difference(
        label=label,
        people=_number(second.get("people", first.get("people"))),
        covered=(_number(first.get("covered")), _number(second.get("covered"))),
        share=(_share(first.get("share")), _share(second.get("share"))),
    )


def _by(answer: Mapping[str, object]) -> Mapping[str, list[dict[str, object]]]:
    found = answer.get("by", {})  # sitings asked long ago have none
    assert isinstance(found, dict)
    return found


def _areas(answer: Mapping[str, object], name: str) -> dict[str, dict[str, object]]:
    return {str(row["label"]): row for row in _by(answer).get(name, [])}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _demand_view(actor: Actor) -> None:
    if not actor.can(Permission.VIEW_PLANS):
        raise NotAllowed
