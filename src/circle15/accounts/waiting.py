"""How long somebody must wait after failed logins: pure arithmetic on the times of the tries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

FREE_MISSES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
HOUR = timedelta(hours=1)
# 16 at once and then one per 15 minutes make 20 tries in any hour, and no lock over 15 minutes.
MISSES_PER_NAME = 16
MISSES_PER_ADDRESS = 100
NO_WAIT = timedelta(0)


class Try(NamedTuple):
    """One try to log in."""

    at: datetime
    succeeded: bool


def wait_of_name(tries: Sequence[Try], *, at: datetime) -> timedelta:
    """Return how long a name must still wait; `tries` are in the order of time.

    The fifth miss in a row costs 30 s, each further one twice as long up to 15 min. Who guesses
    between the owner's own logins is held by the number of misses within the hour.
    """
    misses = [one.at for one in tries if not one.succeeded]
    in_a_row = _in_a_row(tries)
    if sum(miss > at - HOUR for miss in misses) >= MISSES_PER_NAME:
        wait = LONGEST_WAIT
    elif in_a_row >= FREE_MISSES:
        doublings = min(in_a_row - FREE_MISSES, 10)
        wait = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    else:
        return NO_WAIT
    return max(misses[-1] + wait - at, NO_WAIT)


def wait_of_address(misses: Sequence[datetime], *, at: datetime) -> timedelta:
    """Return how long an address must wait until fewer than 100 misses lie in the last hour."""
    recent = sorted(miss for miss in misses if miss > at - HOUR)
    if len(recent) < MISSES_PER_ADDRESS:
        return NO_WAIT
    return recent[-MISSES_PER_ADDRESS] + HOUR - at


def _in_a_row(tries: Sequence[Try]) -> int:
    count = 0
    for one in reversed(tries):
        if one.succeeded:
            break
        count += 1
    return count
