"""Two answers for one site, line by line: equal ones stand, others wait for a supervisor.

What stands goes into the ledger as seen on site; what the ledger had claimed beyond it is found.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission, Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import actions as scores
from circle15.assessments.editions import parsed
from circle15.assessments.inspection_models import (
    Inspection,
    InspectionLine,
    InspectionPhoto,
    InspectionSeat,
    InspectionSubmission,
)
from circle15.assessments.inspection_states import (
    InspectionState,
    InspectionStep,
    LineState,
    Verdict,
)
from circle15.assessments.inspections import checklist
from circle15.assessments.inspections.finding import find_contradictions, find_vetoes
from circle15.assessments.inspections.life import advance, locked, said, tell
from circle15.assessments.inspections.refusals import SettledOtherwise, WrongStep
from circle15.ledger import actions as ledger
from circle15.ledger.models import Fact
from circle15.ledger.states import Source
from circle15.ledger.values import value_of


def recorder(seat: InspectionSeat) -> Actor:
    """Return who records what was seen: the inspector, for this check, with the planner's order."""
    return Actor(
        user_id=seat.user_id,
        name=seat.user_name,
        role=Role.INSPECTOR,
        area_path=EVERYWHERE,
        area_name="",
        permissions=frozenset({Permission.RECORD_FACTS, Permission.CHECK_ON_SITE}),
    )


def compare_if_complete(check: Inspection, *, by: Actor, at: datetime) -> None:
    """Compare what was handed in once everybody has; a locked check."""
    submissions = list(check.submissions.select_related("seat").order_by("seat__place"))
    if not submissions or len(submissions) != check.seats.count():
        return
    rules = checklist.asked(parsed(check.edition.text), check.profile)
    rows = [_compared(check, rule, submissions) for rule in rules]
    InspectionLine.objects.bulk_create(rows)
    advance(check, InspectionStep.COMPARE, by=by, at=at)
    agreed = [row for row in rows if row.state == LineState.AGREED]
    _record(check, agreed, submissions, at=at)
    find_vetoes(check, submissions, at=at)
    find_contradictions(check, agreed, submissions, at=at)
    if len(agreed) == len(rows):
        _merge(check, by=by, at=at)


def _compared(
    check: Inspection, rule_id: str, submissions: list[InspectionSubmission]
) -> InspectionLine:
    first, *others = (each.answers[rule_id] for each in submissions)
    agrees = all(_essence(first) == _essence(other) for other in others)
    return InspectionLine(
        inspection=check,
        area_path=check.area_path,
        rule_id=rule_id,
        state=LineState.AGREED if agrees else LineState.CONFLICT,
        verdict=first["verdict"] if agrees else "",
        facts=first["facts"] if agrees else {},
        place=submissions[0].seat.place if agrees else None,
    )


def _essence(answer: Mapping[str, Any]) -> tuple[object, ...]:
    facts = {name: value_of(raw) for name, raw in answer["facts"].items()}
    return (answer["verdict"], sorted(facts.items()))


def settle(  # noqa: PLR0913 -- what a decision consists of
    *, uid: UUID, rule_id: str, place: int, why: str, by: Actor, at: datetime
) -> Inspection:
    """Say whose answer counts on a line two differ on; after the last one the check is merged.

    Raises NotFound, NotAllowed (to who did the check), NeedsReason, WrongStep, SettledOtherwise.
    """
    with locked(uid, by) as check, area_scope(EVERYWHERE):
        if check.seats.filter(user_id=by.user_id or 0).exists():
            raise NotAllowed
        line = check.lines.filter(rule_id=rule_id).first()
        submissions = list(check.submissions.select_related("seat").order_by("seat__place"))
        chosen = next((each for each in submissions if each.seat.place == place), None)
        if line is None or chosen is None:
            raise NotFound
        if check.state != InspectionState.SUBMITTED or line.state != LineState.CONFLICT:
            raise WrongStep
        stands = _standing(check)
        if not _fits(chosen, rule_id, stands) and any(
            _fits(each, rule_id, stands) for each in submissions
        ):
            raise SettledOtherwise
        _settle(line, chosen, why=said(why), by=by, at=at)
        # A fact two lines share has one value: the one that stands.
        line.facts |= {name: stands[name] for name in line.facts if name in stands}
        line.save(update_fields=["facts"])
        _record(check, [line], submissions, at=at)
        find_contradictions(check, [line], submissions, at=at)
        tell(check, "settle", by=by, at=at, rule=rule_id, place=place, why=line.why)
        if not check.lines.filter(state=LineState.CONFLICT).exists():
            _merge(check, by=by, at=at)
        return check


def _standing(check: Inspection) -> dict[str, Any]:
    """Return the facts of lines that stand: what another line shares has that value already."""
    stands: dict[str, Any] = {}
    for line in check.lines.exclude(state=LineState.CONFLICT).order_by("id"):
        if line.verdict != Verdict.NOT_APPLICABLE:
            stands = line.facts | stands
    return stands


def _fits(one: InspectionSubmission, rule_id: str, stands: Mapping[str, Any]) -> bool:
    """Tell whether an answer says of shared facts what stands."""
    facts = one.answers[rule_id]["facts"]
    return all(value_of(facts[name]) == value_of(stands[name]) for name in facts if name in stands)


def _settle(
    line: InspectionLine, chosen: InspectionSubmission, *, why: str, by: Actor, at: datetime
) -> None:
    answer = chosen.answers[line.rule_id]
    line.state, line.place, line.why = LineState.SETTLED, chosen.seat.place, why
    line.verdict, line.facts = answer["verdict"], answer["facts"]
    line.settled_at, line.settled_by, line.settled_by_id = at, by.name, by.user_id
    line.save()


def _merge(check: Inspection, *, by: Actor, at: datetime) -> None:
    check.merged_at = at
    advance(check, InspectionStep.MERGE, by=by, at=at)


def _record(
    check: Inspection,
    rows: Iterable[InspectionLine],
    submissions: list[InspectionSubmission],
    *,
    at: datetime,
) -> None:
    """Put the facts of lines that stand into the ledger, each once, with the photos of the line."""
    photos = _photos(check)
    by_place = {each.seat.place: each for each in submissions}
    note = f"现场检查 {check.number}"
    with area_scope(EVERYWHERE):
        known = set(
            Fact.objects.filter(note=note, source=Source.ON_SITE).values_list("name", flat=True)
        )
        for row in rows:
            kept = by_place[row.place or submissions[0].seat.place]
            if row.verdict == Verdict.NOT_APPLICABLE:
                continue
            for name, raw in row.facts.items():
                if name in known:
                    continue
                known.add(name)
                ledger.record_fact(
                    code=check.site.code,
                    name=name,
                    value=value_of(raw),
                    source=Source.ON_SITE,
                    observed_on=observed_on(kept, check),
                    by=recorder(kept.seat),
                    at=at,
                    note=note,
                    evidence_ids=photos.get(row.rule_id, ()),
                )
        scores.refresh([check.site_id], on=timezone.localdate(at), at=at)


def _photos(check: Inspection) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for row in InspectionPhoto.objects.filter(inspection=check).order_by("id"):
        found[row.rule_id] = (*found.get(row.rule_id, ()), row.evidence_id)
    return found


def observed_on(kept: InspectionSubmission, check: Inspection) -> date:
    """Return the day of a check by our clock, between its planning and its arrival."""
    finished = kept.finished_at - timedelta(seconds=kept.skew_s)
    day = min(timezone.localdate(finished), timezone.localdate(kept.received_at))
    return max(day, timezone.localdate(check.planned_at))
