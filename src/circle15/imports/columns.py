"""Columns and sheets of the workbook, described once for template, reading and errors."""

from collections.abc import Mapping
from dataclasses import dataclass

from circle15.core.messages import NOTHING, Message
from circle15.imports import cells
from circle15.imports.cells import Reader
from circle15.imports.states import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """`choices` fills the drop-down; `is_code` keeps the spreadsheet from eating digits."""

    field: str
    title: str
    reader: Reader
    example: str
    note: Message = NOTHING
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_code: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`key` tells rows apart: two rows of a file with the same key are a mistake."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    def column(self, field: str) -> Column | None:
        return next((one for one in self.columns if one.field == field), None)


def choice(  # noqa: PLR0913 -- a column and its labels
    field: str,
    title: str,
    labels: Mapping[str, str],
    *,
    example: str,
    required: bool = False,
    aliases: tuple[str, ...] = (),
    note: Message = NOTHING,
) -> Column:
    return Column(
        field,
        title,
        cells.choice(labels),
        example,
        note=note,
        required=required,
        aliases=aliases,
        choices=tuple(labels),
    )


SITE = Column(
    "site_code",
    "网点编码",
    cells.site_code,
    "QD-0001",
    required=True,
    is_code=True,
    aliases=("网点代码", "站点编码"),
)
OF_SITE = Column(
    "site_code",
    "网点编码",
    cells.site_code,
    "QD-0001",
    is_code=True,
    aliases=("网点代码", "站点编码"),
    note=Message("与“区划代码”只填一项"),
)
OF_DIVISION = Column(
    "division_code",
    "区划代码",
    cells.division_code,
    "320681100000",
    is_code=True,
    aliases=("乡镇代码", "town_code"),
    note=Message("全乡镇共用的填这里"),
)
