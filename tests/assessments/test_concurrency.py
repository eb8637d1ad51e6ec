"""A day that is being stored and an edition that is being published wait for each other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from tests import factories
from tests.assessments.records import BOOK, a_site, complete, rule_books, version
from tests.factories import AT, actor_for

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import store_sheet
from circle15.assessments.beginnings import DayStored
from circle15.assessments.campaigns import freezing, making, reviewing
from circle15.assessments.campaigns.refusals import BadCampaign
from circle15.assessments.publishing import move

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 2)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"


def in_thread(work, *, held: Barrier | None = None):
    """Run in a transaction of a thread's own; with a barrier keep it open until told."""
    try:
        with area_scope(EVERYWHERE):
            done = work()
            if held is not None:
                held.wait()
                held.wait()
        return done
    finally:
        connection.close()


def until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _again in range(1_000):
            cursor.execute(WAITING, [connection.settings_dict["NAME"]])
            if cursor.fetchone() != (0,):
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    pytest.fail("nobody waited for the lock")


def one_after_the_other(first, second):
    """Begin the second while the first has not committed; return what came of both."""
    held = Barrier(2, timeout=20)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(in_thread, first, held=held)
        held.wait()
        other = pool.submit(in_thread, second)
        until_somebody_waits()
        held.wait()
        return one.result(), other.exception() or other.result()


def test_no_pass_mark_is_set_while_a_line_is_being_judged():
    rule_books()
    complete(a_site())
    by = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        wanted = making.Wanted("2026 年验收", "acceptance", BOOK, TODAY, 5, Decimal(80))
        campaign = making.make_campaign(wanted=wanted, chosen=making.Chosen(), by=by, at=AT)
        freezing.freeze(uid=campaign.uid, by=by, at=AT)
        entry = campaign.entries.get()
    line = {"uid": entry.uid, "rule_id": "I01.2.a", "confirms": True, "reason": ""}

    _done, refused = one_after_the_other(
        lambda: reviewing.review(**line, by=by, at=AT),
        lambda: making.set_pass_mark(uid=campaign.uid, mark=Decimal(60), by=by, at=AT),
    )
    assert isinstance(refused, BadCampaign)


@pytest.fixture
def both():
    """Give the two acts: publish the second version from today, and store a sheet of today."""
    rule_books()
    complete(a_site())
    officer = actor_for(factories.city_officer())
    with area_scope(EVERYWHERE):
        row = version(2, TODAY)
        row.state, row.published_by, row.published_at, row.in_force_from = "review", "", None, None
        row.save()

    def publish():
        return move(edition_id=row.id, state="published", by=officer, at=AT)

    def store():
        given = {"code": "QD-0001", "book": BOOK, "purpose": "self", "on": TODAY}
        return store_sheet(**given, by=officer, at=AT)

    return publish, store


def test_a_sheet_stored_while_publishing_takes_the_new_edition(both):
    publish, store = both
    published, kept = one_after_the_other(publish, store)

    assert (kept.edition_id, kept.edition_digest) == (published.id, published.digest)


def test_publishing_while_a_sheet_is_stored_sees_the_day_taken(both):
    publish, store = both
    kept, refusal = one_after_the_other(store, publish)

    assert isinstance(refusal, DayStored)
    assert kept.edition.version == "1"
