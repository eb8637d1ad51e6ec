"""The range of waits: right where theory knows, and calibrated on days nobody fitted it to."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import gamma
from tests.planning.hall.halls import item, office

from circle15.planning.arrays import F64
from circle15.planning.hall.crowd import draw_crowd
from circle15.planning.hall.durations import Lognormal
from circle15.planning.hall.kernel import DS, GAVE_UP
from circle15.planning.hall.model import Green, Lane, Span, Window
from circle15.planning.hall.simulation import Days, simulate
from circle15.planning.hall.waiting import (
    FEWEST_RECORDED,
    Busy,
    Moment,
    kinds_of,
    overtaking_of,
    waits_ahead,
)

ALL_DAY = (Span(0, 86_400),)


def ahead_of(**parts) -> tuple[F64, F64]:
    moment = Moment(**({"samples": (np.full(9, 60.0),), "busy": (), "free": 1} | parts))
    ranges = waits_ahead(moment, np.random.default_rng(1))
    return ranges.low_s, ranges.high_s


def test_one_window_with_equal_services_serves_one_after_the_other():
    low, high = ahead_of(line=(0, 0, 0))
    assert low.tolist() == high.tolist() == [0.0, 60.0, 120.0]


def test_two_windows_serve_two_at_a_time():
    low, high = ahead_of(line=(0, 0, 0, 0, 0), free=2)
    assert low.tolist() == high.tolist() == [0.0, 0.0, 60.0, 60.0, 120.0]


def test_what_is_left_of_a_service_is_what_longer_ones_took_beyond_it():
    recorded = np.array([10.0, 100.0, 100.0])
    low, high = ahead_of(samples=(recorded,), line=(0,), busy=(Busy(0, 40.0),), free=0)
    assert low.tolist() == high.tolist() == [60.0]


def test_a_service_longer_than_any_recorded_ends_soon():
    low, high = ahead_of(line=(0,), busy=(Busy(0, 100.0),), free=0)
    assert 0 <= low[0] <= high[0] <= 20


def test_every_kind_takes_its_own_time():
    samples = (np.array([60.0, 600.0]), np.array([60.0]), np.array([600.0]))
    low, high = ahead_of(samples=samples, line=(2, 1, 1))
    assert low.tolist() == high.tolist() == [0.0, 600.0, 660.0]


def test_missing_people_take_only_the_time_of_calling_them():
    low, high = ahead_of(line=(0, 0), missing=1.0, missing_s=5.0)
    assert low.tolist() == high.tolist() == [0.0, 5.0]


def test_people_who_come_later_and_go_first_make_waits_longer():
    alone, overtaken = ahead_of(line=(0,) * 9), ahead_of(line=(0,) * 9, overtaking=(0.5,))
    assert overtaken[0][8] > alone[0][8]
    assert overtaken[1][8] > 1.5 * alone[1][8]


def test_nothing_is_said_while_no_window_is_open():
    closed = Moment(samples=(np.ones(1),), line=(0,), busy=(), free=0)
    assert waits_ahead(closed, np.random.default_rng(1)) is None


def test_an_item_with_few_records_is_drawn_from_all():
    often, seldom = np.full(FEWEST_RECORDED, 5.0), np.full(FEWEST_RECORDED - 1, 9.0)
    samples, which = kinds_of([often, seldom])
    assert [sample.size for sample in samples] == [2 * FEWEST_RECORDED - 1, FEWEST_RECORDED]
    assert which == (1, 0)


def test_the_mean_wait_behind_k_people_at_c_windows_is_that_of_theory():
    """Exponential services, all busy: the k-th call comes after k / c mean services."""
    recorded = np.random.default_rng(2).exponential(300.0, 20_000)
    busy = tuple(Busy(0, 0.0) for _ in range(4))
    moment = Moment(samples=(recorded,), line=(0,) * 12, busy=busy, free=0)
    ranges = waits_ahead(moment, np.random.default_rng(3), draws=20_000)
    expected = gamma.ppf([[0.1], [0.9]], np.arange(1, 13), scale=300.0 / 4)
    assert np.abs(ranges.low_s / expected[0] - 1).max() < 0.06
    assert np.abs(ranges.high_s / expected[1] - 1).max() < 0.03


def test_overtaking_counts_calls_that_went_past_someone_in_line():
    came, called = np.array([0, 10, 20, 30]), np.array([5, 40, 25, 35])
    assert overtaking_of(came, called, np.array([True, True, False, False])) == (2, 2)


@dataclass(frozen=True)
class Scene:
    """A hall, the days its records come from, and later days to be foretold."""

    name: str
    windows: int
    per_hour: float
    spread: float
    green: Green | None = None
    patience: Lognormal | None = None


SCENES = (
    Scene("one window", 1, 9.0, 0.0),
    Scene("town", 3, 26.0, 0.2),
    Scene("county", 12, 112.0, 0.1),
    Scene("green channel", 5, 44.0, 0.1, Green(0.2, 1, 1800)),
    Scene("impatient", 3, 29.0, 0.1, patience=Lognormal(2400.0, 1500.0)),
)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_four_of_five_waits_fall_inside_the_range(scene):
    inside, width, plain = foretold(scene)
    assert 0.75 <= inside <= 0.85
    assert width < 0.75 * plain  # than the range of all waits of such days


def foretold(scene: Scene) -> tuple[float, float, float]:
    """Return the share inside, the mean width, and the width of the hall's waits as a whole."""
    hall, windows = hall_of(scene)
    rng = np.random.default_rng(15)
    past = simulate(hall, windows, draw_crowd(hall, 0, 40, rng))
    later = simulate(hall, windows, draw_crowd(hall, 0, 60, rng))
    share = overtaken(past)
    seen = [look(later, day, scene, past, share, rng) for day in range(later.count)]
    low, high, real = np.concatenate([rows for rows in seen if rows.size]).T
    waited = past.waited / DS
    plain = float(np.diff(np.quantile(waited[waited > 0], (0.1, 0.9)))[0])
    inside = (low <= real) & (real <= high)
    return float(inside.mean()), float((high - low).mean()), plain


