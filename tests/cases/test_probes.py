"""Races on a real database: every probe counts what must not happen and finds none.

Each is run again with its guard taken away, and must then find some: a probe that cannot fail
proves nothing. CIRCLE15_HISTORIES=2000 retries a thousand submissions.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import DatabaseError, connection
from tests import factories
from tests.cases.conftest import Place, furnish
from tests.factories import AT

from circle15.accounts.refusals import Refused
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import handling, intake, life, notices, numbers, window
from circle15.cases.actions.window import Intake
from circle15.cases.documents.beginning import beginning
from circle15.cases.models import Case, CaseSpan, Notice
from circle15.cases.paper_models import PaperTemplate
from circle15.cases.paper_templates.keeping import bring_in, put_in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 3
RETRIED = min(int(os.environ.get("CIRCLE15_HISTORIES", "15")), 1_000)
READ_THEN_WRITE = """
WITH slow AS (SELECT pg_sleep(0.02)),
former AS (SELECT coalesce(max(last), 0) AS last FROM cases_casecounter, slow
           WHERE area_path = %s AND day = %s)
INSERT INTO cases_casecounter (area_path, day, last)
SELECT '/320600000000/320681000000/', '2026-03-02', last + 1 FROM former
ON CONFLICT (area_path, day) DO UPDATE SET last = excluded.last RETURNING last
"""


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do everything at the same moment, each on a connection of its own."""
    barrier, done = Barrier(len(works)), [None] * len(works)

    def one(number: int, work: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            done[number] = work()
        except (Refused, DatabaseError) as refusal:
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


def counted(rows) -> int:
    with area_scope(EVERYWHERE):
        return rows.count()


def opened_twice(place: Place) -> int:
    """Four times the same press of a key."""
    more = 0
    for number in range(ROUNDS):
        key = f"probe-{number:04}-{counted(Case.objects.all()):04}"
        at_once(*[lambda key=key: place.open(key=key)] * 4)
        more += counted(Case.objects.filter(once_key=key)) - 1
    return more


def numbers_twice_or_missing(place: Place) -> int:
    """Eight cases handed in at once; nobody is refused, numbers run from 1 without a gap."""
    drafts = [place.open().uid for _ in range(8)]
    hand_in = intake.submit
    done = at_once(*[lambda uid=uid: place.do("alice", hand_in, case_uid=uid) for uid in drafts])
    with area_scope(EVERYWHERE):
        given = [*Case.objects.exclude(number="").values_list("number", flat=True)]
    found = {int(number[-5:]) for number in given}
    return len(done) - len(granted(done)) + len(found ^ {*range(1, len(given) + 1)})


def claimed_twice(place: Place) -> int:
    twice = 0
    for _ in range(ROUNDS):
        uid = place.take_in(item="accident").uid
        claims = [
            lambda who=who: place.do(who, handling.claim, case_uid=uid)  # noqa: B023 -- done before
            for who in ("handler", "second")
        ]
        twice += len(granted(at_once(*claims))) - 1
    return twice


def noticed_twice(place: Place) -> int:
    twice = 0
    for _ in range(ROUNDS):
        uid = place.take_in(item="hospital-costs", given=("id-document",)).uid
        work = lambda: place.do("alice", notices.issue_notice, case_uid=uid)  # noqa: B023, E731 -- done before
        at_once(work, work)
        spans = CaseSpan.objects.filter(case__uid=uid, step="notify")
        twice += counted(Notice.objects.filter(case__uid=uid)) - 1
        twice += counted(spans) - 1
    return twice


@contextmanager
def without_key_index() -> Iterator[None]:
    """Let the same key open several cases, and the look for a former one come too early."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('cases_case_once'::regclass)")
        definition = cursor.fetchone()[0]
        cursor.execute("DROP INDEX cases_case_once")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('circle15.area', '/', false)")
            cursor.execute("UPDATE cases_case SET once_key = ''")
            cursor.execute("SELECT set_config('circle15.area', '', false)")
            cursor.execute(definition)


def unlocked():
    """Read cases without a lock, and slowly."""
    sleep(0.02)
    return Case.objects.all()


@pytest.fixture
def busy(transactional_db) -> Place:
    return furnish()


def test_races_find_nothing_double_and_find_it_without_the_guards(busy, monkeypatch):
    probes = (numbers_twice_or_missing, opened_twice, claimed_twice, noticed_twice)
    assert {probe.__name__: probe(busy) for probe in probes} == {
        probe.__name__: 0 for probe in probes
    }
    with without_key_index():
        assert opened_twice(busy) > 0
    with monkeypatch.context() as patch:
        patch.setattr(numbers, "_NEXT", READ_THEN_WRITE)
        assert numbers_twice_or_missing(busy) > 0
    monkeypatch.setattr(life, "for_update", unlocked)
    assert claimed_twice(busy) > 0


def test_templates_at_once_get_a_number_each_and_one_a_day(busy):
    other = factories.staff("city2", Role.CITY_OFFICER, area=factories.CityFactory(), name="陆明")
    what = {"kind": "granted", "content": beginning("granted"), "file_name": "x", "note": "x"}
    bring = partial(bring_in, **what, by=busy.actors["city"], at=AT)
    publish = partial(put_in_force, by=factories.actor_for(other), at=AT)

    drafts = at_once(*[bring] * 4)
    done = at_once(*[partial(publish, template_id=one.pk) for one in drafts])

    versions = PaperTemplate.objects.order_by("version").values_list("version", flat=True)
    assert list(versions) == [1, 2, 3, 4]
    assert sorted(type(one).__name__ for one in done) == [
        *["FirstDayTaken"] * 3,
        "PaperTemplate",
    ]


def test_every_retried_submission_is_one_case_with_one_event(busy):
    what = Intake(
        item_key="own-record",
        site_code=busy.site_code,
        person_uid=busy.person,
        given=("id-document",),
    )

    def press(number: int) -> object:
        by = busy.actors["alice"]
        with area_scope(by.area_path):
            return window.take_in(what, by=by, at=AT, key=f"retried-{number:05}").uid

    for number in range(RETRIED):
        uids = granted(at_once(*[lambda number=number: press(number)] * 4))
        assert (len(uids), len({*uids})) == (4, 1)
    assert counted(Case.objects.all()) == RETRIED
    assert counted(Event.objects.filter(verb="case.open")) == RETRIED
