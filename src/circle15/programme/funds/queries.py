"""Reads of money: rounds, the overview by place, source and purpose, the journal, movements.

What takes an actor stays in the actor's area.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, QuerySet, Sum, When
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level
from circle15.programme.funds.figures import (
    ALONE,
    ZERO,
    Figures,
    figures_by,
    figures_of,
    parts,
)
from circle15.programme.funds_models import (
    FundAccount,
    FundLine,
    FundLook,
    FundMove,
    FundRound,
    FundRuleBook,
)
from circle15.programme.funds_states import IN_HAND, AnomalyAct, MoveKind, MoveState
from circle15.sites.models import Site

_LEVELS = (Level.CITY, Level.COUNTY, Level.TOWN)


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One place that holds money: a city, a county, a town, or a site (with its code)."""

    path: str
    name: str
    code: str
    budget: Decimal
    figures: Figures
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class PurposeFigures:
    """What was planned and used for a purpose."""

    key: str
    budget: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Overview:
    """A round as far as the reader sees it: in all, by place, by source, by purpose."""

    total: Figures
    budget: Decimal
    by_place: tuple[PlaceFigures, ...]
    by_source: Mapping[str, Figures]
    by_purpose: tuple[PurposeFigures, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which lines of a round: those of a figure, a place, a source, a purpose, between days."""

    figure: str = "left"
    place: str = ""
    source: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line with the balance after it."""

    line: FundLine
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Journal:
    """Lines of a figure between days: opening + sum = closing.

    `lines` may be some of `count`: those before add up with the opening to `brought`.
    """

    opening: Decimal
    lines: tuple[JournalLine, ...]
    closing: Decimal
    count: int
    brought: Decimal

    @property
    def total(self) -> Decimal:
        return self.closing - self.opening

    @property
    def carried(self) -> Decimal:
        """Return the balance after the lines that are here."""
        return self.lines[-1].balance if self.lines else self.brought


def rounds(by: Actor) -> QuerySet[FundRound]:
    """Return the rounds of the actor's area and of those it lies in, the newest first."""
    demand(by, Permission.VIEW_FUNDS)
    above = FundRound.objects.filter(area_path__in=scope.paths_to(by.area_path))
    rows = above | scope.within(FundRound.objects.all(), by.area_path)
    return rows.select_related("applications").order_by("-begins_on", "area_path", "-id")


def round_by_uid(by: Actor, uid: UUID) -> FundRound:
    """Return a round. Raises NotFound, NotAllowed."""
    found = rounds(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def lines_of(by: Actor, of: FundRound) -> QuerySet[FundLine]:
    """Return the lines of a round in the actor's area."""
    demand(by, Permission.VIEW_FUNDS)
    return scope.within(FundLine.objects.filter(account__round=of), by.area_path)


def overview(by: Actor, of: FundRound) -> Overview:
    """Return what came, was handed on, used and is left (7 queries)."""
    lines, tree = lines_of(by, of), parts(by.area_path)
    planned = _budgets(by, of)
    by_path = figures_by(lines, "area_path", ALONE)
    budgets = _sum_by(planned, "area_path")
    used = figures_by(lines, "move__purpose", ALONE)
    wanted = _sum_by(planned, "purpose")
    return Overview(
        total=figures_of(lines, tree),
        budget=sum(budgets.values(), ZERO),
        by_place=_places(by_path, budgets),
        by_source=figures_by(lines, "account__source", tree),
        by_purpose=tuple(
            PurposeFigures(key, wanted.get(key, ZERO), used[key].used if key in used else ZERO)
            for key in sorted({*used, *wanted} - {""})
        ),
    )


def journal(
    by: Actor, of: FundRound, what: Narrowed, *, first: int = 0, most: int | None = None
) -> Journal:
    """Return the lines a figure is made of, in the order they were booked. Raises NotFound.

    `first` lines are left out, and no more than `most` returned; the sums are those of all.
    """
    lines = lines_of(by, of)
    if what.place:
        demand_area(by, what.place)
        lines = lines.filter(area_path=what.place)
    part = (ALONE if what.place else parts(by.area_path)).get(what.figure)
    if part is None:
        raise NotFound
    lines = lines.filter(part.lines)
    if what.source:
        lines = lines.filter(account__source=what.source)
    if what.purpose:
        lines = lines.filter(move__purpose=what.purpose)
    sign = -1 if part.is_turned else 1
    opening = ZERO
    if what.since:
        opening = sign * _sum(lines.filter(booked_on__lt=what.since))
        lines = lines.filter(booked_on__gte=what.since)
    if what.until:
        lines = lines.filter(booked_on__lte=what.until)
    return _run(lines.order_by("booked_on", "id"), opening, sign, first=first, most=most)


def _run(
    lines: QuerySet[FundLine], opening: Decimal, sign: int, *, first: int, most: int | None
) -> Journal:
    found: list[JournalLine] = []
    brought = balance = opening + (sign * _sum(lines[:first]) if first else ZERO)
    rows = lines.select_related("account__site", "move__site", "move__reverses")
    for line in rows[first : None if most is None else first + most]:
        balance += sign * line.amount
        found.append(JournalLine(line, sign * line.amount, balance))
    closing = opening + sign * _sum(lines)
    return Journal(opening, tuple(found), closing, lines.count(), brought)


def _sum(lines: QuerySet[FundLine]) -> Decimal:
    return lines.aggregate(n=Sum("amount"))["n"] or ZERO


def moves(by: Actor, of: FundRound | None = None, *, state: str = "") -> QuerySet[FundMove]:
    """Return the movements of the actor's area: what waits first, then the newest."""
    demand(by, Permission.VIEW_FUNDS)
    rows = scope.within(FundMove.objects.all(), by.area_path)
    if of is not None:
        rows = rows.filter(round=of)
    if state:
        rows = rows.filter(state=state)
    waits = Case(When(state=MoveState.PROPOSED, then=0), default=1)
    return rows.select_related("site", "round").order_by(waits, "-id")


def move_by_uid(by: Actor, uid: UUID) -> FundMove:
    """Return a movement of the actor's area with its paper and lines. Raises NotFound."""
    rows = moves(by).select_related("site", "round", "evidence", "reverses__site")
    found = rows.prefetch_related("lines__account", "reversals").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def budget_moves(by: Actor, of: FundRound, *, place: str = "", purpose: str = "") -> list[FundMove]:
    """Return the approved budget papers a sum is made of, the oldest first."""
    rows = _budgets(by, of).select_related("site")
    if place:
        demand_area(by, place)
        rows = rows.filter(area_path=place)
    if purpose:
        rows = rows.filter(purpose=purpose)
    return list(rows.order_by("id"))


def places(by: Actor, of: FundRound) -> tuple[tuple[str, str], ...]:
    """Return who may hold money in the actor's part of a round: path and name."""
    inside = max(by.area_path, of.area_path, key=len)
    areas = Division.objects.filter(path__startswith=inside, level__in=_LEVELS)
    sites = scope.within(Site.objects.all(), inside).order_by("sort_key", "id")
    return (
        *areas.order_by("path").values_list("path", "name"),
        *sites.values_list("area_path", "name"),
    )


def hands_above(by: Actor, of: FundRound) -> tuple[tuple[str, str], ...]:
    """Return the areas money may be returned to: the actor's own, and those it lies in."""
    paths = [path for path in scope.paths_to(by.area_path) if path.startswith(of.area_path)]
    areas = Division.objects.filter(path__in=paths, level__in=_LEVELS).order_by("-path")
    return tuple(areas.values_list("path", "name"))


def in_hand(by: Actor, of: FundRound) -> tuple[FundAccount, ...]:
    """Return what the actor's own area or site has in hand, by source."""
    rows = FundAccount.objects.filter(
        round=of, area_path=by.area_path, kind__in=sorted(IN_HAND), balance__gt=0
    )
    return tuple(rows.order_by("source", "id"))


def names_of(paths: Iterable[str]) -> dict[str, str]:
    """Return the names of areas and sites by path (2 queries)."""
    wanted = {path for path in paths if path}
    if not wanted:
        return {}
    areas = dict(Division.objects.filter(path__in=wanted).values_list("path", "name"))
    sites = Site.objects.filter(area_path__in=wanted).values_list("area_path", "name")
    return areas | dict(sites)


def rule_books(by: Actor) -> QuerySet[FundRuleBook]:
    """Return the rules for the use of money that hold in the actor's area or a part of it."""
    demand(by, Permission.VIEW_FUNDS)
    above = FundRuleBook.objects.filter(area_path__in=scope.paths_to(by.area_path))
    rows = above | scope.within(FundRuleBook.objects.all(), by.area_path)
    # Not joined: the file of an area above is hidden from those below, the document is not.
    return rows.prefetch_related("evidence").order_by("area_path", "-since", "-id")


def forwarded_for(site_code: str, *, since: date) -> tuple[FundLook, ...]:
    """Return the anomalies of a site that were handed on as cases of a veto, the newest first.

    The caller has shown that the site may be seen.
    """
    with area_scope(EVERYWHERE):
        rows = FundLook.objects.filter(site_codes__contains=[site_code]).order_by("key", "-id")
        last = rows.distinct("key")
        found = [row for row in last if row.act == AnomalyAct.FORWARD]
    kept = [row for row in found if timezone.localdate(row.said_at) >= since]
    return tuple(sorted(kept, key=lambda row: -row.pk))


def _budgets(by: Actor, of: FundRound) -> QuerySet[FundMove]:
    rows = FundMove.objects.filter(
        round=of, counts_as=MoveKind.BUDGET, state=MoveState.APPROVED
    ).annotate(signed=Case(When(kind=MoveKind.REVERSAL, then=-F("amount")), default=F("amount")))
    return scope.within(rows, by.area_path)


def _sum_by(rows: QuerySet[FundMove], field: str) -> dict[str, Decimal]:
    found = rows.values_list(field).annotate(n=Sum("signed")).order_by(field)
    return {key: amount or ZERO for key, amount in found}


def _places(
    by_path: Mapping[str, Figures], budgets: Mapping[str, Decimal]
) -> tuple[PlaceFigures, ...]:
    paths = sorted({*by_path, *budgets})
    sites = {row.area_path: row for row in Site.objects.filter(area_path__in=paths)}
    names = dict(Division.objects.filter(path__in=paths).values_list("path", "name"))
    return tuple(
        PlaceFigures(
            path=path,
            name=sites[path].name if path in sites else names.get(path, path),
            code=sites[path].code if path in sites else "",
            budget=budgets.get(path, ZERO),
            figures=by_path.get(path, Figures()),
            is_synthetic=path in sites and sites[path].is_synthetic,
        )
        for path in paths
    )
