"""Running sums of cases equal a recount, whatever happens to a case; histories do it at random."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from tests.cases.conftest import Place, fresh
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import deciding, handling, sweep
from circle15.cases.models import Case
from circle15.cases.tallies.counted import Counted, rows_of
from circle15.cases.tallies.keeping import SUMS, differences, recount
from circle15.cases.tally_models import CaseTally

pytestmark = pytest.mark.django_db
DAY = AT.date()


def total() -> dict[str, int]:
    with area_scope(EVERYWHERE):
        rows = CaseTally.objects.values_list(*SUMS)
        return {name: sum(row[i] for row in rows) for i, name in enumerate(SUMS)}


def lives(place: Place) -> None:
    """One case decided two hours after it was accepted, one taken in, one never handed in."""
    done = place.take_in(item="contribution-years")
    later = AT + timedelta(hours=2)
    place.do("handler", handling.claim, case_uid=done.uid, at=later)
    place.do("handler", deciding.decide, case_uid=done.uid, outcome="approved", at=later)
    place.do("second", deciding.second, case_uid=done.uid, agree=True, at=later)
    place.take_in(item="contribution-years")
    place.open()


def test_sums_move_with_every_step(place: Place) -> None:
    lives(place)
    assert total() == {
        "received": 2,
        "open": 1,
        "open_late": 0,
        "decided": 1,
        "decided_late": 0,
        "handled_s": 7200,
    }
    sweep.sweep(at=AT + timedelta(days=60))
    assert total()["open_late"] == 1
    with area_scope(EVERYWHERE):
        assert differences() == []


def test_recount_and_migration_write_the_same_sums(place: Place) -> None:
    lives(place)
    told = total()
    fill = import_module("circle15.cases.migrations.0020_tallies")._FILL
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        CaseTally.objects.all().delete()
        assert len(differences()) == 1
        cursor.execute(fill)
        assert differences() == []
        recount()
        assert differences() == []
    assert total() == told


def test_what_is_not_counted_is_named(place: Place) -> None:
    uid = place.take_in().uid
    with area_scope(EVERYWHERE):
        Case.objects.filter(uid=uid).update(overdue_at=AT)
        assert differences() == [f"{fresh(uid).area_path} {DAY} own-record"]


def test_rows_behind_a_number_are_as_many(place: Place) -> None:
    lives(place)
    sweep.sweep(at=AT + timedelta(days=60))
    found = total()
    wanted = {
        Counted.RECEIVED: found["received"],
        Counted.DECIDED: found["decided"],
        Counted.IN_TIME: found["decided"] - found["decided_late"],
        Counted.DECIDED_LATE: found["decided_late"],
        Counted.OPEN: found["open"],
        Counted.OPEN_LATE: found["open_late"],
    }
    with area_scope(EVERYWHERE):
        rows = {
            what: Case.objects.filter(rows_of(what, since=DAY, until=DAY)).count()
            for what in Counted
        }
    assert rows == wanted
