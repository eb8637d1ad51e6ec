"""Phone numbers of this country as people write them: mobiles, lines with their area code."""

import re

_SEPARATORS = re.compile(r"[\s()（）-]")
_COUNTRY = re.compile(r"^(\+|00)86")
# A mobile; a line with its area code, maybe with an extension; a number of 400 or 800.
_VALID = re.compile(r"1[3-9]\d{9}|0(?:10|2\d|[3-9]\d{2})\d{7,8}(?:\d{1,4})?|[48]00\d{7}")


def is_phone(text: str) -> bool:
    """Tell whether a text is a number that can be called."""
    return bool(_VALID.fullmatch(_COUNTRY.sub("", _SEPARATORS.sub("", text))))
