"""What a site lacks under a rule book and what each piece brings, cheapest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from circle15.scoring.engine import score_known
from circle15.scoring.needs import worst_case
from circle15.scoring.points import ZERO, Facts, clause_points, forfeiting
from circle15.scoring.remedies import Step, reached, steps
from circle15.scoring.sheet import ScoreSheet
from circle15.standards.facts import FactValue, facts
from circle15.standards.model import Edition
from circle15.standards.rules import PerFinding, PerMissing, Requirement, Rule, ZeroOnAny, stand_ins

Clauses = tuple[tuple[Rule, ...], ...]


class Offer(NamedTuple):
    """The next steps of one rule and what they bring to that rule."""

    steps: tuple[Step, ...]
    gain: Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to put right; `current` is None where nobody has recorded it yet."""

    fact: str
    current: FactValue | None
    needed: FactValue


@dataclass(frozen=True, slots=True)
class GapStep:
    """Changes that only pay together, the points they bring after the steps before, their cost.

    `cost` is the dearest of the changes on the scale of the facts: 0 no purchase, 1 small purchase,
    2 large purchase or building work, 3 people or a standing duty.
    """

    changes: tuple[Change, ...]
    gain: Decimal
    cost: int
    rule_ids: tuple[str, ...]
    is_binding: bool


@dataclass(frozen=True, slots=True)
class GapReport:
    """The sheet as it stands and the steps from there to full marks; their gains sum to `lost`."""

    sheet: ScoreSheet
    steps: tuple[GapStep, ...]

    @property
    def lost(self) -> Decimal:
        return self.sheet.lost


# Clauses: Q-31
def gap(
    edition: Edition,
    known: Facts,
    *,
    vetoes: Iterable[str] = (),
    profile: str | None = None,
    switches: Mapping[str, str] | None = None,
) -> GapReport:
    """List what is missing to full marks, cheapest first, gates before what depends on them.

    A fact nobody has recorded counts as the worst, as in `score_known`. Raises as it does.
    """
    sheet = score_known(edition, known, vetoes=vetoes, profile=profile, switches=switches)
    clauses = tuple(each.rules for each in edition.under(switches).clauses_for(profile))
    return GapReport(sheet, tuple(_plan(clauses, known)))


def compare(
    editions: Iterable[Edition], known: Facts, site_kind: str
) -> tuple[tuple[Edition, ScoreSheet], ...]:
    """Score one site under every edition that judges sites of its kind, side by side."""
    judged = ((edition, edition.profile_for(site_kind)) for edition in editions)
    return tuple(
        (edition, score_known(edition, known, profile=profile.id))
        for edition, profile in judged
        if profile is not None
    )


# --- the order of the steps


def _plan(clauses: Clauses, known: Facts) -> Iterator[GapStep]:
    """Take the cheapest step that is ready, until none is left.

    Each rule offers its next step only, for what stands behind a gate does not pay before it.
    The gain is what all rules together pay more, since one fact may serve several of them.
    """
    trial = worst_case([rule for rules in clauses for rule in rules], known)
    offers = [_offers(rules, trial) for rules in clauses]
    while ready := [offer for each in offers for offer in each]:
        cheapest = min(ready, key=_price)
        touched = [at for at, rules in enumerate(clauses) if _asks(rules, cheapest)]
        before = _paid([clauses[at] for at in touched], trial)
        trial |= cheapest.steps
        for at in touched:
            offers[at] = _offers(clauses[at], trial)
        yield _step(cheapest, known, before, _paid([clauses[at] for at in touched], trial))


def _offers(rules: tuple[Rule, ...], trial: Facts) -> list[Offer]:
    """List the next step of each rule of a clause that is not at full points."""
    takers = forfeiting(rules, trial)
    paid = zip(rules, clause_points(rules, trial), strict=True)
    offers = (_offer(rule, takers, trial, points) for rule, points in paid if points < rule.points)
    return [offer for offer in offers if offer.steps]


def _offer(rule: Rule, takers: tuple[ZeroOnAny, ...], trial: Facts, points: Decimal) -> Offer:
    """Return the shortest run of steps that pays: one that brings nothing waits for the next."""
    ordered = _ordered(rule, takers, trial)
    for count, after in enumerate(reached(rule, takers, trial, ordered), start=1):
        if after > points:
            return Offer(tuple(ordered[:count]), after - points)
    return Offer((), ZERO)


def _ordered(rule: Rule, takers: tuple[ZeroOnAny, ...], trial: Facts) -> list[Step]:
    """Return the steps of one rule: what must come first, then the cheapest."""
    first = {name for taker in takers for name in taker.facts}
    match rule:
        case PerMissing(gate=str(name)) | PerFinding(requires=str(name)):
            first.add(name)
    found = steps(rule, takers, trial)
    return sorted(found, key=lambda step: (step[0] not in first, facts()[step[0]].cost))


def _price(offer: Offer) -> tuple[int, Decimal]:
    """Put the cheapest first and, among those that cost the same, the one that brings most."""
    return _cost(offer), -offer.gain


def _cost(offer: Offer) -> int:
    return max(facts()[fact].cost for fact, _ in offer.steps)


def _asks(rules: tuple[Rule, ...], offer: Offer) -> bool:
    asked = {name for rule in rules for name in (*rule.facts, *stand_ins(rule))}
    return any(fact in asked for fact, _ in offer.steps)


def _paid(clauses: Iterable[tuple[Rule, ...]], trial: Facts) -> list[tuple[Rule, Decimal]]:
    paid = ((rules, clause_points(rules, trial)) for rules in clauses)
    return [each for rules, points in paid for each in zip(rules, points, strict=True)]


def _step(
    offer: Offer,
    known: Facts,
    before: list[tuple[Rule, Decimal]],
    after: list[tuple[Rule, Decimal]],
) -> GapStep:
    brought = [(rule, new - old) for (rule, old), (_, new) in zip(before, after, strict=True)]
    paying = [rule for rule, gain in brought if gain]
    return GapStep(
        changes=tuple(Change(fact, known.get(fact), needed) for fact, needed in offer.steps),
        gain=sum((gain for _, gain in brought), start=ZERO),
        cost=_cost(offer),
        rule_ids=tuple(rule.id for rule in paying),
        is_binding=any(not isinstance(rule, Requirement) or rule.is_binding for rule in paying),
    )
