"""Ranks that do not pretend more than is known."""

from hypothesis import given
from hypothesis import strategies as st

from circle15.assessments.dashboards.ranking import Estimate, Place, of_mean, of_share, places
from circle15.core.shares import Share

COUNTS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda two: Share(min(two), max(two))
)


def test_who_overlaps_shares_places_and_who_has_no_value_has_none() -> None:
    sure, near, alike = Share(990, 1000), Share(50, 100), Share(52, 100)
    found = places(of_share(one) for one in (near, sure, alike, Share(0, 0)))
    assert found == [Place(2, 3), Place(1, 1), Place(2, 3), None]


@given(st.lists(COUNTS, max_size=8))
def test_places_say_what_is_certain_and_no_more(shares: list[Share]) -> None:
    known = [of_share(one) for one in shares]
    for one, at in zip(known, places(known), strict=True):
        if at is None or one.low is None or one.high is None:
            assert one.n == 0
            continue
        others = [each for each in known if each.low is not None and each.high is not None]
        assert at.first == 1 + sum(each.low > one.high for each in others)
        assert at.last == len(others) - sum(each.high < one.low for each in others)
        assert at.first <= at.last


def test_a_mean_of_one_has_no_width_and_of_none_no_value() -> None:
    assert of_mean([80.0]) == Estimate(80.0, 80.0, 80.0, 1)
    assert of_mean([]) == Estimate(None, None, None, 0)
    wide = of_mean([60.0, 100.0])
    assert (wide.value, round(wide.high or 0, 1)) == (80.0, 119.2)
