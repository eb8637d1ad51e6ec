"""A table of a plan: on its page, in Word, as a sheet and as CSV it is the same one."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from circle15.plans.documents.wording import percent

Value = str | float | None


class Form(StrEnum):
    """How a column is written where people read it; sheets and CSV keep the bare numbers.

    A code is for sheets only; minutes `after` a name stand in the cell of the name.
    """

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    SHARE = "share"
    MINUTES = "minutes"
    RATE = "rate"
    AFTER = "after"


TEXT, CODE, COUNT, SHARE, MINUTES, RATE, AFTER = Form
_WORDS = {TEXT, CODE}
_DASH = "—"


class Cell(NamedTuple):
    """A cell in words, with the head of its column."""

    head: str
    words: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class PlanTable:
    """One table in words of the current language; `forms` by column, all text where none given.

    `note`: what must be known to read it. `id`: of its heading on the page.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    forms: tuple[Form, ...] = ()
    note: str = ""
    id: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Give the heads people read, and whether numbers stand under them."""
        return [(head, form not in _WORDS) for head, form in self._read()]

    @property
    def name_column(self) -> int:
        """Tell which of these columns names the row."""
        return next((row for row, (_, form) in enumerate(self._read()) if form == TEXT), 0)

    def shown(self, most: int | None = None) -> Iterator[list[Cell]]:
        """Write the rows, or the first of them, for people."""
        for row in self.rows[:most]:
            yield list(self._cells(row))

    def _read(self) -> list[tuple[str, Form]]:
        both = zip(self.heads, self.forms, strict=True)
        return [(head, form) for head, form in both if form not in {CODE, AFTER}]

    def _cells(self, row: tuple[Value, ...]) -> Iterator[Cell]:
        forms = (*self.forms[1:], TEXT)
        following = (*row[1:], None)
        cells = zip(self.heads, row, self.forms, forms, following, strict=True)
        for head, value, form, next_form, after in cells:
            if form in {CODE, AFTER}:
                continue
            words = written(value, form)
            if next_form == AFTER and isinstance(after, int | float):
                words = _("%(name)s，%(n)s 分钟") % {"name": words, "n": f"{after:.1f}"}
            yield Cell(head, words, form not in _WORDS)


def written(value: Value, form: Form) -> str:
    """Write one value."""
    if form == MINUTES:
        return _("没有路可到") if value is None else f"{value:.1f}"
    if value is None or value == "":
        return _DASH
    if isinstance(value, str):
        return value
    return {COUNT: f"{value:,.0f}", SHARE: percent(value), RATE: amount(value)}[form]


def amount(value: float) -> str:
    """Write a number that need not be whole: three figures are enough to compare."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"  # noqa: PLR2004 -- three figures


def table(
    title: str,
    columns: tuple[tuple[str, Form], ...],
    rows: Iterator[tuple[Value, ...]],
    *,
    name: str,
    note: str = "",
) -> PlanTable:
    """Make a table of columns with their forms."""
    heads, forms = zip(*columns, strict=True)
    return PlanTable(title, heads, tuple(rows), forms, note, name)
