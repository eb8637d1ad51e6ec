"""The sheets and columns of the catalogue as a workbook: what is written is what is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "pair", "pairs", "names", "word", "words", "whole", "flag", "when"]

ITEM = "item"


@dataclass(frozen=True, slots=True)
class Column:
    """A field and how it stands in cells; wordings take two, the English beside the Chinese.

    `sort` is the vocabulary of the words; `parent` the mapping the field stands in.
    """

    key: str
    form: Form
    sort: str = ""
    parent: str = ""
    width: int = 16

    @property
    def path(self) -> str:
        return f"{self.parent}.{self.key}" if self.parent else self.key

    @property
    def cells(self) -> tuple[str, ...]:
        is_wording = self.form in {"pair", "pairs"}
        return (self.path, f"{self.path}.en") if is_wording else (self.path,)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the items, or what they have several of. `part` is the field it fills."""

    title: str
    columns: tuple[Column, ...]
    part: str = ""

    def headings(self) -> Iterator[str]:
        """Give the keys of the columns; what belongs to an item names it first."""
        if self.part:
            yield ITEM
        if self.part == "choices":
            yield "question"
        for column in self.columns:
            yield from column.cells


_LEVELS = ("city", "county", "town", "village", "hospital", "bank", "pharmacy", "kiosk", "phone")
_LIMITS = ("promised", "statutory", "online")

ITEMS = Sheet(
    "事项",
    (
        Column("key", "text", width=22),
        Column("code", "text"),
        Column("main", "whole", width=8),
        Column("kind", "word", "kind", width=12),
        Column("name", "pair", width=34),
        Column("short_name", "pair", width=22),
        Column("aliases", "names", width=28),
        Column("group", "text"),
        Column("applicants", "words", "applicant"),
        Column("who", "pair", width=34),
        Column("conditions", "pairs", width=34),
        Column("instant", "flag", parent="limit", width=10),
        *(Column(key, "whole", parent="limit", width=10) for key in _LIMITS),
        Column("calendar", "flag", parent="limit", width=10),
        Column("fee", "pair", width=22),
        Column("steps", "pairs", width=40),
        Column("result", "pair", width=28),
        Column("delivery", "words", "handover"),
        Column("channels", "words", "channel"),
        Column("validity", "pair", width=22),
        *(Column(key, "word", "authority", parent="levels", width=12) for key in _LEVELS),
        Column("sets", "names"),
        Column("high_frequency", "flag", width=10),
        Column("four_eyes", "flag", width=10),
        Column("conditional_intake", "flag", width=10),
        Column("basis", "pairs", width=34),
        Column("notes", "pairs", width=34),
        Column("source", "names"),
        Column("confidence", "word", "confidence", width=10),
    ),
)
QUESTIONS = Sheet(
    "问题",
    (
        Column("key", "text", width=18),
        Column("text", "pair", width=34),
        Column("when", "when", width=28),
        Column("hint", "pair", width=34),
    ),
    part="questions",
)
CHOICES = Sheet(
    "选项", (Column("key", "text", width=18), Column("text", "pair", width=34)), part="choices"
)
REFUSALS = Sheet(
    "不予办理",
    (
        Column("when", "when", width=28),
        Column("reason", "pair", width=44),
        Column("instead", "text", width=22),
    ),
    part="refusals",
)
MATERIALS = Sheet(
    "材料",
    (
        Column("key", "text", width=22),
        Column("name", "pair", width=40),
        Column("optional", "flag", width=10),
        Column("when", "when", width=28),
        Column("copies", "whole", width=8),
        Column("medium", "word", "medium", width=14),
        Column("origin", "word", "origin", width=14),
        Column("form", "flag", width=8),
        Column("shareable", "flag", width=10),
        Column("deferrable", "flag", width=10),
        Column("commitment", "flag", width=10),
        Column("note", "pair", width=34),
    ),
    part="materials",
)

PARTS = (MATERIALS, QUESTIONS, CHOICES, REFUSALS)
SHEETS = (ITEMS, *PARTS)
