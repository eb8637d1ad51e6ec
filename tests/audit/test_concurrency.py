"""Sealing is in nobody's way, and loses nobody's event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from tests.audit.trail import AT, write

from circle15.audit.actions import seal
from circle15.audit.models import Link
from circle15.audit.queries import verify

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work, *args):
    """Run with a connection of the thread's own."""
    try:
        return work(*args)
    finally:
        connection.close()


def impatient():
    """Make waiting for any lock an error on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")


def test_writers_never_wait_for_the_sealer():
    write(1_000)
    ready = Barrier(4)

    def write_many(seed):
        impatient()
        ready.wait()
        write(150, seed=seed)

    def seal_often():
        ready.wait()
        return sum(seal(at=AT) for _ in range(12))

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(in_thread, write_many, seed) for seed in range(3)]
        sealed = pool.submit(in_thread, seal_often).result()
        assert [writer.result() for writer in writers] == [None, None, None]
    assert sealed + seal(at=AT) == 1_450
    assert verify().is_intact


def test_two_sealers_share_the_work():
    write(300)
    with ThreadPoolExecutor(2) as pool:
        sealers = [pool.submit(in_thread, lambda: seal(at=AT)) for _ in range(2)]
        assert sum(sealer.result() for sealer in sealers) == 300
    assert verify().is_intact


def test_an_event_that_commits_late_gets_a_later_place():
    both = Barrier(2, timeout=10)

    def write_late():
        with transaction.atomic():
            write(1)
            both.wait()
            both.wait()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(in_thread, write_late)
        both.wait()
        write(1)
        assert seal(at=AT) == 1
        both.wait()
        late.result()
    assert seal(at=AT) == 1
    first, second = Link.objects.order_by("position").values_list("event_id", flat=True)
    assert first == second + 1
    assert verify().is_intact


def test_a_check_does_not_stop_writers_and_sealers():
    write(500)
    seal(at=AT)

    def go_on():
        for seed in range(10):
            write(5, seed=seed)
            seal(at=AT)

    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(in_thread, go_on)
        seen = [verify() for _ in range(15)]
        others.result()
    assert [check.findings for check in seen] == [()] * 15
    assert verify().links == 550
