"""What is looked at twice, computed from rows alone: no database, no clock."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from circle15.standards.funds import FundRules

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Use:
    """Money used, as its voucher says; `uid` names the movement, `place` who used it."""

    uid: str
    round: int
    place: str
    source: str
    purpose: str
    amount: Decimal
    dated_on: date
    number: str
    payee: str
    file: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money that came to a place on a day."""

    uid: str
    round: int
    place: str
    source: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class Budget:
    """What a place may use for a purpose; below zero where one is taken back."""

    round: int
    place: str
    purpose: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BuildingSite:
    """A site that is not open yet, and when something last moved there."""

    place: str
    last_progress_on: date | None


@dataclass(frozen=True, slots=True)
class Books:
    """All rows that are looked at; `rounds` gives the first and last day of each."""

    rounds: Mapping[int, tuple[date, date]]
    uses: tuple[Use, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    budgets: tuple[Budget, ...] = ()
    building: tuple[BuildingSite, ...] = ()


@dataclass(frozen=True, slots=True)
class Anomaly:
    """What looks wrong, and the movements it was seen in."""

    kind: str
    places: frozenset[str]
    uids: frozenset[str]

    @property
    def key(self) -> str:
        """Return what names it: of other rows it is another anomaly."""
        text = "\n".join((self.kind, *sorted(self.uids)))
        return hashlib.sha256(text.encode()).hexdigest()


# Clauses: Q-18, J-102, J-103
def anomalies(books: Books, rules: FundRules, *, on: date) -> tuple[Anomaly, ...]:
    """Return every anomaly of the books on a day, in the order of the rules, then of the rows."""
    found: list[Anomaly] = []
    for kind in rules.anomalies:
        each = LOOKS[kind](books, rules, on)
        groups = [Anomaly(kind, frozenset(places), frozenset(uids)) for places, uids in each]
        found += sorted(groups, key=lambda one: sorted(one.uids))
    return tuple(found)


_Found = Iterator[tuple[Iterable[str], Iterable[str]]]


def _over_budget(books: Books, _rules: FundRules, _on: date) -> _Found:
    """Where a place has a budget at all, what it used for a purpose is held against it."""
    planned: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for one in books.budgets:
        planned[one.round, one.place, one.purpose] += one.amount
    has_budget = {(one.round, one.place) for one in books.budgets}
    groups = _grouped(books.uses, lambda use: (use.round, use.place, use.purpose))
    for (of, place, purpose), uses in groups.items():
        is_over = sum(use.amount for use in uses) > planned.get((of, place, purpose), 0)
        if (of, place) in has_budget and is_over:
            yield [place], _uids(uses)


def _off_purpose(books: Books, rules: FundRules, _on: date) -> _Found:
    for use in books.uses:
        if use.purpose not in rules.sources[use.source].pays:
            yield [use.place], [use.uid]


def _before_allocation(books: Books, _rules: FundRules, _on: date) -> _Found:
    first: dict[tuple[int, str, str], date] = {}
    for one in books.arrivals:
        key = one.round, one.place, one.source
        first[key] = min(one.dated_on, first.get(key, one.dated_on))
    for use in books.uses:
        came = first.get((use.round, use.place, use.source))
        if came is None or use.dated_on < came:
            yield [use.place], [use.uid]


def _outside_round(books: Books, _rules: FundRules, _on: date) -> _Found:
    for use in books.uses:
        begins, ends = books.rounds[use.round]
        if not begins <= use.dated_on <= ends:
            yield [use.place], [use.uid]


def _split(books: Books, rules: FundRules, _on: date) -> _Found:
    """Several just below the limit to one payee within days that together reach it."""
    rule, limit = rules.anomalies["split"], rules.limit_of("use")
    if limit is None:
        return
    near = [use for use in books.uses if rule.share * limit <= use.amount < limit]
    for uses in _grouped(near, lambda use: (use.round, use.place, plain(use.payee))).values():
        for cluster in _within(uses, timedelta(days=rule.days)):
            if len(cluster) > 1 and sum(use.amount for use in cluster) >= limit:
                yield [cluster[0].place], _uids(cluster)


def _within(uses: Iterable[Use], span: timedelta) -> Iterator[list[Use]]:
    cluster: list[Use] = []
    for use in sorted(uses, key=lambda each: (each.dated_on, each.uid)):
        if cluster and use.dated_on - cluster[0].dated_on > span:
            yield cluster
            cluster = []
        cluster.append(use)
    if cluster:
        yield cluster


def _idle_site(books: Books, rules: FundRules, on: date) -> _Found:
    """Money came long ago to a site that is not open, and nothing has moved since."""
    long_ago = on - timedelta(days=rules.anomalies["idle_site"].days)
    came = _grouped(books.arrivals, lambda one: one.place)
    for site in books.building:
        old = [one for one in came.get(site.place, ()) if one.dated_on <= long_ago]
        is_moving = site.last_progress_on is not None and site.last_progress_on > long_ago
        if old and not is_moving:
            yield [site.place], _uids(old)


def _same(key: Callable[[Use], tuple[object, ...]]) -> "Callable[[Books, FundRules, date], _Found]":
    """Look for uses alike in something, of whatever round and place."""

    def look(books: Books, _rules: FundRules, _on: date) -> _Found:
        for alike, uses in _grouped(books.uses, key).items():
            if len(uses) > 1 and all(alike):
                yield [use.place for use in uses], _uids(uses)

    return look


def plain(text: str) -> str:
    """Return a name or number without what typing makes different: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _uids(rows: Iterable[Use | Arrival]) -> list[str]:
    return [row.uid for row in rows]


LOOKS: Mapping[str, Callable[[Books, FundRules, date], _Found]] = {
    "over_budget": _over_budget,
    "off_purpose": _off_purpose,
    "before_allocation": _before_allocation,
    "outside_round": _outside_round,
    "split": _split,
    "idle_site": _idle_site,
    "same_number": _same(lambda use: (plain(use.number), plain(use.payee))),
    "same_file": _same(lambda use: (use.file,)),
    "same_amount": _same(lambda use: (use.amount, use.dated_on, plain(use.payee))),
}
