"""Many people at once at the doors of a hall: how often was what sold, and what was refused."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from tests.factories import AT
from tests.hall.appointments.places import CODE, LONG, SHORT, Bookable, at_hour, person

from circle15.accounts.refusals import Refused
from circle15.hall.appointments import booking, changing

HALVES = [at_hour(9) + n * timedelta(minutes=30) for n in range(6)]


@dataclass
class Race:
    """What a number of threads did, and what else than a refusal stopped them."""

    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, jobs: Sequence[Callable[[], object]], threads: int) -> None:
        """Let so many threads start at the same moment and share out the jobs."""
        waiting, start = list(reversed(jobs)), threading.Barrier(threads)

        def work() -> None:
            start.wait()
            try:
                while True:
                    with self.lock:
                        if not waiting:
                            return
                        job = waiting.pop()
                    self.attempt(job)
            finally:
                connection.close()

        crowd = [threading.Thread(target=work) for _n in range(threads)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join(timeout=300)

    def attempt(self, job: Callable[[], object]) -> object:
        """Do something and count how it ended; nothing comes back from what was refused."""
        made = None
        try:
            made = job()
            told = "done"
        except Refused as refusal:
            told = type(refusal).__name__
        except Exception as error:  # noqa: BLE001 -- told by the test
            told = "fault"
            with self.lock:
                self.faults.append(repr(error))
        with self.lock:
            self.done[told] += 1
        return made


def buyers(hall: Bookable, starts_at: datetime, count: int, item: str = SHORT) -> list[Callable]:
    """Return jobs that buy the same time through three doors in turn."""
    return [buyer(hall, starts_at, n, item) for n in range(count)]


def buyer(hall: Bookable, starts_at: datetime, n: int, item: str = SHORT) -> Callable[[], object]:
    door = ("public", "counter", "kiosk")[n % 3]

    def by_hand() -> object:
        return booking.book(
            site_code=CODE,
            item=item,
            starts_at=starts_at,
            person=person(n),
            door=door,
            by=hall.alice,
            at=AT,
        )

    def by_web() -> object:
        held = booking.hold(site_code=CODE, item=item, starts_at=starts_at, at=AT)
        booking.fill_in(uid=held.uid, person=person(n), at=AT)
        return booking.confirm(uid=held.uid, at=AT)

    return by_web if door == "public" else by_hand


def people(hall: Bookable, race: Race, count: int, seed: int) -> list[Callable]:
    """Return jobs of people who book, change, cancel and book again, each at random."""
    dice = random.Random(seed)
    return [_visitor(hall, race, n, random.Random(dice.random())) for n in range(count)]


def _visitor(hall: Bookable, race: Race, n: int, dice: random.Random) -> Callable[[], object]:
    def visit() -> None:
        item, made = dice.choice((SHORT, LONG)), None
        for _step in range(6):
            at, choice = dice.choice(HALVES), dice.randrange(4)
            if choice == 0:
                race.attempt(partial(hold_of_long_ago, at, item))
            elif made is None:
                made = race.attempt(buyer(hall, at, n, item))
            elif choice == 1:
                race.attempt(partial(changing.cancel, uid=made.uid, at=AT))
                made = None
            else:
                race.attempt(partial(changing.change, uid=made.uid, starts_at=at, at=AT))

    return visit


def hold_of_long_ago(starts_at: datetime, item: str) -> object:
    """Hold what has lapsed when anybody else comes: everyone else frees it while booking."""
    at = AT - timedelta(minutes=11)
    return booking.hold(site_code=CODE, item=item, starts_at=starts_at, at=at)
