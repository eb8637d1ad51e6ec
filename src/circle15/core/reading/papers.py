"""Which paper it is, and what it says: the best of all ways to read it."""

import re
from collections.abc import Sequence

from circle15.core.reading import bank_card, identity_card, receipt
from circle15.core.reading.fields import Field, Found, Paper, ReadPaper
from circle15.core.reading.lines import Line, Row, ways_to_read

_OF_CARD = re.compile(r"公民身份|身份号码|住址|姓名|签发机关|有效期限|居民身份证")
_FRONT_AT_LEAST = 3


def read_paper(lines: Sequence[Line]) -> ReadPaper:
    """Return the fields of the paper on a photo, however it was held. Nothing found: OTHER."""
    ways = [read_rows(rows) for rows in ways_to_read(lines)]
    return max(ways, key=lambda each: each.weight)


def read_rows(rows: Sequence[Row]) -> ReadPaper:
    """Return the fields of rows the right way up."""
    front, back = identity_card.front(rows), identity_card.back(rows)
    if _is_front(front):
        return ReadPaper(Paper.ID_FRONT, front)
    if len(back) > 1:
        return ReadPaper(Paper.ID_BACK, back)
    if not any(_OF_CARD.search(row.text) for row in rows):
        if card := bank_card.card(rows):
            return ReadPaper(Paper.BANK_CARD, card)
        if paid := receipt.receipt(rows):
            return ReadPaper(Paper.RECEIPT, paid)
    return ReadPaper(Paper.OTHER, ())


def _is_front(found: Sequence[Found]) -> bool:
    """Tell whether it is the portrait side: the number is proved, or most of the rest is there."""
    names = {each.field for each in found}
    proved = any(each.field == Field.ID_NUMBER and each.is_proved for each in found)
    return (proved and len(names) > 1) or len(names) >= _FRONT_AT_LEAST
