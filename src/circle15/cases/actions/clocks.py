"""The clocks of a case: begun, paused, resumed, extended, stopped, counted again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from circle15.cases.models import Case, Clock
from circle15.cases.states import ClockKind
from circle15.core.deadlines import Pause, Reckoner, Term, standard_reckoner

# What the person's own turn stops; the house hands papers up whoever has the turn.
STOPPED_BY_QUESTIONS = (ClockKind.PROMISED, ClockKind.STATUTORY)


def term_of(clock: Clock) -> Term:
    """Return a clock as the engine counts it."""
    return Term(
        begun_on=clock.begun_on,
        days=clock.days,
        pauses=tuple(Pause(_day(since), until and _day(until)) for since, until in clock.pauses),
        extended_days=clock.extended_days,
        is_calendar=clock.is_calendar,
    )


def recount(clock: Clock, reckoner: Reckoner | None = None) -> None:
    """Set a clock's days from its term."""
    by = reckoner or standard_reckoner()
    days = by.reckon(term_of(clock))
    clock.due_on, clock.half_on, clock.eve_on = days.due_on, days.half_on, days.eve_on
    clock.is_forecast, clock.calendar = days.is_forecast, by.version


# Clauses: D-59
def begin(
    case: Case, limits: Mapping[ClockKind, int], *, on: date, is_calendar: bool = False
) -> None:
    """Start clocks; an appeal starts the second round of the same kind."""
    started = [
        Clock(
            case=case,
            kind=kind,
            round=case.appeals + 1,
            days=days,
            begun_on=on,
            is_calendar=is_calendar,
        )
        for kind, days in limits.items()
    ]
    for clock in started:
        recount(clock)
    Clock.objects.bulk_create(started)
    copy(case)


def running(case: Case, *kinds: ClockKind) -> list[Clock]:
    """Return the clocks of a case that are not stopped."""
    rows = Clock.objects.filter(case=case, stopped_on__isnull=True)
    return list((rows.filter(kind__in=kinds) if kinds else rows).order_by("id"))


def pause(case: Case, *, on: date) -> None:
    """Let the clocks stand still from the next day on; what is overdue stays so."""
    for clock in running(case, *STOPPED_BY_QUESTIONS):
        if clock.is_paused:
            continue
        last = clock.pauses[-1][1] if clock.pauses else None
        since = max(on, clock.begun_on, _day(last) if last else clock.begun_on)
        clock.pauses = [*clock.pauses, [since.isoformat(), None]]
        clock.is_paused = True
        recount(clock)
        clock.save()
    copy(case)


def resume(case: Case, *, on: date) -> None:
    """Let the clocks go on from the next day on."""
    for clock in running(case, *STOPPED_BY_QUESTIONS):
        if not clock.is_paused:
            continue
        since = clock.pauses[-1][0]
        clock.pauses = [*clock.pauses[:-1], [since, max(on, _day(since)).isoformat()]]
        clock.is_paused = False
        recount(clock)
        clock.save()
    copy(case)


def extend(case: Case, days: int) -> None:
    """Prolong what was promised; what the law sets stays."""
    for clock in running(case, ClockKind.PROMISED):
        clock.extended_days += days
        recount(clock)
        clock.save()
    copy(case)


def stop(
    case: Case, kinds: Iterable[ClockKind], *, on: date, at: datetime, is_void: bool = False
) -> None:
    """End clocks; one that is past its day is late for ever."""
    for clock in running(case, *kinds):
        end_pause(clock, on=on)
        clock.stopped_on, clock.is_void = max(on, clock.begun_on), is_void
        if clock.overdue_at is None and clock.due_on is not None and on > clock.due_on:
            clock.overdue_at = at
        note_overdue(case, clock, at=at)
        clock.save()


def void(case: Case, *, on: date, at: datetime) -> None:
    """End all clocks of a case that ends undecided."""
    stop(case, (), on=on, at=at, is_void=True)


def end_pause(clock: Clock, *, on: date) -> None:
    """Close an open pause, so that a stopped clock has a day."""
    if clock.is_paused:
        since = clock.pauses[-1][0]
        clock.pauses = [*clock.pauses[:-1], [since, max(on, _day(since)).isoformat()]]
        clock.is_paused = False
        recount(clock)


def note_overdue(case: Case, clock: Clock, *, at: datetime) -> None:
    """Let the case say that one of its clocks ran out; the caller saves it."""
    if clock.overdue_at is not None and case.overdue_at is None:
        case.overdue_at = at


def copy(case: Case) -> None:
    """Copy what the lists need onto the case; the caller saves it."""
    latest = {
        clock.kind: clock for clock in Clock.objects.filter(case=case).order_by("round", "id")
    }
    promised, statutory = latest.get(ClockKind.PROMISED), latest.get(ClockKind.STATUTORY)
    proxy = latest.get(ClockKind.PROXY)
    case.statutory_on = statutory.due_on if statutory else None
    if promised is not None:
        case.due_on, case.is_forecast = promised.due_on, promised.is_forecast
    wanted = [
        clock.due_on
        for clock in (promised, proxy)
        if clock is not None and clock.stopped_on is None and clock.due_on is not None
    ]
    if wanted:
        case.urgent_on = min(wanted)


def _day(text: str) -> date:
    return date.fromisoformat(text)
