"""The breaker opens within ten seconds, lets one call ask, and closes at the first answer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from circle15.cases.core_platform.breaker import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_FAILURES,
    Breaker,
    BreakerState,
)

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
CALL = timedelta(seconds=5)  # no call takes longer


def test_three_quick_failures_open_it():
    breaker = Breaker()
    for turn in range(MOST_FAILURES):
        assert breaker.state(at=AT) is BreakerState.CLOSED, turn
        breaker.failed(at=AT, waited=timedelta())

    assert not breaker.allows(at=AT)
    assert breaker.state(at=AT + FIRST_PAUSE) is BreakerState.HALF_OPEN


@given(st.lists(st.floats(0, 5), min_size=3, max_size=3))
def test_it_is_open_ten_seconds_after_the_platform_went_away(waits):
    breaker, at = Breaker(), AT
    for wait in waits:
        if breaker.allows(at=at):
            at += timedelta(seconds=wait)
            breaker.failed(at=at, waited=timedelta(seconds=wait))

    assert breaker.opened_at is not None
    assert breaker.opened_at - AT <= timedelta(seconds=10)


def test_half_open_one_call_asks_and_its_answer_closes():
    breaker = Breaker()
    breaker.failed(at=AT, waited=CALL)
    later = AT + FIRST_PAUSE

    assert [breaker.allows(at=later) for _caller in range(3)] == [True, False, False]
    breaker.succeeded()
    assert [breaker.allows(at=later) for _caller in range(3)] == [True, True, True]


def test_pause_grows_up_to_the_longest():
    breaker, at, pauses = Breaker(), AT, []
    breaker.failed(at=at, waited=CALL)
    for _turn in range(5):
        pauses.append(breaker.pause.total_seconds())
        at += breaker.pause
        assert breaker.allows(at=at)
        breaker.failed(at=at, waited=CALL)

    assert pauses == [5, 10, 20, 30, 30]


def test_call_that_never_came_back_does_not_hold_the_door():
    breaker = Breaker()
    breaker.failed(at=AT, waited=CALL)
    later = AT + FIRST_PAUSE
    assert breaker.allows(at=later)

    assert not breaker.allows(at=later + timedelta(seconds=1))
    assert breaker.allows(at=later + LONGEST_PAUSE)


def test_clock_set_back_lets_it_ask():
    breaker = Breaker()
    breaker.failed(at=AT, waited=CALL)

    assert breaker.allows(at=AT - timedelta(days=3))
