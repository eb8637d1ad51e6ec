"""What stands in a site: zones, equipment, signs, windows, opening hours."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from circle15.ops.demo.character import Character
from circle15.ops.demo.dice import between, pick
from circle15.sites.bulk import EquipmentRow, HoursRow, SignRow, WindowRow, ZoneRow
from circle15.sites.states import EquipmentState, SignKind, SiteKind, Weekday, ZoneState
from circle15.standards.facts import facts

_QUANTITIES = {"eq.pen": 10, "eq.bench": 4, "eq.reading_glasses": 3, "eq.sample_forms": 12}
_PLACES = {
    SignKind.BRAND: ("大厅正门", "柜台背景墙", "引导台", "自助服务区", "等候区"),
    SignKind.WAYFINDING: ("入口", "叫号区", "柜台上方", "自助服务区", "无障碍通道"),
}
_PROBLEMS = {
    SignKind.BRAND: (
        "中文字体不规范",
        "英文字样缺失",
        "颜色不是规定的灰色",
        "标志比例失调",
        "贴膜破损",
    ),
    SignKind.WAYFINDING: ("指向不清", "字太小看不清", "被绿植遮挡", "内容已过时", "箭头方向有误"),
}
_SMALL_PLACES = {SignKind.BRAND: ("门头",), SignKind.WAYFINDING: ("入口",)}
_WORKDAYS = (
    Weekday.MONDAY,
    Weekday.TUESDAY,
    Weekday.WEDNESDAY,
    Weekday.THURSDAY,
    Weekday.FRIDAY,
)
_MORNING = (time(8, 30), time(12))
_AFTERNOON = (time(13, 30), time(17, 30))
_NOON = (time(12), time(13, 30))
_SATURDAY = (time(9), time(11, 30))
_ALL_DAY = (time(0), time(23, 59))


def zones(one: Character) -> Iterator[ZoneRow]:
    """Give a row for every zone kept: there, there but poor, or missing."""
    for name in _of_group(one, "zone"):
        yield ZoneRow(site_code=one.code, key=name, state=_zone_state(one, name))


def _zone_state(one: Character, name: str) -> ZoneState:
    if name in one.lacks:
        return ZoneState.MISSING
    return ZoneState.NONCOMPLIANT if name in one.poor else ZoneState.PRESENT


def equipment(one: Character, today: date) -> Iterator[EquipmentRow]:
    """Leave out what is lacking; a large site also keeps its old printer on the books."""
    present = [name for name in _of_group(one, "eq") if name not in one.lacks]
    for number, name in enumerate(present, 1):
        yield EquipmentRow(
            site_code=one.code,
            asset_no=f"{one.code}-{number:03d}",
            key=name,
            label=facts()[name].label.zh,
            quantity=_quantity(one, name),
            state=EquipmentState.FAULTY if name in one.broken else EquipmentState.WORKING,
            acquired_on=_acquired(one, name, today),
        )
    if one.is_large:
        yield EquipmentRow(
            site_code=one.code,
            asset_no=f"{one.code}-900",
            key="eq.printer",
            label="旧针式打印机",
            quantity=1,
            state=EquipmentState.RETIRED,
            acquired_on=one.opened_on,
        )


def _quantity(one: Character, name: str) -> int:
    if name == "eq.computer":
        return max(1, one.windows)
    return _QUANTITIES.get(name, 1) if one.is_large else 1


def _acquired(one: Character, name: str, today: date) -> date:
    return min(today, one.opened_on + timedelta(days=between(0, 500, one.code, name, "bought")))


def signs(one: Character) -> Iterator[SignRow]:
    faults = {SignKind.BRAND: one.brand_faults, SignKind.WAYFINDING: one.wayfinding_faults}
    for kind, places in (_PLACES if one.is_large else _SMALL_PLACES).items():
        for number, place in enumerate(places):
            wrong = number < faults[kind]
            problem = pick(_PROBLEMS[kind], one.code, kind, place) if wrong else ""
            yield SignRow(site_code=one.code, kind=kind, place=place, problem=problem)


def windows(one: Character) -> Iterator[WindowRow]:
    comprehensive = "counter.all_items_any_window" not in one.lacks
    green = "zone.green_channel" not in one.lacks
    for number in range(1, one.windows + 1):
        every_item = comprehensive or number == 1
        yield WindowRow(
            site_code=one.code,
            number=number,
            name=f"{number}号{'综合' if every_item else '专项'}窗口",
            is_comprehensive=every_item,
            is_green_channel=green and number == 1,
        )


def hours(one: Character) -> Iterator[HoursRow]:
    if one.kind == SiteKind.KIOSK_ONLY:
        yield from (_open(one, day, _ALL_DAY) for day in Weekday)
        return
    for day in _WORKDAYS:
        yield _open(one, day, _MORNING)
        yield _open(one, day, _AFTERNOON)
        if one.extended and one.is_large:
            yield _open(one, day, _NOON, extended=True)
    if one.extended:
        yield _open(one, Weekday.SATURDAY, _SATURDAY, extended=True)


def _open(
    one: Character, day: Weekday, span: tuple[time, time], *, extended: bool = False
) -> HoursRow:
    return HoursRow(
        site_code=one.code, weekday=day, opens=span[0], closes=span[1], is_extended=extended
    )


def _of_group(one: Character, group: str) -> tuple[str, ...]:
    return tuple(name for name in one.names if facts()[name].group == group)
