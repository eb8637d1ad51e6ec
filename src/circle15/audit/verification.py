"""Recompute the whole chain and say what was tampered with, and where."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import combinations, groupby, pairwise
from typing import Any

from django.db import connection, transaction

from circle15.audit import heads_file
from circle15.audit.chain import (
    BODY,
    GENESIS,
    HEAD_COLUMNS,
    SEE_EVERYTHING,
    Chain,
    Sealed,
    sealed_of,
    sealer_lock,
)
from circle15.audit.states import FindingKind

# A destroyed trail has as many faults as rows; nobody reads past these, the count goes on.
MAX_FINDINGS = 1_000
# Among so many altered links pairs that were swapped are looked for.
MAX_SUSPECTS = 100

_LINKS = f"""
SELECT l.position, l.event_id, l.mac, CASE WHEN e.id IS NOT NULL THEN {BODY} END
FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.position
"""  # noqa: S608 -- a constant
_HEADS = f"""
SELECT {HEAD_COLUMNS}, l.mac FROM audit_head h LEFT JOIN audit_link l ON l.position = h.last
ORDER BY h.last
"""  # noqa: S608 -- a constant
_TOTALS = """
SELECT (SELECT count(*) FROM audit_event e
        WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = e.id)),
       (SELECT count(*) FROM audit_link),
       (SELECT coalesce(max(position), 0) FROM audit_link)
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One trace of tampering; `first`..`last` are positions of the chain."""

    kind: FindingKind
    first: int
    last: int
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check saw. `unsealed` events are newer than the last sealing: no fault."""

    links: int
    heads: int
    unsealed: int
    findings: tuple[Finding, ...]
    more_findings: int

    @property
    def is_intact(self) -> bool:
        return not self.findings


def verify() -> Verification:
    """Check every link, event, head and line of the file, in one unchanging view of them.

    Not inside a transaction: it opens its own, so that writers and the sealer go on meanwhile.
    """
    with ExitStack() as lock:
        lock.enter_context(sealer_lock())
        lines = list(heads_file.read())
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(SEE_EVERYTHING)
            # The view is fixed from here on and fits the file as it was read.
            lock.close()
            return _verified(lines)


def _verified(lines: list[Sealed]) -> Verification:
    chain = Chain()
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        unsealed, links, end = cursor.fetchone()
    faults = _Findings()
    heads = _Heads()
    faults.add(heads.findings(chain, end))
    faults.add_all(_link_findings(chain, heads, links))
    faults.add(heads.breaks(faults.positions))
    faults.add(_file_findings(chain, heads.macs, lines, end))
    return Verification(
        links=links,
        heads=len(heads.macs),
        unsealed=unsealed,
        findings=tuple(faults.kept),
        more_findings=faults.more,
    )


