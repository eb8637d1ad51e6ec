"""What time does to cases by itself: warnings, lapses, escalation, new calendars, cover."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import clocks, cover, promises
from circle15.cases.actions.life import advance, day_of, tell
from circle15.cases.documents.issuing import issue
from circle15.cases.models import Case, Clock, Promise
from circle15.cases.paper_states import PaperKind
from circle15.cases.states import UNDER_WAY, CaseState, PromiseState, Step
from circle15.cases.tallies import keeping
from circle15.core.deadlines import standard_reckoner
from circle15.standards.case_rules import case_rules

BATCH = 500
_BY = system_actor("cases")


def sweep(*, at: datetime) -> int:
    """Do what is due; every case in a transaction of its own, so it may be cut off anywhere."""
    works = (cover.take_over, recount, lapse_promises, lapse_idle, warn, escalate)
    return sum(work(at=at) for work in works)


def recount(*, at: datetime) -> int:
    """Count again what was counted with another calendar, as when a year is made known."""
    version = standard_reckoner().version
    stale = Clock.objects.filter(stopped_on__isnull=True).exclude(calendar=version)
    return _each(stale, "case_id", _recount_one, at=at)


def lapse_promises(*, at: datetime) -> int:
    """Remind of promises due on the next working day; end cases whose promise was not kept."""
    on, open_ones = day_of(at), Promise.objects.filter(state=PromiseState.OPEN)
    near = open_ones.filter(reminded_at__isnull=True, remind_on__lte=on, due_on__gte=on)
    reminded = _each(near, "case_id", _remind_one, at=at)
    return reminded + _each(open_ones.filter(due_on__lt=on), "case_id", _lapse_one, at=at)


def lapse_idle(*, at: datetime) -> int:
    """End drafts, notices and questions nobody came back to; close what reached the person."""
    rules = case_rules()
    idle = (
        (CaseState.DRAFT, rules.draft_calendar_days),
        (CaseState.INCOMPLETE, rules.correction_calendar_days),
        (CaseState.ASKED, rules.answer_calendar_days),
        (CaseState.DELIVERED, rules.receipt_calendar_days),
    )
    return sum(
        _each(
            Case.objects.filter(state=state, since__lt=at - timedelta(days=days)),
            "id",
            _close_idle,
            at=at,
        )
        for state, days in idle
    )


def warn(*, at: datetime) -> int:
    """Tell once that half of a time limit is used up, and once that one day is left."""
    running = Clock.objects.filter(stopped_on__isnull=True, is_paused=False)
    on = day_of(at)
    half = running.filter(warned_half_at__isnull=True, half_on__lte=on)
    eve = running.filter(warned_eve_at__isnull=True, eve_on__lte=on)
    return _each(half, "case_id", _warn_one, at=at) + _each(eve, "case_id", _warn_one, at=at)


def escalate(*, at: datetime) -> int:
    """Mark what ran over its time for ever, and put it before the supervisors."""
    late = Clock.objects.filter(
        stopped_on__isnull=True, overdue_at__isnull=True, due_on__lt=day_of(at)
    )
    return _each(late, "case_id", _escalate_one, at=at)


def _each(
    rows: QuerySet[Any], field: str, work: Callable[[Case, datetime], bool], *, at: datetime
) -> int:
    """Do a piece of work on each case found, locked; who is being worked on waits for next time."""
    with area_scope(EVERYWHERE):
        found = rows.order_by(field).values_list(field, flat=True).distinct()
        ids = list(found[:BATCH])
    done = 0
    for case_id in ids:
        with area_scope(EVERYWHERE):
            locked = Case.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            case = locked.filter(pk=case_id).first()
            done += case is not None and work(case, at)
    return done


def _recount_one(case: Case, at: datetime) -> bool:
    reckoner = standard_reckoner()
    old = case.due_on
    for clock in clocks.running(case):
        clocks.recount(clock, reckoner)
        clock.save()
    clocks.copy(case)
    case.save()
    if case.due_on != old:
        tell(case, "recount", by=_BY, at=at, old={"due_on": old}, due_on=case.due_on)
    return True


def _remind_one(case: Case, at: datetime) -> bool:
    promise = promises.open_promise(case)
    if promise is None or promise.reminded_at is not None:
        return False
    promise.reminded_at = at
    promise.save(update_fields=["reminded_at"])
    tell(case, "remind", by=_BY, at=at, papers=promise.keys, papers_due_on=promise.due_on)
    return True


def _lapse_one(case: Case, at: datetime) -> bool:
    promise = promises.open_promise(case)
    if promise is None or day_of(at) <= promise.due_on or case.state not in UNDER_WAY:
        return False
    why = "容缺材料逾期未补"
    promises.end(case, PromiseState.BROKEN, at=at, reason=why)
    promises.bar(case, why, at=at)
    clocks.void(case, on=day_of(at), at=at)
    advance(case, Step.LAPSE, by=_BY, at=at, note=why)
    return True


def _close_idle(case: Case, at: datetime) -> bool:
    if case.state == CaseState.DELIVERED:
        advance(case, Step.SIGN, by=_BY, at=at)
        issue(case, PaperKind.DELIVERY, by=_BY, at=at)
        return True
    clocks.void(case, on=day_of(at), at=at)
    promises.end(case, PromiseState.ENDED, at=at)
    advance(case, Step.LAPSE, by=_BY, at=at, note="逾期未办理")
    return True


def _warn_one(case: Case, at: datetime) -> bool:
    on, told = day_of(at), False
    for clock in clocks.running(case):
        if clock.is_paused:
            continue
        told |= _warn(case, clock, "half", clock.half_on, on=on, at=at)
        told |= _warn(case, clock, "eve", clock.eve_on, on=on, at=at)
    return told


def _warn(  # noqa: PLR0913 -- a clock, which warning, when
    case: Case, clock: Clock, which: str, day: date | None, *, on: date, at: datetime
) -> bool:
    field = f"warned_{which}_at"
    if getattr(clock, field) is not None or day is None or on < day:
        return False
    setattr(clock, field, at)
    clock.save(update_fields=[field])
    # An instant item is due before anybody could be warned.
    if clock.days + clock.extended_days > 0:
        tell(case, f"warn_{which}", by=_BY, at=at, clock=clock.kind, due_on=clock.due_on)
    return True


def _escalate_one(case: Case, at: datetime) -> bool:
    on = day_of(at)
    late = [
        clock
        for clock in clocks.running(case)
        if clock.overdue_at is None and clock.due_on is not None and clock.due_on < on
    ]
    for clock in late:
        clock.overdue_at = at
        clock.save(update_fields=["overdue_at"])
        clocks.note_overdue(case, clock, at=at)
    kinds = [clock.kind for clock in late]
    if late and case.state in UNDER_WAY:
        advance(case, Step.ESCALATE, by=_BY, at=at, clocks=kinds)
    elif late:
        former = keeping.standing(case)
        case.save(update_fields=["overdue_at"])
        keeping.move(case, former)
        tell(case, "overdue", by=_BY, at=at, clocks=kinds)
    return bool(late)
