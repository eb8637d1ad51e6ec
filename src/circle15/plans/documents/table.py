"""A table of a plan: on its page, in Word, as a sheet and as CSV it is the same one."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from circle15.plans.documents.wording import percent

Value = str | float | None


class Form(StrEnum):
    """How a column is written where people read it; sheets and CSV keep the bare numbers."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    MINUTES = "minutes"
    RATE = "rate"


TEXT, COUNT, SHARE, MINUTES, RATE = Form
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
    def name_column(self) -> int:
        """Tell which column names the row: after code or rank, where these come first."""
        return next(
            (
                column
                for column, (head, form) in enumerate(zip(self.heads, self.forms, strict=True))
                if form == TEXT and head != _("代码")
            ),
            0,
        )

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Give every head, and whether numbers stand under it."""
        return [(head, form != TEXT) for head, form in zip(self.heads, self.forms, strict=True)]

    def shown(self, most: int | None = None) -> Iterator[list[Cell]]:
        """Write the rows, or the first of them, for people."""
        for row in self.rows[:most]:
            yield [
                Cell(head, written(value, form), form != TEXT)
                for head, value, form in zip(self.heads, row, self.forms, strict=True)
            ]


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
