"""The clock of a host jumps between the steps of a case; another host is five minutes off.

Order comes from the rows, never from the clock; days of a deadline are never lost, and an unknown
year warns. Numbers of tickets: `tests/hall/test_taking.py`; the sweep: `test_sweep.py`.
"""

import os
from datetime import datetime, timedelta
from itertools import cycle, product
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.cases.conftest import Place, fresh
from tests.cases.invariants import broken
from tests.factories import AT

from circle15.cases.actions import deciding, delivery, handling, sweep
from circle15.core.working_days import standard_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGINNINGS = {
    "an ordinary Monday": AT,
    "a second before midnight": datetime(2026, 3, 2, 23, 59, 59, tzinfo=SHANGHAI),
    "the last second of a year": datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI),
    "a year whose holidays nobody knows": datetime(2031, 9, 30, 12, tzinfo=SHANGHAI),
    "a leap day": datetime(2028, 2, 29, 9, tzinfo=SHANGHAI),
    "the eve of the spring festival": datetime(2026, 2, 14, 17, tzinfo=SHANGHAI),
}
JUMPS = {
    "a second back": [timedelta(seconds=-1)],
    "an hour on, then right again": [timedelta(hours=1), timedelta()],
    "a day on": [timedelta(days=1)],
    "three days back": [timedelta(days=-3)],
    "two hosts five minutes apart": [timedelta(minutes=5), timedelta(minutes=-5)],
    "to another year and back": [timedelta(days=400), timedelta(days=-400)],
}


# Every beginning with every jump: CIRCLE15_HISTORIES=2000; else each of them once.
EVERY = int(os.environ.get("CIRCLE15_HISTORIES", "15")) >= 1_000
PAIRS = tuple(product(BEGINNINGS, JUMPS) if EVERY else zip(BEGINNINGS, JUMPS, strict=True))


def test_a_case_goes_its_way_whatever_the_clock_does(place):
    uids = [lived(place, BEGINNINGS[beginning], JUMPS[jump]) for beginning, jump in PAIRS]
    assert {fresh(uid).state for uid in uids} == {"closed"}
    assert len({fresh(uid).number for uid in uids}) == len(uids)
    assert broken() == {}


def lived(place: Place, start: datetime, jump: list[timedelta]) -> UUID:
    """Take a case from the window to the signature, the clock jumping before every step."""
    uid = place.take_in(item="accident", at=start).uid
    steps = (
        ("handler", handling.claim, {}),
        ("handler", handling.ask, {"lines": "请补充事故认定书"}),
        ("alice", handling.answer_question, {"text": "已补充"}),
        ("handler", deciding.decide, {"outcome": "approved"}),
        ("handler", delivery.ready, {}),
        ("alice", delivery.deliver, {"way": "window"}),
        ("alice", delivery.sign_receipt, {}),
    )
    for (who, work, more), shift in zip(steps, cycle(jump), strict=False):
        place.do(who, work, case_uid=uid, at=start + shift, **more)
        sweep.sweep(at=start + shift)
    return uid


def test_the_days_of_a_deadline_are_counted_from_the_beginning_not_from_the_jump(place):
    """Five working days from the day of acceptance, whatever the host believed meanwhile."""
    due = {}
    for name, start in BEGINNINGS.items():
        uid = place.take_in(item="accident", at=start).uid
        before = fresh(uid).due_on
        place.do("handler", handling.claim, case_uid=uid, at=start - timedelta(days=3))
        sweep.sweep(at=start - timedelta(days=3))
        day = start.astimezone(SHANGHAI).date()
        due[name] = (before, fresh(uid).due_on, fresh(uid).is_forecast)
        counted = standard_calendar().add_working_days(day, 5)
        assert due[name] == (counted.on, counted.on, counted.is_forecast), name
    assert due["a year whose holidays nobody knows"][2]