def hall_of(scene: Scene):
    items = (
        item(Lognormal(240.0, 150.0), name="a", share=0.7),
        item(Lognormal(700.0, 500.0), name="b", share=0.3),
    )
    hall = office(scene.per_hour, items=items, green=scene.green, patience=scene.patience)
    arrivals = replace(hall.arrivals, day_spread=scene.spread)
    return replace(hall, arrivals=arrivals), tuple(
        Window(str(number), ALL_DAY) for number in range(scene.windows)
    )


def overtaken(past: Days) -> tuple[float, ...]:
    """Return the share of each day."""
    shares = []
    for first, last in pairwise(past.crowd.first):
        day = np.flatnonzero(past.outcome.start[first:last] >= 0) + first
        regular = past.crowd.lane[day] == Lane.WALK_IN
        went_past, calls = overtaking_of(past.crowd.arrival[day], past.outcome.start[day], regular)
        shares.append(went_past / max(calls, 1))
    return tuple(shares)


def look(days: Days, day: int, scene: Scene, past: Days, overtaking: tuple[float, ...], rng) -> F64:
    """Look at one day at some arrivals: range told and what became true, one row each."""
    crowd, outcome = days.crowd, days.outcome
    rows = []
    people = np.arange(crowd.first[day], crowd.first[day + 1])
    for person in people[3 :: 7 * max(1, scene.windows // 4)]:
        now = crowd.arrival[person]
        waiting = people[(people < person) & (until(days)[people] > now)]
        serving = people[(people != person) & (outcome.start[people] >= 0)]
        serving = serving[outcome.start[serving] <= now]
        serving = serving[outcome.end[serving] > now]
        free = scene.windows - serving.size
        if crowd.lane[person] == Lane.GREEN or outcome.fate[person] == GAVE_UP or free:
            continue
        ranges = waits_ahead(
            Moment(
                samples=(services(past),),
                line=(0,) * (ahead(crowd.lane[waiting] == Lane.GREEN) + 1),
                busy=tuple(Busy(0, (now - outcome.start[who]) / DS) for who in serving),
                free=free,
                overtaking=overtaking,
                missing=float((past.outcome.fate == GAVE_UP).mean()),
                missing_s=0.0,
            ),
            rng,
        )
        rows.append((ranges.low_s[-1], ranges.high_s[-1], days.waited[person] / DS))
    return np.array(rows).reshape(-1, 3)


def ahead(green: NDArray[np.bool_]) -> int:
    """Return how many of those waiting go first: a green one for every ordinary one."""
    ordinary = int((~green).sum())
    return ordinary + min(int(green.sum()), ordinary + 1)


def until(days: Days):
    served = days.outcome.start >= 0
    return np.where(served, days.outcome.start, days.outcome.end)


def services(past: Days) -> F64:
    served = past.outcome.start >= 0
    return (past.outcome.end - past.outcome.start)[served][:5000] / DS