def _stream(query: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(5_000):
            yield from rows


class _Findings:
    """Keeps the first findings, each once, and counts the others."""

    def __init__(self) -> None:
        self.kept: dict[Finding, None] = {}
        self.more = 0
        self.positions: set[int] = set()

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.positions.update((finding.first, finding.last))
            if len(self.kept) < MAX_FINDINGS:
                self.kept[finding] = None
            else:
                self.more += 1

    def add_all(self, other: "_Findings") -> None:
        self.add(other.kept)
        self.more += other.more


class _Heads:
    """The heads in the database, compared with each other and with the links."""

    def __init__(self) -> None:
        self.macs: dict[int, bytes] = {}
        self.last = 0
        self._broken: list[Finding] = []

    def findings(self, chain: Chain, end: int) -> Iterator[Finding]:
        """Yield forged and missing heads, and a tail of links that is no longer there."""
        for *row, link_mac in _stream(_HEADS):
            head = sealed_of(row)
            if head.first != self.last + 1:
                yield Finding(FindingKind.HEAD_MISSING, self.last + 1, head.first - 1)
            if not head.is_genuine(chain):
                yield Finding(FindingKind.HEAD_CHANGED, head.first, head.last)
            elif link_mac != head.chain_mac:
                self._broken.append(Finding(FindingKind.CHAIN_REPLACED, head.first, head.last))
            self.macs[head.last] = head.chain_mac
            self.last = head.last
        if self.last < end:
            yield Finding(FindingKind.HEAD_MISSING, self.last + 1, end)
        if self.last > end:
            yield Finding(FindingKind.TAIL_CUT, end + 1, self.last)

    def breaks(self, explained: set[int]) -> list[Finding]:
        """Return the first batch whose end is not as its head says and nothing else tells why."""
        return [broken for broken in self._broken if broken.last not in explained][:1]


@dataclass(slots=True)
class _Suspect:
    """A link whose mac is not the one its event and the link before it give."""

    position: int
    event_id: int
    body: str
    before: bytes
    stored: bytes
    expected: bytes

    def finding(self, kind: FindingKind) -> Finding:
        return Finding(kind, self.position, self.position, self.event_id)


class _Walk:
    """One pass over the links; one that does not fit is judged by the link after it."""

    def __init__(self, chain: Chain, heads: _Heads) -> None:
        self._chain = chain
        self._heads = heads
        self._before: bytes | None = GENESIS  # unknown behind a gap
        self._suspect: _Suspect | None = None
        self.changed = 0
        self.suspects: list[_Suspect] = []

    def findings(self) -> Iterator[Finding]:
        expected_position = 1
        for position, event_id, mac, body in _stream(_LINKS):
            stored = bytes(mac)
            if position != expected_position:
                yield from self._last_of_run()
                yield Finding(FindingKind.LINK_MISSING, expected_position, position - 1)
                self._before = None
            if body is None:
                yield from self._settle(FindingKind.EVENT_CHANGED)
                yield Finding(FindingKind.EVENT_DELETED, position, position, event_id)
            elif self._before is not None:
                expected = self._chain.link(self._before, event_id, body)
                if expected != stored or self._suspect:
                    now = _Suspect(position, event_id, body, self._before, stored, expected)
                    stored = yield from self._judge(now)
            expected_position, self._before = position + 1, stored
        yield from self._last_of_run()

    def _judge(self, now: _Suspect) -> Generator[Finding, None, bytes]:
        """Let this link tell what became of the suspect; return the mac the next builds on."""
        suspect = self._suspect
        if suspect and self._fits(now, suspect.expected):
            yield from self._settle(FindingKind.LINK_CHANGED)
        elif suspect and self._fits(now, suspect.before):
            if self._fits(suspect, now.stored):
                yield from self._settle(FindingKind.EVENTS_SWAPPED)
                yield now.finding(FindingKind.EVENTS_SWAPPED)
                return suspect.stored
            yield from self._settle(FindingKind.LINK_INSERTED)
        else:
            yield from self._settle(FindingKind.EVENT_CHANGED)
            self._suspect = now if now.expected != now.stored else None
        return now.stored

    def _fits(self, link: _Suspect, before: bytes) -> bool:
        return self._chain.link(before, link.event_id, link.body) == link.stored

    def _last_of_run(self) -> Iterator[Finding]:
        """Judge a suspect that has no link after it by the heads."""
        if self._suspect is None:
            return
        if self._suspect.position > self._heads.last:
            yield from self._settle(FindingKind.LINK_INSERTED)
        elif self._heads.macs.get(self._suspect.position) == self._suspect.expected:
            yield from self._settle(FindingKind.LINK_CHANGED)
        else:
            yield from self._settle(FindingKind.EVENT_CHANGED)

    def _settle(self, kind: FindingKind) -> Iterator[Finding]:
        if self._suspect is None:
            return
        if kind == FindingKind.EVENT_CHANGED:
            self.changed += 1
            if len(self.suspects) < MAX_SUSPECTS:
                self.suspects.append(self._suspect)
        yield self._suspect.finding(kind)
        self._suspect = None


def _link_findings(chain: Chain, heads: _Heads, links: int) -> _Findings:
    walk = _Walk(chain, heads)
    found = _Findings()
    found.add(walk.findings())
    if walk.changed == links > 1:
        found = _Findings()
        found.add([Finding(FindingKind.CHAIN_REPLACED, 1, links)])
        return found
    named = _Findings()
    named.more = found.more
    named.add(_name_swaps(chain, found.kept, walk.suspects))
    return named


def _name_swaps(
    chain: Chain, findings: Iterable[Finding], suspects: list[_Suspect]
) -> Iterator[Finding]:
    """Call altered events that stand in each other's place what they are."""
    partner: dict[int, _Suspect] = {}
    sound: set[int] = set()
    for one, other in combinations(suspects, 2):
        if sound.isdisjoint((one.position, other.position)) and _are_swapped(chain, one, other):
            partner[one.position], partner[other.position] = other, one
            sound.update(_sound_behind(chain, suspects, partner))
    for finding in findings:
        if finding.first in partner:
            yield replace(finding, kind=FindingKind.EVENTS_SWAPPED)
        elif finding.first not in sound:
            yield finding


def _are_swapped(chain: Chain, one: _Suspect, other: _Suspect) -> bool:
    contents = chain.link(one.before, one.event_id, other.body) == one.stored
    places = chain.link(one.before, other.event_id, other.body) in {one.stored, other.stored}
    return contents or places


def _sound_behind(
    chain: Chain, suspects: list[_Suspect], partner: dict[int, _Suspect]
) -> Iterator[int]:
    """Yield the links that only seem altered because the one before them was moved away."""
    for link in suspects:
        moved = partner.get(link.position - 1)
        if moved and chain.link(moved.stored, link.event_id, link.body) == link.stored:
            yield link.position


def _file_findings(
    chain: Chain, heads: dict[int, bytes], lines: list[Sealed], end: int
) -> Iterator[Finding]:
    """Compare the file with the heads: each must have its line, each line its head."""
    genuine = [line for line in lines if line.is_genuine(chain)]
    for line in lines:
        if not line.is_genuine(chain):
            yield Finding(FindingKind.FILE_LINE_CHANGED, line.first, line.last)
    top = max((line.last for line in genuine), default=0)
    if top > end:
        yield Finding(FindingKind.TAIL_CUT, end + 1, top)
    for line in genuine:
        if line.last not in heads and line.last <= end:
            yield Finding(FindingKind.HEAD_MISSING, line.first, line.last)
    replaced = [line for line in genuine if heads.get(line.last, line.chain_mac) != line.chain_mac]
    for line in replaced[:1]:
        yield Finding(FindingKind.CHAIN_REPLACED, line.first, end)
    yield from _unwritten(sorted(heads), {line.last for line in genuine})


def _unwritten(heads: list[int], written: set[int]) -> Iterator[Finding]:
    """Yield each run of heads that have no line in the file."""
    for is_written, run in groupby(pairwise([0, *heads]), lambda span: span[1] in written):
        spans = list(run)
        if not is_written:
            yield Finding(FindingKind.FILE_LINE_MISSING, spans[0][0] + 1, spans[-1][1])
