"""Amount and date of an invoice or receipt."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from circle15.core.reading.fields import Field, Found
from circle15.core.reading.lines import Row

_MONEY = r"[¥￥Y]?(?P<value>[0-9]{1,3}(?:[,，][0-9]{3})+\.[0-9]{2}|[0-9]{1,9}\.[0-9]{2})(?![0-9])"
# The total is named; the figure in digits stands behind 小写 where the words stand first.
_TOTAL = re.compile(rf"(?:小写|价税合计|合计|总计|总额|应收|实收)[^0-9¥￥]*{_MONEY}")
_DATE = re.compile(
    r"(?P<year>20[0-9]{2})(?:年|[-./])?(?P<month>[01]?[0-9])(?:月|[-./])?(?P<day>[0-3][0-9]|[1-9])"
    r"(?![0-9])"
)
_DATE_LABEL = re.compile(r"日期|时间|开票")


def receipt(rows: Sequence[Row]) -> tuple[Found, ...]:
    """Return the total and the day; nothing unless a total is named."""
    totals = [
        Found(Field.AMOUNT, f"{_amount(match['value'])}", row.confidence)
        for row in rows
        if (match := _TOTAL.search(row.text))
    ]
    if not totals:
        return ()
    largest = max(totals, key=lambda each: Decimal(each.value))
    return (largest, *_days(rows)[:1])


def _days(rows: Sequence[Row]) -> list[Found]:
    """Return the days found, those behind a label first."""
    found = [
        (not _DATE_LABEL.search(row.text), Found(Field.DATE, day, row.confidence))
        for row in rows
        for match in _DATE.finditer(row.text)
        if (day := _day(match["year"], match["month"], match["day"]))
    ]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("，", ""))


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
