"""Records of a hall: estimates with known answers, then two weeks of a real call centre."""

from datetime import date

import numpy as np
import pytest
from tests.planning.hall.call_centre import calls
from tests.planning.hall.halls import office

from circle15.planning.hall.durations import FOREVER_S, Sample, Survival
from circle15.planning.hall.model import Span
from circle15.planning.hall.records import (
    NOT_SEEN,
    Visits,
    patience_of,
    profile_of,
    replay_crowd,
    service_of,
    windows_present,
)
from circle15.planning.hall.validation import check_day, presence_gap

MONDAY = date(2015, 1, 5).toordinal()


def visits_of(*rows: tuple[float, ...]) -> Visits:
    """Rows of day, arrival, start, end, left and, if known, the window."""
    day, arrival, start, end, left, *window = zip(*rows, strict=True)
    times = (np.array(column, dtype=np.float64) for column in (arrival, start, end, left))
    names = window[0] if window else ("",) * len(rows)
    return Visits(np.array(day, dtype=np.int64), *times, ("",) * len(rows), names)


def waits(*pairs: tuple[float, bool]) -> Visits:
    return visits_of(
        *(
            (MONDAY, 0.0, NOT_SEEN, NOT_SEEN, wait)
            if left
            else (MONDAY, 0.0, wait, wait + 60, NOT_SEEN)
            for wait, left in pairs
        )
    )


def test_patience_is_the_curve_of_kaplan_and_meier():
    seen = waits((1, True), (2, False), (3, True), (3, True), (4, False), (5, True))
    assert patience_of(seen) == Survival(
        (1.0, 3.0, 5.0), (5 / 6, pytest.approx(5 / 12), pytest.approx(0.0))
    )


def test_who_outlasts_what_was_seen_stays_for_ever():
    curve = patience_of(waits((10, True), (20, False)))
    drawn = curve.draw(np.random.default_rng(1), 1000)
    assert sorted(set(drawn)) == [10.0, FOREVER_S]
    assert (drawn == 10.0).mean() == pytest.approx(0.5, abs=0.05)
    assert curve.mean_s == 10.0


def test_without_anyone_giving_up_nothing_is_known_of_patience():
    assert patience_of(waits((5, False))) is None
    assert service_of(waits((5, True))) is None


def test_a_profile_is_the_mean_of_its_weekday():
    rows = [(MONDAY, 32_400.0)] * 3 + [(MONDAY + 7, 32_400.0)] + [(MONDAY + 1, 33_300.0)] * 5
    arrivals = profile_of(visits_of(*((*row, NOT_SEEN, NOT_SEEN, NOT_SEEN) for row in rows)))
    assert {day: sum(rates) for day, rates in arrivals.by_weekday.items()} == {0: 2.0, 1: 5.0}
    assert (arrivals.by_weekday[0][36], arrivals.by_weekday[1][37]) == (2.0, 5.0)
    assert (arrivals.busiest, arrivals.day_spread) == (1, 0.0)


def test_days_that_differ_more_than_by_chance_have_a_spread():
    rng = np.random.default_rng(2)
    totals = rng.poisson(200 * rng.gamma(25, 1 / 25, 400))
    rows = [
        (MONDAY + 7 * week, 40_000.0, NOT_SEEN, NOT_SEEN, NOT_SEEN)
        for week, total in enumerate(totals)
        for _ in range(total)
    ]
    assert profile_of(visits_of(*rows)).day_spread == pytest.approx(0.2, abs=0.02)


def test_a_window_is_manned_between_services_that_follow_soon():
    seen = visits_of(
        (MONDAY, 0.0, 10.0, 60.0, NOT_SEEN, "S1"),
        (MONDAY, 0.0, 15.0, 40.0, NOT_SEEN, "S2"),
        (MONDAY, 0.0, 100.0, 160.0, NOT_SEEN, "S1"),
        (MONDAY, 0.0, 400.0, 410.0, NOT_SEEN, "S1"),
    )
    assert [(window.id, window.duty) for window in windows_present(seen, 60)] == [
        ("S1", (Span(10, 161), Span(400, 411))),
        ("S2", (Span(15, 41),)),
    ]


def test_a_replayed_day_keeps_its_arrivals():
    seen = waits((5, False), (7, True))
    crowd = replay_crowd(seen, Sample((30.0,)), None, 3, np.random.default_rng(0))
    assert crowd.first.tolist() == [0, 2, 4, 6]
    assert (set(crowd.arrival), set(crowd.service)) == ({0}, {300})


def test_the_second_week_of_the_call_centre_is_told_from_the_first():
    """Arrivals and manning are the day's own; service, patience and the gap are of week one."""
    seen = calls()
    assert len(seen) == 17_456 - 143 - 1_040
    days = sorted(set(seen.day.tolist()))
    past = seen.of_days(days[:7])
    hall = office(opening=(Span(0, 86_400),))
    service = service_of(past)
    habits = presence_gap(hall, past, service, patience_of(past), (60, 120, 180, 240, 300))
    checks = [
        check_day(hall, seen.of_days([day]), habits, 10, np.random.default_rng(day))
        for day in days[7:]
    ]
    wait_errors = sorted(abs(c.predicted_wait_s / c.wait_s - 1) for c in checks)
    left_errors = sorted(abs(c.predicted_gave_up - c.gave_up) for c in checks)
    assert wait_errors[3] < 0.35  # the median day; 14 February, with its odd evening, is far off
    assert left_errors[3] < 0.05
    assert wait_errors[-1] > 1
