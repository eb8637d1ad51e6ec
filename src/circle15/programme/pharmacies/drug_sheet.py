"""Read a drug list from the rows of a table: what each row says, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.areas.wording import worded
from circle15.core import entries
from circle15.core.text import cell_text, to_half_width
from circle15.programme.pharmacies.refusals import UnusableSheet
from circle15.standards.pharmacies import pharmacy_rules

MOST_ROWS = 5_000
_HEADER_WITHIN = 20
_FOUR_PLACES = Decimal("0.0001")
_MOST_PRICE = Decimal(1_000_000)
_NOISE = re.compile(r"[\s*＊:：（）()]|元")

CODE, NAME, SPEC, KIND = "code", "name", "spec", "kind"
PROCUREMENT, SALE, PRICED_ON = "procurement", "sale", "priced_on"
# The first name of each is the heading of our own template.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    CODE: ("药品编码", "国家医保代码", "药品代码", "编码", "code"),
    NAME: ("药品名称", "通用名", "名称", "品名", "name"),
    SPEC: ("规格", "规格包装", "包装规格", "spec"),
    KIND: ("类别", "药品类别", "集采国谈", "采购类别", "kind"),
    PROCUREMENT: ("采购价", "进价", "中选价", "挂网价", "采购价格", "procurement"),
    SALE: ("销售价", "零售价", "售价", "销售价格", "sale"),
    PRICED_ON: ("执行日期", "价格日期", "日期", "生效日期", "date"),
}
_LENGTHS = {CODE: 40, NAME: 120, SPEC: 120}
TITLES = {
    CODE: gettext_lazy("药品编码"),
    NAME: gettext_lazy("药品名称"),
    SPEC: gettext_lazy("规格"),
    KIND: gettext_lazy("类别"),
    PROCUREMENT: gettext_lazy("采购价"),
    SALE: gettext_lazy("销售价"),
    PRICED_ON: gettext_lazy("执行日期"),
}
_NEEDED = (CODE, NAME, KIND, PROCUREMENT, SALE)


@dataclass(frozen=True, slots=True)
class DrugRow:
    """A row with its number in the table: the cells as typed, what is wrong, and what it says.

    `problems` make it unusable; `is_marked_up` says that the drug is sold above what it cost.
    """

    number: int
    cells: Mapping[str, str]
    problems: tuple[str, ...]
    kind: str = ""
    procurement: Decimal | None = None
    sale: Decimal | None = None
    priced_on: date | None = None

    @property
    def is_marked_up(self) -> bool:
        return (
            self.sale is not None and self.procurement is not None and self.sale > self.procurement
        )

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems) or self.is_marked_up


# Clauses: J-78, J-81
def read_rows(table: Sequence[Sequence[object]], *, on: date) -> tuple[DrugRow, ...]:
    """Read every row below the header. A row without a date is of the day of the hand-in.

    Raises UnusableSheet for a table without the needed columns, without rows or too long.
    """
    header, places = _header(table)
    missing = [str(TITLES[name]) for name in _NEEDED if name not in places.values()]
    if missing:
        raise UnusableSheet(_("缺少必填列：%(columns)s。") % {"columns": _("、").join(missing)})
    found = tuple(_rows(table[header + 1 :], header + 2, places, on))
    if not found:
        raise UnusableSheet(_("表里没有药品，请填好再上传。"))
    if len(found) > MOST_ROWS:
        raise UnusableSheet(_("一次最多 %(most)s 行，请分开上传。") % {"most": f"{MOST_ROWS:,}"})
    return found


def _header(table: Sequence[Sequence[object]]) -> tuple[int, dict[int, str]]:
    names = {_plain(alias): name for name, aliases in COLUMNS.items() for alias in aliases}
    best: tuple[int, dict[int, str]] = (0, {})
    for number, row in enumerate(table[:_HEADER_WITHIN]):
        places: dict[int, str] = {}
        for place, cell in enumerate(row):
            name = names.get(_plain(cell))
            if name and name not in places.values():
                places[place] = name
        if len(places) > len(best[1]):
            best = number, places
    return best


def _plain(cell: object) -> str:
    return _NOISE.sub("", to_half_width(cell_text(cell))).lower()


def _rows(
    rows: Sequence[Sequence[object]], first: int, places: Mapping[int, str], on: date
) -> Iterator[DrugRow]:
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, first):
        cells = {
            name: cell_text(row[place]).strip() if place < len(row) else ""
            for place, name in places.items()
        }
        if not any(cells.values()):
            continue
        yield _row(number, cells, seen, on)
        seen.setdefault(cells[CODE], number)


def _row(number: int, cells: Mapping[str, str], seen: Mapping[str, int], on: date) -> DrugRow:
    problems: list[str] = []
    for name, most in _LENGTHS.items():
        text = cells.get(name, "")
        if not text and name in _NEEDED:
            problems.append(_("没有填%(column)s") % {"column": TITLES[name]})
        elif len(text) > most:
            problems.append(
                _("%(column)s超过%(most)s个字") % {"column": TITLES[name], "most": most}
            )
    if cells[CODE] and cells[CODE] in seen:
        problems.append(_("药品编码和第%(row)s行重复") % {"row": seen[cells[CODE]]})
    kind = _kind(cells[KIND])
    if not kind:
        problems.append(_("类别应写集采或国谈"))
    procurement = _price(cells, PROCUREMENT, problems)
    sale = _price(cells, SALE, problems)
    priced_on = _day(cells.get(PRICED_ON, ""), on, problems)
    return DrugRow(number, cells, tuple(problems), kind, procurement, sale, priced_on)


def _kind(text: str) -> str:
    plain = _plain(text)
    for key, kind in pharmacy_rules().drug_kinds.items():
        if plain in {_plain(word) for word in kind.words}:
            return key
    return ""


def _price(cells: Mapping[str, str], name: str, problems: list[str]) -> Decimal | None:
    """Read yuan with at most four places, without a sign for money."""
    text, column = cells[name].lstrip("¥￥").removesuffix("元"), TITLES[name]
    if not text.strip():
        problems.append(_("没有填%(column)s") % {"column": column})
        return None
    found = entries.parse_decimal(text)
    if isinstance(found, entries.Problem):
        problems.append(f"{column} {worded(found.message)}")
        return None
    if not 0 < found < _MOST_PRICE:
        problems.append(_("%(column)s应大于零、小于一百万元") % {"column": column})
        return None
    if found != found.quantize(_FOUR_PLACES):
        problems.append(_("%(column)s最多四位小数") % {"column": column})
        return None
    return found


def _day(text: str, on: date, problems: list[str]) -> date | None:
    if not text:
        return on
    found = entries.parse_date(text)
    if isinstance(found, entries.Problem):
        problems.append(f"{TITLES[PRICED_ON]} {worded(found.message)}")
        return None
    if found > on:
        problems.append(_("执行日期晚于今天"))
        return None
    return found
