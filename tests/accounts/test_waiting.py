from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.accounts.waiting import LONGEST_WAIT, Try, wait_of_address, wait_of_name

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def misses(count: int, *, at: datetime = AT) -> list[Try]:
    return [Try(at, succeeded=False)] * count


@pytest.mark.parametrize(
    ("count", "wait_s"),
    [(4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (15, 900)],
)
def test_wait_of_name_doubles_from_the_fifth_miss(count, wait_s):
    assert wait_of_name(misses(count), at=AT) == timedelta(seconds=wait_s)


def test_wait_of_name_runs_down():
    assert wait_of_name(misses(5), at=AT + timedelta(seconds=29)) == timedelta(seconds=1)
    assert wait_of_name(misses(5), at=AT + timedelta(seconds=30)) == timedelta(0)


def test_wait_of_name_starts_anew_after_a_success():
    tries = [*misses(9), Try(AT, succeeded=True), *misses(4)]

    assert wait_of_name(tries, at=AT) == timedelta(0)


@pytest.mark.parametrize(("count", "wait_s"), [(15, 0), (16, 900)])
def test_wait_of_name_counts_misses_of_the_hour_between_successes(count, wait_s):
    tries = [*misses(1), Try(AT, succeeded=True)] * (count - 1) + misses(1)

    assert wait_of_name(tries, at=AT) == timedelta(seconds=wait_s)
    assert wait_of_name(tries, at=AT + timedelta(hours=1)) == timedelta(0)


@given(st.lists(st.integers(0, 3), min_size=40, max_size=60))
def test_wait_of_name_leaves_at_most_20_misses_an_hour(steps):
    """Somebody guesses as soon as the rules allow; now and then (0) the owner logs in."""
    tries: list[Try] = []
    at = AT
    for step in steps:
        wait = wait_of_name(tries, at=at)
        assert wait <= LONGEST_WAIT
        at += wait
        tries.append(Try(at, succeeded=step == 0))
    times = [one.at for one in tries if not one.succeeded]
    hour = timedelta(hours=1)
    assert all(sum(first <= time < first + hour for time in times) <= 20 for first in times)


def test_wait_of_address_begins_at_100_misses_in_the_hour():
    assert wait_of_address([AT] * 99, at=AT) == timedelta(0)
    assert wait_of_address([AT] * 100, at=AT) == timedelta(hours=1)
    assert wait_of_address([AT] * 100, at=AT + timedelta(minutes=59)) == timedelta(minutes=1)
    assert wait_of_address([AT] * 100, at=AT + timedelta(hours=1)) == timedelta(0)


def test_wait_of_address_ends_when_the_hundredth_newest_is_an_hour_old():
    times = [AT + timedelta(seconds=n) for n in range(101)]

    wait = wait_of_address(times, at=AT + timedelta(seconds=200))

    assert wait == timedelta(seconds=3600 + 1 - 200)
