"""What is found wrong with a site, and what of it the facts of the day show by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from circle15.assessments.collect import Collected, Collection
from circle15.assessments.editions import Applicable
from circle15.ledger.states import Source
from circle15.standards.early_warnings import (
    DOCUMENTS,
    EQUIPMENT,
    LATE_REPORTS,
    SLOW,
    TRAINING,
    warning_kinds,
)
from circle15.standards.model import Edition
from circle15.standards.rules import PerShortfall, Requirement, Rule

SESSIONS = "train.sessions_this_year"
_ABOVE = (SLOW, LATE_REPORTS)


@dataclass(frozen=True, slots=True)
class Found:
    """A cause of a warning at a site on a day.

    `object` tells several of a kind apart (a device, a report), `label` names it; `facts` are
    those it lists beside the facts of its kind.
    """

    site_id: int
    kind: str
    value: Decimal
    object: str = ""
    label: str = ""
    facts: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str, str]:
        return self.site_id, self.kind, self.object


def found_in_facts(
    site_id: int, known: Collection, judged: Sequence[Applicable], *, on: date
) -> Iterator[Found]:
    """Give what the facts of a site show under the books that judge it."""
    asked = frozenset(
        name for each in judged for name in asked_facts(each.edition, each.profile.id)
    )
    for key in _ABOVE:
        yield from _above(site_id, key, known, asked)
    bound = frozenset(
        name for each in judged for name in bound_facts(each.edition, each.profile.id)
    )
    yield from _listed(site_id, EQUIPMENT, _missing(known, bound))
    yield from _out_of_date(site_id, known, bound, on)
    yield from _training(site_id, known, judged, on)


@lru_cache(maxsize=64)
def asked_facts(edition: Edition, profile: str) -> frozenset[str]:
    """Return the facts the rules of a profile ask for."""
    return frozenset(name for rule in _rules(edition, profile) for name in rule.facts)


@lru_cache(maxsize=64)
def bound_facts(edition: Edition, profile: str) -> frozenset[str]:
    """Return the facts of the rules that bind: what a site merely should have costs nobody."""
    binding = (
        rule
        for rule in _rules(edition, profile)
        if not isinstance(rule, Requirement) or rule.is_binding
    )
    return frozenset(name for rule in binding for name in rule.facts)


def _rules(edition: Edition, profile: str) -> Iterator[Rule]:
    return (rule for each in edition.clauses_for(profile) for rule in each.rules)


def _above(site_id: int, key: str, known: Collection, asked: frozenset[str]) -> Iterator[Found]:
    kind = warning_kinds()[key]
    for name in kind.facts:
        value = known[name].value if name in known and name in asked else None
        if value is not None and not isinstance(value, bool) and value > kind.above:
            yield Found(site_id, key, Decimal(value))


def _missing(known: Mapping[str, Collected], bound: frozenset[str]) -> tuple[str, ...]:
    """Name the equipment the rules ask for and the register or an inspector did not find."""
    names = sorted(name for name in bound if name.startswith("eq.") and name in known)
    return tuple(name for name in names if not known[name].value)


def _listed(site_id: int, key: str, names: tuple[str, ...]) -> Iterator[Found]:
    if len(names) > warning_kinds()[key].above:
        yield Found(site_id, key, Decimal(len(names)), facts=names)


def _out_of_date(
    site_id: int, known: Collection, bound: frozenset[str], on: date
) -> Iterator[Found]:
    """List the documents that earn points and are older than such a document may be."""
    kind = warning_kinds()[DOCUMENTS]
    ages = {
        name: (on - each.observed_on).days
        for name in kind.among
        if name in bound
        and (each := known.get(name))
        and each.origin == Source.DOCUMENT
        and each.observed_on
        and each.value
    }
    names = tuple(sorted(name for name, age in ages.items() if age > kind.above))
    if names:
        yield Found(site_id, DOCUMENTS, Decimal(max(ages[name] for name in names)), facts=names)


def _training(
    site_id: int, known: Collection, judged: Sequence[Applicable], on: date
) -> Iterator[Found]:
    """Compare the trainings of the year with the part of them due by today."""
    held = known[SESSIONS].value if SESSIONS in known else None
    wanted = max((_sessions(each.edition, each.profile.id) for each in judged), default=0)
    if held is None or not wanted:
        return
    behind = wanted * share_of_year(on) // 1 - int(held)
    if behind > warning_kinds()[TRAINING].above:
        yield Found(site_id, TRAINING, Decimal(behind))


@lru_cache(maxsize=64)
def _sessions(edition: Edition, profile: str) -> int:
    found = (
        int(rule.at_least)
        for rule in _rules(edition, profile)
        if isinstance(rule, PerShortfall) and rule.fact == SESSIONS
    )
    return max(found, default=0)


def share_of_year(on: date) -> Decimal:
    """Return how much of its year has passed at the end of a day: 1 on the last."""
    whole = date(on.year, 12, 31).timetuple().tm_yday
    return Decimal(on.timetuple().tm_yday) / whole
