"""Duties of an area as they stand on a day: lists, counts by who owes them, one with its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import get_language

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Organisation
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.core.deadlines import standard_reckoner
from circle15.ledger.models import Evidence
from circle15.programme.duties.parties import Standpoint
from circle15.programme.duties_models import Assignment, Duty, DutyWord, TaskForce
from circle15.programme.duties_states import AssignmentState, Standing
from circle15.standards.duties import duty_rules

_ORDER = Case(
    *(
        When(state=state, then=Value(place))
        for place, state in enumerate((AssignmentState.GIVEN, AssignmentState.REPORTED))
    ),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a list is narrowed to: open, mine, overdue, soon, reported, done, or all of them."""

    which: str = "open"
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What one agency or town owes, counted; `overdue` is past its day and not reported."""

    owner: str
    total: int
    confirmed: int
    reported: int
    given: int
    overdue: int
    soon: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of an area with a line for each that owes something."""

    on: date
    whole: Line
    lines: tuple[Line, ...]
    is_synthetic: bool


def soon_until(on: date) -> date:
    """Return the day up to which something is due soon."""
    return standard_reckoner().due(on, duty_rules().soon_days)


def standing_of(one: Assignment, on: date) -> Standing:
    """Tell how an assignment stands on a day."""
    if one.state != AssignmentState.GIVEN:
        return Standing(one.state)
    if one.due_on < on:
        return Standing.OVERDUE
    if one.due_on <= soon_until(on):
        return Standing.SOON
    return Standing.RETURNED if one.returned else Standing.GIVEN


def visible(by: Actor) -> QuerySet[Assignment]:
    """Return the assignments of an area. Raises NotAllowed."""
    demand(by, Permission.VIEW_PROGRAMME)
    return scope.within(Assignment.objects.all(), by.area_path)


def assignments(at: Standpoint, found: Found, *, on: date) -> QuerySet[Assignment]:
    """Return what a list shows: what is open first, then by day."""
    rows = visible(at.by).select_related("duty", "member")
    if found.area_path:
        rows = rows.filter(area_path__startswith=found.area_path)
    rows = rows.filter(_narrowing(found.which, at, on))
    rows = rows.annotate(
        below=Count("children"),
        below_done=Count("children", filter=Q(children__state=AssignmentState.CONFIRMED)),
    )
    return rows.order_by(_ORDER, "due_on", "id")


def _narrowing(which: str, at: Standpoint, on: date) -> Q:
    is_given = Q(state=AssignmentState.GIVEN)
    is_open = Q(state__in=(AssignmentState.GIVEN, AssignmentState.REPORTED))
    lists = {
        "all": Q(),
        "mine": _mine(at) & is_open,
        "overdue": is_given & Q(due_on__lt=on),
        "soon": is_given & Q(due_on__gte=on, due_on__lte=soon_until(on)),
        "reported": Q(state=AssignmentState.REPORTED),
        "done": Q(state=AssignmentState.CONFIRMED),
    }
    return lists.get(which, is_open)


def _mine(at: Standpoint) -> Q:
    """Return what the actor's own place owes: the area itself, or the agency."""
    own = Q(member=None) | Q(member__organisation__in=at.organisation_ids)
    return Q(area_path=at.by.area_path) & own


# Clauses: Q-62
def figures(by: Actor, *, on: date) -> Figures:
    """Count what an area owes on a day: the page and the notice tell the same numbers."""
    is_open = Q(state=AssignmentState.GIVEN)
    counts = {
        "total": Count("id"),
        "confirmed": Count("id", filter=Q(state=AssignmentState.CONFIRMED)),
        "reported": Count("id", filter=Q(state=AssignmentState.REPORTED)),
        "given": Count("id", filter=is_open),
        "overdue": Count("id", filter=is_open & Q(due_on__lt=on)),
        "soon": Count("id", filter=is_open & Q(due_on__gte=on, due_on__lte=soon_until(on))),
        "late": Count("id", filter=_late_reports()),
        "made_up": Count("id", filter=Q(is_synthetic=True)),
    }
    rows = visible(by).exclude(state=AssignmentState.WITHDRAWN)
    grouped = rows.values("area_path", "member_id", "owner_name").annotate(**counts)
    found: list[dict[str, Any]] = [dict(row) for row in grouped.order_by("area_path", "member_id")]
    lines = tuple(_line(row["owner_name"], row) for row in found)
    whole = Line("", *(sum(getattr(each, name) for each in lines) for name in _COUNTED))
    return Figures(on, whole, lines, any(row["made_up"] for row in found))


_COUNTED = ("total", "confirmed", "reported", "given", "overdue", "soon", "late")


def _late_reports() -> Q:
    """Return what was reported, and after its day."""
    return Q(reported_on__gt=F("due_on"))


def _line(owner: str, row: Mapping[str, Any]) -> Line:
    return Line(owner, *(row[name] for name in _COUNTED))


def overdue(by: Actor, *, on: date) -> list[Assignment]:
    """Return everything past its day and not reported, the oldest day first."""
    rows = visible(by).filter(state=AssignmentState.GIVEN, due_on__lt=on)
    return list(rows.select_related("duty").order_by("due_on", "id"))


def assignment_by_uid(by: Actor, uid: UUID) -> Assignment:
    """Return one assignment. Raises NotFound, NotAllowed."""
    found = visible(by).select_related("duty", "member", "parent").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def words_of(one: Assignment) -> Iterable[DutyWord]:
    """Return what was said of an assignment, in its order."""
    return one.words.select_related("evidence").order_by("id")


def children_of(one: Assignment) -> QuerySet[Assignment]:
    """Return what it was passed on as."""
    return one.children.select_related("duty", "member").order_by(_ORDER, "due_on", "id")


def force_of(by: Actor) -> TaskForce | None:
    """Return the task force of the actor's own area, with its members."""
    rows = TaskForce.objects.filter(area_path=by.area_path)
    return rows.prefetch_related("members__organisation").first()


def organisations_in(by: Actor) -> list[tuple[int, str]]:
    """Return the organisations of the actor's area that have no smaller one."""
    rows = scope.within(Organisation.objects.all(), by.area_path).filter(area_path=by.area_path)
    return list(rows.order_by("sort_key", "id").values_list("id", "name"))


def file_of(by: Actor, evidence_id: int) -> Evidence:
    """Return a file that was added to an assignment of the area. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_PROGRAMME)
    rows = scope.within(DutyWord.objects.select_related("evidence"), by.area_path)
    found = rows.filter(evidence_id=evidence_id).first()
    if found is None or found.evidence is None:
        raise NotFound
    return found.evidence


def name_of(duty: Duty) -> str:
    """Return a duty's name in the reader's language; an own one as it was written."""
    template, _colon, rest = duty.origin.partition(":")
    chosen = duty_rules().templates.get(template)
    key = rest.rpartition(":")[0]
    named = next((each.name for each in chosen.duties if each.key == key), None) if chosen else None
    return named.in_language(get_language() or "") if named else duty.name


def owner_of(one: Assignment) -> str:
    """Return who owes it in the reader's language: an agency of the rules, or an area's name."""
    named = duty_rules().agencies.get(one.member.key) if one.member else None
    return named.in_language(get_language() or "") if named else one.owner_name
