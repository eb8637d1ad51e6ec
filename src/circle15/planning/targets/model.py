"""A target, what it is measured on, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from circle15.standards.targets import Metric, TargetTemplate, target_rules
from circle15.standards.text import Text


class Force(StrEnum):
    """How binding a target is: 确保 or 力争."""

    HARD = "hard"
    SOFT = "soft"


class MeasureKind(StrEnum):
    """What is counted: sites; towns or divisions that have some; people within the minutes."""

    SITES = "sites"
    TOWNS_WITH_SITE = "towns_with_site"
    DIVISIONS_WITH_SITE = "divisions_with_site"
    PEOPLE_WITHIN = "people_within"


class Standing(StrEnum):
    """How a target stands on a day: `late` is past its date and not met."""

    MET = "met"
    OPEN = "open"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Measure:
    """A count of kinds of sites (each division needs `at_least`), or a share of people."""

    kind: MeasureKind
    at_least: int
    kinds: frozenset[str] = frozenset()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One dated target with the document and the clause it comes from; `due` None: no date."""

    id: str
    document: str
    clause: str
    name: Text
    measure: Measure
    due: date | None
    force: Force


@dataclass(frozen=True, slots=True)
class PlacedSite:
    """A running site as targets count it: its kind, its town, its division (town or village)."""

    kind: str
    town: str
    division: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the targets are measured on: sites, towns and villages that count, shares of people.

    `towns`, `villages`: codes with inhabitants, placeholders left out. `within`: share of people
    by minutes, as the coverage of the plan found it.
    """

    sites: tuple[PlacedSite, ...]
    towns: frozenset[str]
    villages: frozenset[str]
    within: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """Done out of needed (counts, or a share of people out of 1), and what still lacks."""

    target: Target
    done: float
    needed: float
    standing: Standing
    lacking: tuple[str, ...]


@cache
def targets() -> tuple[Target, ...]:
    """Return the documents' targets that can be counted from kinds of sites alone."""
    rules = target_rules()
    metrics = ((each, rules.metrics[each.metric]) for each in rules.templates.values())
    return tuple(_target(template, metric) for template, metric in metrics if metric.plan)


def progress(target: Target, ground: Ground, *, on: date) -> Progress | None:
    """Measure a target on a day; None where the ground does not hold what it needs."""
    match target.measure.kind:
        case MeasureKind.SITES:
            done = sum(site.kind in target.measure.kinds for site in ground.sites)
            return _stands(target, done, target.measure.at_least, (), on)
        case MeasureKind.TOWNS_WITH_SITE:
            return _by_division(
                target, ground.towns, [site.town for site in _fit(target, ground)], on
            )
        case MeasureKind.DIVISIONS_WITH_SITE:
            places = ground.towns | ground.villages
            return _by_division(
                target, places, [site.division for site in _fit(target, ground)], on
            )
        case MeasureKind.PEOPLE_WITHIN:
            share = ground.within.get(target.measure.minutes or 0)
            return None if share is None else _stands(target, share, 1, (), on)


def _fit(target: Target, ground: Ground) -> list[PlacedSite]:
    return [site for site in ground.sites if site.kind in target.measure.kinds]


def _by_division(target: Target, places: frozenset[str], held: list[str], on: date) -> Progress:
    lacking = sorted(place for place in places if held.count(place) < target.measure.at_least)
    return _stands(target, len(places) - len(lacking), len(places), tuple(lacking), on)


def _stands(
    target: Target, done: float, needed: float, lacking: tuple[str, ...], on: date
) -> Progress:
    if done >= needed:
        standing = Standing.MET
    else:
        is_late = target.due is not None and on > target.due
        standing = Standing.LATE if is_late else Standing.OPEN
    return Progress(target, done, needed, standing, lacking)


def _target(template: TargetTemplate, metric: Metric) -> Target:
    is_counted = metric.plan == MeasureKind.SITES and template.value is not None
    return Target(
        id=template.id,
        document=template.document,
        clause=template.clause,
        name=template.name,
        measure=Measure(
            kind=MeasureKind(metric.plan),
            at_least=int(template.value or 0) if is_counted else 1,
            kinds=frozenset(metric.kinds),
            minutes=metric.minutes,
        ),
        due=template.due,
        force=Force(template.force),
    )
