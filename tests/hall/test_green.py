"""The effect of the green channel on the others."""

from datetime import timedelta

from tests.factories import AT

from circle15.areas.scope import area_scope
from circle15.hall.green import GreenEffect, effect_of, green_effect


def test_who_is_passed_over_and_what_it_costs(place):
    for lane in "AAGGA":
        place.take(lane)
    for minute in range(5):
        at = AT + timedelta(minutes=minute)
        one = place.call(at=at)
        place.begin(one, at=at)
        place.finish(one, at=at)
    with area_scope(place.alice.area_path):
        effect = green_effect(place.alice, "QD-0001", on=AT.date())
    # G001, G002, A001, A002, A003: two were passed over twice, the third came after the green.
    assert effect == GreenEffect(2, 3, 2, extra_s_mean=80, extra_s_most=120)


def test_a_day_without_calls_has_no_effect():
    assert effect_of([]) == GreenEffect(0, 0, 0, 0, 0)
    assert effect_of([("ordinary", 1, 0.0)]) == GreenEffect(0, 1, 0, 0, 0)
