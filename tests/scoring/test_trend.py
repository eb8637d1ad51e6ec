"""The robust line and the forecast, against numbers worked out by hand."""

from decimal import Decimal

import pytest

from circle15.scoring.trend import Forecast, Point, TooFewDays, forecast, percentile, trend

D = Decimal


def days(*totals: str) -> list[Point]:
    return [Point(day, D(total)) for day, total in enumerate(totals)]


def test_line_is_the_median_of_slopes_and_one_bad_day_does_not_move_it():
    # Slopes of the six pairs: 1, 10, 1, 19, 1, -17; the middle two are 1 and 1.
    line = trend(days("10", "11", "30", "13"))

    assert (line.slope, line.level) == (D(1), D(10))
    assert line.residuals == (D(0), D(0), D(0), D(18))
    assert line.on(10) == D(20)


def test_even_number_of_slopes_gives_the_mean_of_the_middle_two():
    # Slopes: 2, -4, -1; levels 0 + 1·0, 2 + 1, -2 + 2: 0, 3, 0.
    line = trend(days("0", "2", "-2"))

    assert (line.slope, line.level) == (D(-1), D(0))
    assert line.residuals == (D(0), D(0), D(3))


@pytest.mark.parametrize(
    ("percent", "value"), [(0, "1"), (10, "1.4"), (50, "3"), (90, "4.6"), (100, "5")]
)
def test_percentile_lies_on_the_line_between_neighbours(percent, value):
    assert percentile([D(n) for n in range(1, 6)], percent) == D(value)


def test_forecast_is_a_range_rounded_outward_and_stays_inside_the_book():
    points = days(*("80", "81") * 10)  # slopes' median 0, residuals -0.5 and 0.5
    asked = {"on": 50, "least_days": 14, "low": 10, "high": 90}

    assert forecast(points, most=D(100), **asked) == Forecast(
        low=D("80.0"), expected=D("80.5"), high=D("81.0"), days=20, slope=D(0)
    )
    found = forecast(points, most=D("80.7"), **asked)
    assert isinstance(found, Forecast)
    assert found.high == D("80.7")


def test_forecast_of_a_falling_score_ends_at_nothing():
    falling = [Point(day, D(20 - day)) for day in range(14)]

    found = forecast(falling, on=40, most=D(100), least_days=14, low=10, high=90)

    assert found == Forecast(D(0), D(0), D(0), days=14, slope=D(-1))


def test_too_few_days_give_no_forecast():
    asked = {"on": 40, "most": D(100), "low": 10, "high": 90}

    assert forecast(days("1") * 1, least_days=14, **asked) == TooFewDays(1, 14)
    assert forecast([], least_days=0, **asked) == TooFewDays(0, 0)


def test_days_out_of_order_give_the_same_line_and_doubled_ones_none():
    points = days("10", "11", "30", "13")

    assert trend(points[::-1]).slope == trend(points).slope
    with pytest.raises(ValueError, match="one day"):
        trend([*points, points[0]])
    with pytest.raises(ValueError, match="no values"):
        trend([])
