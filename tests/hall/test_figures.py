"""The figures of a hall: each visit counted once, each average with what it rests on."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

from django.db import connection
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions.days import MINUTES, PEAKS, PRIORITY, record_days
from circle15.hall.estimates import waits
from circle15.hall.figures import figures_of, percentile_of, spread, waits_of
from circle15.hall.models import HallDay
from circle15.hall.tables import tables_of, workbook
from circle15.hall.visits import Period, visits_of
from circle15.ledger.models import Fact

MINUTE = timedelta(minutes=1)
DAY = AT.date()
NEXT_DAY = AT + timedelta(days=1)


def serve(place, *, wait: int, walk: int, service: int, at=AT, items=("resident-enrolment",)):
    place.take(items=items, at=at)
    called = place.call(at=at + wait * MINUTE)
    place.begin(called, at=at + (wait + walk) * MINUTE)
    place.finish(called, at=at + (wait + walk + service) * MINUTE)


def seen(place, *, at=NEXT_DAY):
    with area_scope(EVERYWHERE):
        return visits_of(place.hall, Period(DAY, DAY), at=at)


# Clauses: W-65
def test_times_are_those_between_the_steps(place):
    serve(place, wait=5, walk=1, service=8)
    visit = seen(place)[0]
    assert (visit.wait_s, visit.walk_s, visit.service_s, visit.held_s) == (300, 60, 480, 0)
    assert (visit.label, visit.window, visit.items) == ("A001", 1, ("resident-enrolment",))


def test_an_unfinished_service_is_counted_apart(place):
    serve(place, wait=5, walk=1, service=8)
    place.take(items=("certificate",), at=AT + 20 * MINUTE)
    place.begin(place.call(at=AT + 21 * MINUTE), at=AT + 22 * MINUTE)
    figures = figures_of(seen(place, at=AT + 52 * MINUTE))
    assert (figures.came, figures.served, figures.unfinished) == (2, 1, 1)
    assert (figures.instant.items, figures.instant.unfinished) == (1, 1)
    assert figures.instant.mean_s == 480
    assert figures.instant.mean_with_unfinished_s == (480 + 1800) / 2


# Clauses: W-55, N-07, J-65
def test_an_average_of_several_items_is_by_item(place):
    serve(place, wait=1, walk=1, service=12, items=("resident-enrolment", "certificate"))
    instant = figures_of(seen(place)).instant
    assert (instant.visits, instant.items, instant.mean_s) == (1, 2, 360)


def test_a_matter_that_takes_days_is_no_item_on_the_spot(place):
    serve(place, wait=1, walk=1, service=12, items=("hospital-costs", "certificate"))
    assert figures_of(seen(place)).instant.mean_s is None


def test_nothing_is_averaged_over_nobody():
    empty = spread(())
    assert (empty.count, empty.mean_s, empty.p90_s) == (0, None, None)
    assert figures_of(()).short_wait_share is None


def test_a_finished_day_goes_into_the_ledger_once(place):
    serve(place, wait=5, walk=1, service=8)
    serve(place, wait=5, walk=1, service=5, at=AT + 30 * MINUTE)
    assert record_days(at=AT) == 0
    assert record_days(at=NEXT_DAY) == 1
    assert record_days(at=NEXT_DAY) == 0
    with area_scope(EVERYWHERE):
        day = HallDay.objects.get()
        assert (day.came, day.served, day.instant_items, day.instant_s) == (2, 2, 2, 780)
        facts = dict(Fact.objects.values_list("name", "value"))
        assert facts == {MINUTES: "6.5", PRIORITY: True, PEAKS: False}
        note = Fact.objects.get(name=MINUTES).note
        assert "即办 2 件" in note
        assert Event.objects.filter(verb="hall.record_day").count() == 1


def test_waits_of_days_add_up_and_the_migration_fills_them(place):
    serve(place, wait=5, walk=1, service=8)
    serve(place, wait=12, walk=1, service=5, at=AT + 30 * MINUTE)
    record_days(at=NEXT_DAY)
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        kept = HallDay.objects.get().waits
        assert kept == waits_of(seen(place)) == {"5": 1, "12": 1}
        HallDay.objects.update(waits={})
        cursor.execute(import_module("circle15.hall.migrations.0014_waits_of_days")._FILL)
        assert HallDay.objects.get().waits == kept
    minutes = {int(minute): n for minute, n in kept.items()}
    assert [percentile_of(minutes, share) for share in (0.5, 0.9)] == [6, 13]


def test_rules_that_did_not_change_are_not_written_again(place):
    serve(place, wait=5, walk=1, service=8)
    record_days(at=NEXT_DAY)
    serve(place, wait=5, walk=1, service=4, at=NEXT_DAY)
    record_days(at=NEXT_DAY + timedelta(days=1))
    with area_scope(EVERYWHERE):
        values = Fact.objects.filter(name=MINUTES).order_by("id").values_list("value", flat=True)
        assert [Decimal(value) for value in values] == [Decimal(8), Decimal(6)]
        assert Fact.objects.filter(name=PRIORITY).count() == 1


def test_tables_name_rows_and_keep_clerks_from_clerks(place):
    serve(place, wait=5, walk=1, service=8)
    visits = seen(place)
    names = [table.id for table in tables_of(visits, with_clerks=False)]
    assert names == ["days", "items", "windows", "lanes", "hours"]
    by_item = tables_of(visits, with_clerks=True)[1]
    assert by_item.rows[0][:3] == ("城乡居民参保登记", 1, 1)
    assert workbook("大厅", visits, with_clerks=True, synthetic=True)[:2] == b"PK"


def test_waits_are_foretold_from_the_own_past_only(place):
    line = [(1, "resident-enrolment"), (2, "resident-enrolment")]
    with area_scope(EVERYWHERE):
        assert waits(place.hall.pk, line, at=NEXT_DAY) == {}
    for number in range(31):
        serve(place, wait=1, walk=0, service=5, at=AT + number * 6 * MINUTE)
    with area_scope(EVERYWHERE):
        told = waits(place.hall.pk, line, at=NEXT_DAY + timedelta(days=1))
    # Two windows are open and free: both are called at once.
    assert {id_: (wait.low_s, wait.high_s) for id_, wait in told.items()} == {1: (0, 0), 2: (0, 0)}
