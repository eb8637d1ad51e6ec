"""Mobile numbers of mainland China."""

import re

from circle15.core.text import tidy

_MOBILE = re.compile(r"1[0-9]{10}")


def canonical_mobile(typed: str) -> str:
    """Return a number as it is kept: half-width digits, no spaces, hyphens or country code."""
    return tidy(typed).text.replace(" ", "").replace("-", "").removeprefix("+86")


def is_mobile(number: str) -> bool:
    """Tell whether a canonical number has the form of a mobile one: 11 digits from 1 on."""
    return _MOBILE.fullmatch(number) is not None
