"""Races on a real database: every probe counts what must not happen and finds none.

Each is run again with its guard taken away, and must then find some: a probe that cannot fail
proves nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from time import sleep
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories import AT

from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions import calling, serving, taking
from circle15.hall.models import Announcement, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 6
HALL_QUEUE = ("PERFORM pg_advisory_xact_lock(41501, hall.id::int)", "PERFORM hall.id")
LANE_QUEUE = ("PERFORM pg_advisory_xact_lock(41502, p_lane::int);", "")
HALL_LOCK = ("FOR NO KEY UPDATE OF hall;", ";")
NEXT_LOCK = ("LIMIT 1 FOR NO KEY UPDATE;", "LIMIT 1; PERFORM pg_sleep(0.03);")
PASS_OVER = (NEXT_LOCK[0], "LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;")
SLOW = (NEXT_LOCK[0], f"{NEXT_LOCK[0]} PERFORM pg_sleep(0.03);")
PICK_LOCK = ("\n        FOR NO KEY UPDATE;", "; PERFORM pg_sleep(0.03);")
FINISH_LOCK = ("\n    FOR NO KEY UPDATE;", "; PERFORM pg_sleep(0.03);")
NEXT_STATE = ("WHERE w.hall_id = h.id AND w.state = 'waiting'", "WHERE w.hall_id = h.id")
READ_THEN_WRITE = (
    "PERFORM pg_sleep(0.01); UPDATE hall_counter"
    " SET last = (SELECT c.last FROM hall_counter c WHERE c.lane_id = p_lane) + 1"
)
COUNTER = ("UPDATE hall_counter SET last = last + 1", READ_THEN_WRITE)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do everything at the same moment, each on a connection of its own."""
    barrier, done = Barrier(len(works)), [None] * len(works)

    def one(number: int, work: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            with area_scope(EVERYWHERE):
                done[number] = work()
        except (Refused, IntegrityError) as refusal:
            done[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=one, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return done


def granted(done: list[object]) -> list[object]:
    return [one for one in done if not isinstance(one, Exception)]


@contextmanager
def without(function: str, *guards: tuple[str, str], index: str = "") -> Iterator[None]:
    """Take guards out of a step's SQL, and a unique index away, for the length of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
        whole = weak = cursor.fetchone()[0]
        for old, new in guards:
            assert old in weak
            weak = weak.replace(old, new)
        cursor.execute("SELECT pg_get_indexdef(to_regclass(%s))", [index])
        definition = cursor.fetchone()[0]
        cursor.execute(weak.replace("%", "%%"))
        if index == "hall_ticket_number_once":
            cursor.execute(f"ALTER TABLE hall_ticket DROP CONSTRAINT {index}")
        elif index:
            cursor.execute(f"DROP INDEX {index}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(whole.replace("%", "%%"))
            if index:
                cursor.execute("SELECT set_config('circle15.area', '/', false)")
                for table in ("span", "ticketitem", "ticket", "counter"):
                    cursor.execute(f"DELETE FROM hall_{table}")
                cursor.execute("SELECT set_config('circle15.area', '', false)")
            if index == "hall_ticket_number_once":
                cursor.execute(
                    f"ALTER TABLE hall_ticket ADD CONSTRAINT {index}"
                    " UNIQUE (hall_id, day, lane_id, number)"
                )
            elif index:
                cursor.execute(definition)


def same_ticket_called_twice(place) -> int:
    """Two windows call while one person waits."""
    twice = 0
    for _ in range(ROUNDS):
        place.take()
        done = granted(at_once(_call(place, 1), _call(place, 2)))
        twice += len(done) - 1
        _clear(place)
    return twice


def same_ticket_called_and_picked(place) -> int:
    twice = 0
    for _ in range(ROUNDS):
        uid = place.take().uid
        twice += len(granted(at_once(_call(place, 1), _pick(place, 2, uid)))) - 1
        _clear(place)
    return twice


def called_while_begun(place) -> int:
    """One window begins, the other calls: nobody else waits, so there is nobody to call."""
    twice = 0
    for _ in range(ROUNDS):
        place.take()
        uid = place.call().uid
        begin = _at_window(serving.begin, place, 1, uid)
        _begun, called = at_once(begin, _call(place, 2))
        twice += len(granted([called]))
        _clear(place)
    return twice


def finished_twice(place) -> int:
    twice = 0
    for _ in range(ROUNDS):
        place.take()
        called = place.call()
        place.begin(called)
        finish = _at_window(serving.finish, place, 1, called.uid)
        twice += len(granted(at_once(finish, finish))) - 1
    return twice


def numbers_twice_or_missing(place) -> int:
    def take() -> taking.Taken:
        return taking.take(site_code="QD-0001", lane="A", source="kiosk", by=place.alice, at=AT)

    first = place.take().number
    taken = [one.number for _ in range(5) for one in granted(at_once(*[take] * 8))]
    wanted = Counter(range(first + 1, first + 41))
    wanted.subtract(taken)
    return sum(abs(count) for count in wanted.values())


def second_tickets_of_a_double_click(place) -> int:
    more = 0
    for _ in range(ROUNDS):
        place.take()
        place.take()
        more += len(granted(at_once(_call(place, 1), _call(place, 1)))) - 1
        _clear(place)
    return more


def passed_over_while_locked(place) -> int:
    """A step about to be refused holds the only ticket for a moment; whoever calls waits for it."""

    def hold() -> None:
        with transaction.atomic():
            Ticket.objects.select_for_update(no_key=True).get(uid=uid)
            held.set()
            sleep(0.05)

    over = 0
    for _ in range(ROUNDS):
        uid, held = place.take().uid, Event()
        _held, called = at_once(hold, lambda: held.wait(10) and _call(place, 1)())  # noqa: B023 -- done before the next round
        over += isinstance(called, Exception)
        _clear(place)
    return over


PROBES = [
    (passed_over_while_locked, "hall_call", (PASS_OVER,), ""),
    (same_ticket_called_twice, "hall_call", (HALL_QUEUE, HALL_LOCK, NEXT_LOCK), ""),
    (same_ticket_called_and_picked, "hall_call", (HALL_QUEUE, HALL_LOCK, NEXT_LOCK, PICK_LOCK), ""),
    (called_while_begun, "hall_call", (NEXT_STATE,), "hall_ticket_one_at_window"),
    (finished_twice, "hall_advance", (FINISH_LOCK,), ""),
    (
        numbers_twice_or_missing,
        "hall_next_number",
        (LANE_QUEUE, COUNTER),
        "hall_ticket_number_once",
    ),
    (
        second_tickets_of_a_double_click,
        "hall_call",
        (HALL_QUEUE, HALL_LOCK, NEXT_LOCK),
        "hall_ticket_one_at_window",
    ),
]


@pytest.mark.parametrize(("probe", "function", "guards", "index"), PROBES)
def test_a_probe_finds_nothing_and_is_red_without_its_guard(place, probe, function, guards, index):
    assert probe(place) == 0
    assert_announced_without_gap()
    with without(function, *guards, index=index):
        assert probe(place) > 0


@pytest.mark.parametrize("index", ["hall_ticket_one_at_window", "hall_ticket_number_once"])
def test_behind_a_lost_lock_stands_the_index(place, index):
    """Without the lock alone, the unique index still lets nothing wrong be stored."""
    if index == "hall_ticket_number_once":
        with without("hall_next_number", LANE_QUEUE, COUNTER):
            numbers_twice_or_missing(place)
    else:
        with without("hall_call", HALL_QUEUE, HALL_LOCK, SLOW):
            assert second_tickets_of_a_double_click(place) == 0
    with area_scope(EVERYWHERE):
        numbers = list(Ticket.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))


def assert_announced_without_gap() -> None:
    with area_scope(EVERYWHERE):
        seqs = list(Announcement.objects.order_by("id").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def _call(place, window: int) -> Callable[[], object]:
    by = place.alice if window == 1 else place.bob
    return lambda: calling.call_next(window_id=place.numbers[window - 1], by=by, at=AT)


def _pick(place, window: int, uid: UUID) -> Callable[[], object]:
    return _at_window(calling.pick, place, window, uid)


def _at_window(act: Callable[..., object], place, window: int, uid: UUID) -> Callable[[], object]:
    by = place.alice if window == 1 else place.bob
    return lambda: act(window_id=place.numbers[window - 1], uid=uid, by=by, at=AT)


def _clear(place) -> None:
    """Let nobody wait and no window be busy before the next round."""
    with area_scope(EVERYWHERE):
        Ticket.objects.exclude(state="finished").update(state="finished")
        for ticket in Ticket.objects.order_by("id"):
            ticket.spans.filter(ended_at=None).update(ended_at=AT)
