"""Reads of checks, as officers see them: lists, one check line by line, findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.editions import parsed
from circle15.assessments.inspection_models import (
    Finding,
    Inspection,
    InspectionLine,
    InspectionPhoto,
    InspectionSeat,
    InspectionSpan,
    InspectionSubmission,
)
from circle15.assessments.inspection_states import (
    DONE,
    INSPECTION_TRANSITIONS,
    UNDER_WAY,
    FindingState,
    InspectionState,
    InspectionStep,
    LineState,
)
from circle15.assessments.inspections.answers import digest_of, loaded
from circle15.assessments.inspections.handing_in import FAR_M
from circle15.assessments.inspections.life import visible
from circle15.assessments.inspections.packs import submission_of
from circle15.assessments.inspections.sealing import open_sent
from circle15.assessments.wording import value_text
from circle15.ledger.values import value_of
from circle15.standards.facts import label
from circle15.standards.text import Text
from circle15.standards.wording import criterion

# A tablet's clock further off than this is shown.
SKEW_S = 300


class CheckList(StrEnum):
    """The lists of an officer."""

    UNDER_WAY = "under_way"
    LATE = "late"
    CONFLICT = "conflict"
    MERGED = "merged"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SeatView:
    """Who does a check and what of it is in."""

    seat: InspectionSeat
    submission: InspectionSubmission | None
    photos: int
    # Who signed, and whether the signed digest is that of the answers as they are kept sealed.
    signers: tuple[str, ...] = ()
    is_intact: bool = False

    @property
    def is_far(self) -> bool:
        kept = self.submission
        return kept is not None and (kept.distance_m or 0) > FAR_M

    @property
    def is_off(self) -> bool:
        return self.submission is not None and abs(self.submission.skew_s) > SKEW_S


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One person's answer to a line, in words."""

    place: int
    verdict: str
    facts: tuple[tuple[Text, Text], ...]
    remark: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a merged check, with everybody's answer."""

    line: InspectionLine
    clause: str
    text: Text
    answers: tuple[AnswerView, ...]
    photos: tuple[InspectionPhoto, ...]


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check whole."""

    check: Inspection
    seats: tuple[SeatView, ...]
    spans: tuple[InspectionSpan, ...]
    lines: tuple[LineView, ...]
    findings: tuple[Finding, ...]
    may: frozenset[InspectionStep]
    may_judge: bool

    @property
    def conflicts(self) -> tuple[LineView, ...]:
        return tuple(each for each in self.lines if each.line.state == LineState.CONFLICT)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact as the ledger had it and as it was seen."""

    label: Text
    ledger: Text
    observed_on: str
    seen: Text


@dataclass(frozen=True, slots=True)
class ClosedCheck:
    """A merged or closed check, for whoever assesses the site."""

    uid: UUID
    number: str
    edition_digest: str
    merged_on: date
    closed_on: date | None
    verdicts: Mapping[str, str]
    open_findings: int
    confirmed_vetoes: tuple[str, ...]


def checks(by: Actor, which: CheckList, *, on: date, site: str = "") -> QuerySet[Inspection]:
    """Return a list of the actor's area, the most urgent first. Raises NotAllowed."""
    rows = visible(Inspection.objects.select_related("site", "edition"), by)
    rows = rows.filter(_kept(which, on)).prefetch_related("seats__submission")
    if site:
        rows = rows.filter(Q(site__name__icontains=site) | Q(site__code=site))
    is_over = which in {CheckList.CLOSED, CheckList.ALL}
    return rows.order_by("-id") if is_over else rows.order_by("due_on", "id")


def count(by: Actor, which: CheckList, *, on: date) -> int:
    return visible(Inspection.objects.filter(_kept(which, on)), by).count()


def _kept(which: CheckList, on: date) -> Q:
    return {
        CheckList.UNDER_WAY: Q(state__in=UNDER_WAY),
        CheckList.LATE: Q(state__in=UNDER_WAY, due_on__lt=on),
        CheckList.CONFLICT: Q(state=InspectionState.SUBMITTED),
        CheckList.MERGED: Q(state=InspectionState.MERGED),
        CheckList.CLOSED: Q(state__in=[InspectionState.CLOSED, InspectionState.CANCELLED]),
        CheckList.ALL: Q(),
    }[which]


def check_view(uid: UUID, *, by: Actor) -> CheckView:
    """Return one check with its lines and findings. Raises NotAllowed, NotFound."""
    rows = visible(Inspection.objects.select_related("site", "edition", "draw"), by)
    check = rows.filter(uid=uid).first()
    if check is None:
        raise NotFound
    seats = _seats(check)
    takes_part = any(each.seat.user_id == by.user_id for each in seats)
    return CheckView(
        check=check,
        seats=seats,
        spans=tuple(check.spans.order_by("id")),
        lines=_lines(check, seats),
        findings=tuple(check.findings.order_by("id")),
        may=_may(check, seats),
        may_judge=not takes_part,
    )


def _may(check: Inspection, seats: tuple[SeatView, ...]) -> frozenset[InspectionStep]:
    """Return the steps of an officer that the table and what has come in allow."""
    out = {
        InspectionStep.TAKE,
        InspectionStep.HAND_IN,
        InspectionStep.COMPARE,
        InspectionStep.MERGE,
    }
    if len(seats) > 1:
        out.add(InspectionStep.ASSIGN)
    else:
        out.add(InspectionStep.RELEASE)
    if any(each.submission for each in seats):
        out.add(InspectionStep.CANCEL)
    if check.findings.filter(state=FindingState.OPEN).exists():
        out.add(InspectionStep.CLOSE)
    return frozenset(INSPECTION_TRANSITIONS[InspectionState(check.state)]) - out


