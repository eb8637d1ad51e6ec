"""Wilson's interval against values that were published, and where there is nothing to share."""

import pytest

from circle15.core.shares import Share, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3; last a mirrored one.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0000),
    ],
)
def test_wilson_is_as_published(part, whole, low, high):
    found = wilson(part, whole)
    assert found is not None
    assert [round(each, 4) for each in found] == [low, high]


def test_nothing_counted_has_no_share():
    assert wilson(0, 0) is None
    assert Share(0, 0).value is None
    assert Share(3, 3).value == 1.0


def test_more_than_all_is_no_share():
    with pytest.raises(ValueError, match="no share"):
        wilson(4, 3)
