"""Mobile numbers as people write them."""

import pytest

from circle15.core.identifiers.mobile import canonical_mobile, is_mobile


@pytest.mark.parametrize(
    "typed", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"]
)
def test_one_number_has_one_form(typed: str) -> None:
    assert canonical_mobile(typed) == "13800138000"


@pytest.mark.parametrize(
    ("number", "told"),
    [("13800138000", True), ("1380013800", False), ("138001380001", False), ("23800138000", False)],
)
def test_eleven_digits_from_one_on(number: str, told: bool) -> None:
    assert is_mobile(number) is told
