"""Hide numbers of persons in free text before the trail keeps it for ever."""

import re

from circle15.core.masking import mask_phone, mask_resident_id

# A month and a day inside keep credit codes and order numbers of the same length readable.
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_RESIDENT_ID = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}(?:(?:18|19|20)\d{{2}}{_DAY}\d{{3}}[\dXx]|\d{{2}}{_DAY}\d{{3}})(?!\d)",
    re.ASCII,
)
_PHONE = re.compile(r"(?:(?<!\d)|(?<=\b86))1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", re.ASCII)


def masked(text: str) -> str:
    """Mask every resident ID and mobile number inside a text."""
    hidden = _RESIDENT_ID.sub(lambda found: mask_resident_id(found[0]), text)
    return _PHONE.sub(lambda found: mask_phone(found[0]), hidden)