def _seats(check: Inspection) -> tuple[SeatView, ...]:
    rows = check.seats.select_related("submission").annotate(taken=Count("photos"))
    return tuple(_seat(seat, seat.taken) for seat in rows.order_by("place"))


def _seat(seat: InspectionSeat, photos: int) -> SeatView:
    kept = submission_of(seat)
    if kept is None:
        return SeatView(seat, None, photos)
    sent = loaded(open_sent(kept.sent_sealed, kept.uid).encode())
    signers = tuple(str(each["who"]) for each in sent["signatures"])
    return SeatView(seat, kept, photos, signers, digest_of(sent) == kept.answers_sha256)


def _lines(check: Inspection, seats: tuple[SeatView, ...]) -> tuple[LineView, ...]:
    edition = parsed(check.edition.text)
    kept = {row.rule_id: row for row in check.lines.all()}
    photos: dict[str, tuple[InspectionPhoto, ...]] = {}
    for photo in check.photos.select_related("evidence").order_by("id"):
        photos[photo.rule_id] = (*photos.get(photo.rule_id, ()), photo)
    return tuple(
        LineView(
            line=kept[rule.id],
            clause=clause.number,
            text=criterion(rule),
            answers=tuple(_answer(seat, rule.id) for seat in seats if seat.submission),
            photos=photos.get(rule.id, ()),
        )
        for clause in edition.clauses_for(check.profile)
        for rule in clause.rules
        if rule.id in kept
    )


def _answer(view: SeatView, rule_id: str) -> AnswerView:
    assert view.submission is not None
    answer = view.submission.answers[rule_id]
    facts = tuple((label(name), _value(name, raw)) for name, raw in answer["facts"].items())
    return AnswerView(view.seat.place, answer["verdict"], facts, answer["remark"])


def _value(name: str, raw: object) -> Text:
    return value_text(name, value_of(raw))


def findings(by: Actor, *, state: str = "") -> QuerySet[Finding]:
    """Return what was found in the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.PLAN_INSPECTIONS)
    rows = scope.within(Finding.objects.select_related("inspection__edition", "site"), by.area_path)
    rows = rows.filter(state=state) if state in FindingState.values else rows
    return rows.order_by("-id")


def to_rectify(by: Actor, code: str, uids: Iterable[UUID]) -> tuple[Finding, ...]:
    """Return those findings of a site that ask for work: not explained, in the order found.

    Nothing for who judges no findings; what lies elsewhere is left out. Raises nothing.
    """
    if not by.can(Permission.PLAN_INSPECTIONS):
        return ()
    rows = findings(by).filter(site__code=code, uid__in=tuple(uids))
    return tuple(rows.exclude(state=FindingState.EXPLAINED).order_by("id"))


def differences(found: Finding) -> tuple[Difference, ...]:
    """Return what the ledger had and what was seen, in words."""
    return tuple(_difference(row) for row in found.differences)


def _difference(row: Mapping[str, Any]) -> Difference:
    name = str(row["fact"])
    return Difference(
        label=label(name),
        ledger=_value(name, row["ledger"]),
        observed_on=row["observed_on"] or "",
        seen=_value(name, row["seen"]),
    )


def clause_numbers(found: Finding) -> str:
    """Return the number of the clause a finding speaks of."""
    edition = parsed(found.inspection.edition.text)
    rules = ((rule.id, clause.number) for clause in edition.clauses for rule in clause.rules)
    return dict(rules).get(found.rule_id, "")


def suggested_vetoes(site_id: int, *, since: date) -> tuple[Finding, ...]:
    """Return confirmed findings of a site that name a veto: a suggestion for who stores a sheet."""
    with area_scope(EVERYWHERE):
        rows = Finding.objects.filter(site=site_id, state=FindingState.CONFIRMED)
        rows = rows.filter(found_at__date__gte=since).exclude(veto="").select_related("inspection")
        return tuple(rows.order_by("-id"))


def closed_for(site_id: int, since: date) -> tuple[ClosedCheck, ...]:
    """Return the merged and closed checks of a site, merged on a day or after, newest first.

    The caller has shown that the site may be seen.
    """
    with area_scope(EVERYWHERE):
        rows = Inspection.objects.filter(site=site_id, state__in=DONE, merged_at__date__gte=since)
        rows = rows.prefetch_related("lines", "findings").order_by("-merged_at", "-id")
        return tuple(_closed(row) for row in rows)


def _closed(check: Inspection) -> ClosedCheck:
    assert check.merged_at is not None
    found = list(check.findings.all())
    confirmed = [each for each in found if each.state == FindingState.CONFIRMED and each.veto]
    return ClosedCheck(
        uid=check.uid,
        number=check.number,
        edition_digest=check.edition_digest,
        merged_on=timezone.localdate(check.merged_at),
        closed_on=timezone.localdate(check.closed_at) if check.closed_at else None,
        verdicts={line.rule_id: line.verdict for line in check.lines.all()},
        open_findings=sum(each.state == FindingState.OPEN for each in found),
        confirmed_vetoes=tuple(sorted({each.veto for each in confirmed})),
    )
