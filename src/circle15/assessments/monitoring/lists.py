"""Warnings and orders as lists and pages show them, always within the actor's area."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, F, Prefetch, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.monitoring.refusals import NotTheSame, NotYours, WrongState
from circle15.assessments.monitoring.supervising import move_of
from circle15.assessments.monitoring_models import (
    EarlyWarning,
    SupervisionOrder,
    SupervisionSpan,
)
from circle15.assessments.monitoring_states import (
    STANDING,
    SUPERVISION_TRANSITIONS,
    UNDER_WAY,
    SupervisionState,
    SupervisionStep,
)
from circle15.sites.models import Site

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class WarningFilter:
    """Which warnings; empty values do not narrow, but without a state only standing ones show."""

    area_path: str = ""
    kind: str = ""
    book: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with its rows, and what the actor may do with it now."""

    order: SupervisionOrder
    spans: tuple[SupervisionSpan, ...]
    may: frozenset[SupervisionStep]


def warnings(by: Actor, what: WarningFilter = WarningFilter()) -> QuerySet[EarlyWarning]:
    """Return warnings, those that suggest a veto first, then by the points at stake.

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_MONITORING)
    rows = scope.within(EarlyWarning.objects.select_related("site"), by.area_path)
    rows = rows.filter(state=what.state) if what.state else rows.filter(state__in=STANDING)
    if what.area_path:
        rows = rows.filter(area_path__startswith=what.area_path)
    if what.kind:
        rows = rows.filter(kind=what.kind)
    if what.book:
        rows = rows.filter(stakes__has_key=what.book)
    return rows.order_by("-veto", "-points", "found_on", "id")


def open_warnings(by: Actor, *, area_path: str = "") -> int:
    """Return how many warnings stand in an area: the number of the board and of the list."""
    return warnings(by, WarningFilter(area_path=area_path)).count()


def open_by_kind(by: Actor, what: WarningFilter = WarningFilter()) -> Mapping[str, int]:
    """Return how many there are of each kind."""
    counts = warnings(by, what).order_by().values_list("kind").annotate(n=Count("pk"))
    return Counter(dict(counts))


def warnings_of(site: Site, *, gone: int = 5) -> tuple[EarlyWarning, ...]:
    """Return the warnings of a site: all that stand, and the last that are gone."""
    rows = EarlyWarning.objects.filter(site=site).prefetch_related(_UNDER_WAY, "spans")
    standing = rows.filter(state__in=STANDING).order_by("-veto", "-points", "id")
    over = rows.exclude(state__in=STANDING).order_by("-gone_on", "-id")
    return (*standing, *over[:gone])


_UNDER_WAY = Prefetch(
    "orders",
    SupervisionOrder.objects.filter(state__in=UNDER_WAY).order_by("id"),
    to_attr="under_way",
)


def warning_by_uid(by: Actor, uid: UUID) -> EarlyWarning:
    """Return a warning of the actor's area. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_MONITORING)
    rows = scope.within(EarlyWarning.objects.select_related("site"), by.area_path)
    return _one(rows.filter(uid=uid).first())


def supervision_orders(
    by: Actor, *, state: str = "", area_path: str = "", is_over: bool = False
) -> QuerySet[SupervisionOrder]:
    """Return orders under way by their day, or those that are over, the newest first."""
    demand(by, Permission.VIEW_MONITORING)
    rows = scope.within(SupervisionOrder.objects.select_related("site", "warning"), by.area_path)
    if area_path:
        rows = rows.filter(area_path__startswith=area_path)
    if state:
        return rows.filter(state=state).order_by(F("due_on").asc(nulls_last=True), "id")
    if is_over:
        return rows.exclude(state__in=UNDER_WAY).order_by("-closed_at", "-id")
    return rows.filter(state__in=UNDER_WAY).order_by(F("due_on").asc(nulls_last=True), "id")


def orders_under_way(by: Actor) -> int:
    """Return how many orders are under way: the number of the board and of the list."""
    return supervision_orders(by).count()


def orders_of(site: Site) -> tuple[SupervisionOrder, ...]:
    """Return the orders of a site, the newest first."""
    return tuple(SupervisionOrder.objects.filter(site=site).order_by("-id")[:20])


def supervision_view(uid: UUID, *, by: Actor) -> OrderView:
    """Return one order. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_MONITORING)
    rows = SupervisionOrder.objects.select_related("site", "warning")
    order = _one(scope.within(rows, by.area_path).filter(uid=uid).first())
    spans = order.spans.select_related("evidence").order_by("id")
    return OrderView(order, tuple(spans), _may(order, by))


def _may(order: SupervisionOrder, by: Actor) -> frozenset[SupervisionStep]:
    steps = SUPERVISION_TRANSITIONS[SupervisionState(order.state)]
    return frozenset(step for step in steps if _can(order, step, by))


def _can(order: SupervisionOrder, step: SupervisionStep, by: Actor) -> bool:
    try:
        move_of(order, step, by)
    except (NotTheSame, NotYours, WrongState):
        return False
    return True


def _one(found: Row | None) -> Row:
    if found is None:
        raise NotFound
    return found
