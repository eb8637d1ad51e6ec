"""The effect of the green channel on the others."""

from dataclasses import replace
from datetime import timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import AT
from tests.hall.test_figures import seen

from circle15.hall.figures import Visit
from circle15.hall.green import effect_of
from circle15.hall.states import LaneKind

MINUTE = timedelta(minutes=1)
DAY = AT.date()


def called(kind: str, came_s: float, called_s: float, **more) -> Visit:
    values = {
        "day": DAY,
        "label": "",
        "kind": kind,
        "state": "finished",
        "was_cleared": False,
        "items": (),
        "window": 1,
        "clerk": "",
        "hour": 9,
        "came_s": came_s,
        "called_s": called_s,
        "wait_s": called_s - came_s,
        "walk_s": 0.0,
        "service_s": 60.0,
        "held_s": 0.0,
    }
    return Visit(**values | more)


def test_who_is_passed_over_and_what_it_costs(place):
    for lane in "AAGGA":
        place.take(lane)
    for minute in range(5):
        at = AT + minute * MINUTE
        one = place.call(at=at)
        place.begin(one, at=at)
        place.finish(one, at=at)

    effect = effect_of(seen(place))

    # G001, G002, A001, A002, A003: two were called two minutes later, the third as it came.
    assert (effect.green.real.count, effect.ordinary.real.count, effect.passed_over) == (2, 3, 2)
    assert (effect.extra_s_mean, effect.extra_s_most, effect.extra_s_per_green) == (80, 120, 120)
    assert (effect.ordinary.real.median_s, effect.ordinary.without.median_s) == (180, 60)
    assert (effect.green.real.median_s, effect.green.without.median_s) == (30, 150)


def test_without_a_call_of_the_green_channel_there_is_none():
    assert effect_of([]) is None
    assert effect_of([called("ordinary", 0, 60), called("booked", 0, 0)]) is None
    assert effect_of([replace(called("green", 0, 0), called_s=None)]) is None


def test_the_channel_alone_costs_nobody_anything():
    effect = effect_of([called("green", 0, 60), called("green", 30, 90)])
    assert (effect.extra_s, effect.extra_s_mean, effect.passed_over) == (0, 0, 0)
    assert effect.green.real == effect.green.without


def test_who_missed_the_call_and_came_back_changes_no_order():
    green = called("green", 30, 60)
    again = called("ordinary", 0, 3600, wait_s=20.0)
    recalled = called("ordinary", 10, 150, wait_s=110.0, walk_s=30.0)

    effect = effect_of([green, again, recalled])

    assert (effect.ordinary.real.count, effect.extra_s) == (1, 60)


MINUTES = st.integers(0, 60)


@given(st.lists(st.tuples(st.sampled_from(LaneKind), MINUTES, MINUTES), max_size=12))
def test_what_the_others_lose_the_channel_gains(rows):
    visits = [called(kind, came * 60, (came + wait) * 60) for kind, came, wait in rows]
    effect = effect_of(visits)
    if effect is not None:
        green = [visit for visit in visits if visit.kind == LaneKind.GREEN]
        assert effect.green.real.mean_s == fmean(visit.wait_s for visit in green)
        gained = (effect.green.without.mean_s - effect.green.real.mean_s) * len(green)
        assert gained == pytest.approx(effect.extra_s)
        # Nobody would have been called before he came.
        assert effect.green.without.median_s >= 0
