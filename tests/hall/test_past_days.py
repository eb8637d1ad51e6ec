"""Past days brought in by bulk, and a recorded day beside the simulation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.factories import AT

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.bulk import DaysTaken, add_past_days
from circle15.hall.estimates import past_of, waits
from circle15.hall.figures import figures_of
from circle15.hall.models import Ticket
from circle15.hall.replay import replayed
from circle15.hall.visits import Period, visits_of
from circle15.ops.demo.hall_days import DAYS, Setting, past_days, past_seats

TODAY = AT.date()
SETTING = Setting(code="X", windows=3, people=90, minutes=7.0)


def bring_in(place, *, by=None, setting=SETTING, today: date = TODAY) -> int:
    by = by or place.manager
    with area_scope(by.area_path):
        return add_past_days(
            site_code=place.hall.site.code,
            visits=past_days(setting, today),
            seats=past_seats(setting, today),
            by=by,
            at=AT,
        )


def days_of(place):
    with area_scope(EVERYWHERE):
        found = Ticket.objects.order_by("day").values_list("day", flat=True).distinct()
        return list(found)


def test_past_days_look_as_if_they_had_been_played(place):
    count = bring_in(place)
    days = days_of(place)
    assert len(days) == DAYS
    with area_scope(EVERYWHERE):
        visits = visits_of(place.hall, Period(days[0], days[-1]), at=AT)
        numbers = [v.label for v in visits if v.day == days[0] and v.kind == "ordinary"]
    figures = figures_of(visits)
    assert figures.came == count
    assert figures.served + figures.no_shows + figures.left == count
    assert figures.unfinished == 0
    assert sorted(numbers) == [f"A{number:03}" for number in range(1, len(numbers) + 1)]


def test_past_days_are_added_once_and_by_their_own_manager(place):
    bring_in(place)
    with pytest.raises(DaysTaken):
        bring_in(place)
    with pytest.raises(NotFound):
        bring_in(place, by=replace(place.manager, area_path="/x/"))


def test_the_simulation_fed_by_a_recorded_day_gives_its_waits(place):
    """Nineteen of twenty days should lie within the band; three of ten outside would be a fault."""
    bring_in(place, setting=Setting(code="X", windows=3, people=120, minutes=8.0))
    with area_scope(EVERYWHERE):
        bands = [replayed(place.hall, day, at=AT) for day in days_of(place)]
    assert None not in bands
    assert sum(band.mean.holds for band in bands) >= DAYS - 2
    assert sum(band.p90.holds for band in bands) >= DAYS - 2


def test_a_day_with_hardly_anyone_is_not_compared(place):
    with area_scope(EVERYWHERE):
        assert replayed(place.hall, TODAY, at=AT) is None


def test_the_last_in_line_waits_longest_by_the_halls_own_past(place):
    bring_in(place)
    with area_scope(EVERYWHERE):
        past = past_of(place.hall.pk, on=TODAY)
        line = [(number, "certificate") for number in range(12)]
        told = waits(place.hall.pk, line, at=AT + timedelta(hours=1))
    assert 0 < past.missing < 0.1
    assert 0 < sum(past.overtaking) / len(past.overtaking) < 0.3
    assert (told[0].low_s, told[0].high_s) == (0, 0)
    assert told[11].low_s < told[11].high_s
    assert told[11].low_s > told[6].low_s > told[3].low_s


def test_todays_numbers_go_on_from_one(place):
    bring_in(place)
    assert place.take().label == "A001"
