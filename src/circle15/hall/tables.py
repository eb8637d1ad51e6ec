"""The figures of a hall as tables: on the page and in the workbook they are the same ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from circle15.hall.figures import DEFINITIONS, Figures, Visit, figures_of, grouped
from circle15.hall.green import DEFINITION as GREEN_DEFINITION
from circle15.hall.green import GreenEffect, effect_of
from circle15.hall.states import LaneKind, TicketState
from circle15.items.naming import item_names

Value = str | int | float | None
DASH = "—"


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `id` names it on the page; the first column names the row."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def heads() -> tuple[str, ...]:
    """Return the heads of the columns behind the name."""
    return (
        _("取号"),
        _("办结"),
        _("未点办结"),
        _("过号"),
        _("离开"),
        _("平均等候（分钟）"),
        _("等候中位数（分钟）"),
        _("九成等候不超过（分钟）"),
        _("10 分钟内叫到"),
        _("平均到窗（分钟）"),
        _("平均办理（分钟）"),
        _("九成办理不超过（分钟）"),
    )


def tables_of(visits: Sequence[Visit], *, with_clerks: bool) -> tuple[Table, ...]:
    """Return the tables by day, item, window, lane, hour, and for who may see it by clerk."""
    by: list[tuple[str, str, str, Callable[[Visit], Iterable[object]]]] = [
        ("days", _("按日"), _("日期"), lambda visit: [f"{visit.day:%Y-%m-%d}"]),
        ("items", _("按事项"), _("事项"), _items_of(visits)),
        ("windows", _("按窗口"), _("窗口"), lambda visit: [visit.window] if visit.window else []),
        ("lanes", _("按队列"), _("队列"), lambda visit: [str(LaneKind(visit.kind).label)]),
        ("hours", _("按取号时段"), _("时段"), lambda visit: [f"{visit.hour:02}:00"]),
    ]
    if with_clerks:
        by.append(("clerks", _("按柜员"), _("柜员"), lambda visit: [visit.clerk or DASH]))
    return tuple(
        Table(id_, title, (name, *heads()), tuple(_rows(grouped(visits, keys))))
        for id_, title, name, keys in by
    )


def green_table(effect: GreenEffect) -> Table:
    """Return the waits of both lanes, as they were and without the green channel."""
    return Table(
        "green",
        _("绿色通道对其他人的影响"),
        (
            _("队列"),
            _("叫到"),
            _("等候中位数（分钟）"),
            _("如果没有绿色通道"),
            _("九成等候不超过（分钟）"),
            _("如果没有绿色通道"),
        ),
        tuple(
            (
                str(lane.kind.label),
                lane.real.count,
                minutes(lane.real.median_s),
                minutes(lane.without.median_s),
                minutes(lane.real.p90_s),
                minutes(lane.without.p90_s),
            )
            for lane in (effect.ordinary, effect.green)
        ),
    )


def _items_of(visits: Sequence[Visit]) -> Callable[[Visit], Iterable[str]]:
    """Name the items of visits as the catalogue of the last day does."""
    if not visits:
        return lambda _visit: ()
    language, names = get_language() or "", item_names(max(visit.day for visit in visits))

    def named(visit: Visit) -> Iterable[str]:
        words = [names.name(item).in_language(language) for item in visit.items]
        return words or [_("未说明")]

    return named


def _rows(found: dict[object, Figures]) -> Iterable[tuple[Value, ...]]:
    for key, figures in found.items():
        name = key if isinstance(key, str) else _("%(number)s 号窗口") % {"number": key}
        yield name, *row_of(figures)


def row_of(figures: Figures) -> tuple[Value, ...]:
    """Return the cells of `heads`."""
    share = figures.short_wait_share
    return (
        figures.came,
        figures.served,
        figures.unfinished,
        figures.no_shows,
        figures.left,
        minutes(figures.wait.mean_s),
        minutes(figures.wait.median_s),
        minutes(figures.wait.p90_s),
        None if share is None else f"{share:.0%}",
        minutes(figures.walk.mean_s),
        minutes(figures.service.mean_s),
        minutes(figures.service.p90_s),
    )


def minutes(seconds: float | None) -> float | None:
    """Return minutes with one decimal."""
    return None if seconds is None else round(seconds / 60, 1)


def workbook(title: str, visits: Sequence[Visit], *, with_clerks: bool, synthetic: bool) -> bytes:
    """Return the figures, one sheet for each table, the definitions, and every visit."""
    book = Workbook(write_only=True)
    first = book.create_sheet(_("概况"))
    if synthetic:
        _append(first, [_("合成数据")], bold=True)
    _append(first, [title], bold=True)
    everything = figures_of(visits)
    for head, value in zip(heads(), row_of(everything), strict=True):
        _append(first, [head, value])
    _append(first, [_("即办事项平均办理时长（分钟）"), minutes(everything.instant.mean_s)])
    _append(first, [_("计入的即办件数"), everything.instant.items])
    _append(first, [_("未点办结的即办号"), everything.instant.unfinished])
    for words in DEFINITIONS.values():
        _append(first, [str(words)])
    for table in tables_of(visits, with_clerks=with_clerks):
        sheet = book.create_sheet(table.title)
        _append(sheet, table.heads, bold=True)
        for row in table.rows:
            _append(sheet, row)
    _green(book, visits)
    _each_visit(book, visits)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _green(book: Workbook, visits: Sequence[Visit]) -> None:
    effect = effect_of(visits)
    if effect is None:
        return
    table = green_table(effect)
    sheet = book.create_sheet(_("绿色通道"))
    _append(sheet, table.heads, bold=True)
    for row in table.rows:
        _append(sheet, row)
    _append(sheet, [_("每叫一位，普通号合计多等（分钟）"), minutes(effect.extra_s_per_green)])
    _append(sheet, [str(GREEN_DEFINITION)])


def _each_visit(book: Workbook, visits: Sequence[Visit]) -> None:
    sheet = book.create_sheet(_("明细"))
    _append(
        sheet,
        [
            *(_("日期"), _("号码"), _("队列"), _("状态"), _("窗口"), _("取号时刻")),
            *(
                _("等候（分钟）"),
                _("到窗（分钟）"),
                _("办理（分钟）"),
                _("暂离（分钟）"),
                _("事项"),
            ),
        ],
        bold=True,
    )
    items = _items_of(visits)
    for visit in visits:
        clock = f"{int(visit.came_s // 3600):02}:{int(visit.came_s // 60 % 60):02}"
        lengths = (visit.wait_s, visit.walk_s, visit.service_s, visit.held_s)
        what = "、".join(items(visit))
        lane = str(LaneKind(visit.kind).label)
        state = str(TicketState(visit.state).label)
        front = [f"{visit.day:%Y-%m-%d}", visit.label, lane, state, visit.window, clock]
        _append(sheet, [*front, *(minutes(each) for each in lengths), what])


def _append(sheet: WriteOnlyWorksheet, values: Iterable[Value], *, bold: bool = False) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=_clean(value))
        if isinstance(value, str):
            cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def _clean(value: Value) -> Value:
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
