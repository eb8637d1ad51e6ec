"""What time does to cases: warnings, escalation, lapses, a calendar made known."""

from datetime import date, timedelta

import pytest
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import clocks, deciding, delivery, handling, sweep
from circle15.cases.models import Clock
from circle15.core.deadlines import Reckoner
from circle15.core.working_days import WorkingCalendar, YearTable, standard_calendar

DAY = timedelta(days=1)


def told(uid) -> list[str]:
    with area_scope(EVERYWHERE):
        rows = Event.objects.filter(target_kind="case", target_id=str(uid), actor_role="system")
        return [
            verb.removeprefix("case.")
            for verb in rows.order_by("id").values_list("verb", flat=True)
        ]


@pytest.fixture
def uid(place):
    """Accepted on Monday, the 2nd; promised in 5 working days: Monday, the 9th."""
    return place.take_in(item="accident").uid


# Clauses: D-59
def test_a_case_warns_at_half_and_the_day_before_and_escalates_after_its_end(uid):
    done = {}
    for day in range(2, 14):
        if count := sweep.sweep(at=AT.replace(day=day)):
            done[day] = (count, told(uid)[-1])
    assert done == {5: (1, "warn_half"), 6: (1, "warn_eve"), 10: (1, "escalate")}
    case = fresh(uid)
    assert (case.overdue_at, case.state) == (AT.replace(day=10), "accepted")


def test_a_clock_that_jumps_back_or_ahead_tells_nothing_twice(uid):
    for day in (6, 3, 12, 2, 12):
        sweep.sweep(at=AT.replace(day=day))
    assert told(uid) == ["warn_half", "warn_eve", "escalate"]


def test_overdue_stays_overdue_after_closing(place, uid):
    sweep.sweep(at=AT.replace(day=10))
    late = AT.replace(day=11)
    place.do("handler", handling.claim, case_uid=uid, at=late)
    line = place.do("handler", deciding.decide, case_uid=uid, outcome="approved", at=late)
    assert line.is_overdue
    with area_scope(EVERYWHERE):
        clock = Clock.objects.get(case__uid=uid)
    assert (clock.stopped_on, clock.overdue_at) == (date(2026, 3, 11), AT.replace(day=10))


def test_what_waits_for_the_person_is_neither_warned_of_nor_late(place, uid):
    place.do("handler", handling.claim, case_uid=uid)
    place.do("handler", handling.ask, case_uid=uid, lines="请说明")
    assert sweep.sweep(at=AT.replace(day=30)) == 0


def test_an_instant_item_left_lying_is_late_the_next_day(place):
    uid = place.take_in().uid
    sweep.sweep(at=AT)
    assert told(uid) == []
    sweep.sweep(at=AT + DAY)
    assert told(uid) == ["escalate"]


def test_a_village_that_hands_up_too_late_is_told(place):
    line = place.take_in("village", item="accident", site_code=place.village_code)
    sweep.sweep(at=AT.replace(day=6))
    assert told(line.uid) == ["warn_half", "warn_eve", "overdue"]
    assert fresh(line.uid).overdue_at is not None


def test_drafts_and_unanswered_questions_lapse_and_receipts_count_after_a_while(place, uid):
    draft = place.open().uid
    assert sweep.lapse_idle(at=AT + 30 * DAY) == 0
    assert sweep.lapse_idle(at=AT + 31 * DAY) == 1
    assert fresh(draft).state == "lapsed"
    place.do("handler", handling.claim, case_uid=uid)
    place.do("handler", handling.ask, case_uid=uid, lines="请说明")
    assert sweep.lapse_idle(at=AT + 61 * DAY) == 1
    assert fresh(uid).state == "lapsed"
    posted = place.take_in().uid
    place.do("alice", deciding.finish_at_window, case_uid=posted)
    assert sweep.lapse_idle(at=AT + 16 * DAY) == 1
    assert fresh(posted).state == "closed"


def test_a_year_made_known_counts_open_deadlines_again(place, monkeypatch):
    at = AT.replace(year=2026, month=12, day=30)
    uid = place.take_in(item="accident", at=at).uid
    assert (fresh(uid).due_on, fresh(uid).is_forecast) == (date(2027, 1, 7), True)
    assert sweep.recount(at=at) == 0
    table = YearTable(2027, confirmed=True, holidays=())
    calendar = standard_calendar()
    known = Reckoner(WorkingCalendar((*calendar.tables, table), calendar.fixed))
    for module in (clocks, sweep):
        monkeypatch.setattr(module, "standard_reckoner", lambda: known)
    assert sweep.recount(at=at) == 1
    assert (fresh(uid).due_on, fresh(uid).is_forecast) == (date(2027, 1, 6), False)
    assert told(uid) == ["recount"]
    assert sweep.recount(at=at) == 0


def test_a_stopped_clock_is_left_as_it_was(place, uid):
    place.do("alice", delivery.withdraw, case_uid=uid)
    with area_scope(EVERYWHERE):
        Clock.objects.filter(case__uid=uid).update(calendar="other")
    assert sweep.sweep(at=AT.replace(day=30)) == 0
