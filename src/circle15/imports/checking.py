"""What single cells cannot tell: fields of a row against each other and against the world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from circle15.areas.states import Level
from circle15.areas.wording import named
from circle15.core import entries
from circle15.core.coordinates import CoordinateSystem, check_position, convert
from circle15.core.identifiers import DivisionLevel, division_level
from circle15.core.messages import Message, joined
from circle15.core.text import cell_text
from circle15.imports.outlines import Outlines
from circle15.imports.rows import Notices, Row
from circle15.imports.states import Kind
from circle15.ledger.bulk import one_subject
from circle15.standards.facts import FactDefinition, FactValue, InvalidFacts, clean_facts, facts
from circle15.standards.registers import registers

PLACEHOLDER = "虚拟"
# Above the largest of each level in the country: beyond it a digit too many was typed.
MOST_PEOPLE = {
    Level.CITY: 35_000_000,
    Level.COUNTY: 6_000_000,
    Level.TOWN: 1_000_000,
    Level.VILLAGE: 200_000,
}
_POPULATIONS = ("population_registered", "population_resident", "population_over_60")
_DEGREE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the checks of one file stand on."""

    on: date
    system: CoordinateSystem | None
    outlines: Outlines = field(default_factory=Outlines)


def check_row(kind: Kind, row: Row, around: Circumstances, notices: Notices) -> None:
    """Find what is wrong with a row as a whole and put its values into their final form."""
    _CHECKS[kind](row, around, notices)


def _division(row: Row, around: Circumstances, notices: Notices) -> None:
    if "code" not in row.values:
        return
    try:
        level = Level(division_level(row.text("code")))
    except ValueError:
        row.blame("code", Message("只能导入市及以下的区划"))
        return
    stated = row.values.setdefault("level", level)
    # Under a city without counties a town's code looks like any other town's: no exception here.
    if stated != level:
        message = Message("级别与代码不符：按代码应为“%(level)s”", level=named(level.label))
        row.blame("level", message)
    _placeholder(row, notices)
    _populations(row, level)
    _point(row, row.text("code"), around)


def _village(row: Row, around: Circumstances, notices: Notices) -> None:
    row.values["level"] = Level.VILLAGE
    code, town = row.text("code"), row.text("parent_code")
    if code and division_level(code) != DivisionLevel.VILLAGE:
        row.blame("code", Message("不是村（社区）的代码（末三位不应为000）"))
    if code and town and code[:9] != town[:9]:
        message = Message("与村（社区）代码的前9位%(start)s不一致", start=code[:9])
        row.blame("parent_code", message)
    _placeholder(row, notices)
    _populations(row, Level.VILLAGE)
    if code:
        _point(row, code, around)


def _placeholder(row: Row, notices: Notices) -> None:
    if row.text("name").startswith(PLACEHOLDER):
        row.values["is_placeholder"] = True
        message = Message("占位村（虚拟社区等）没有居民，导入后不计入覆盖率")
        notices.add("", message, row.number)


def _populations(row: Row, level: Level) -> None:
    for name in _POPULATIONS:
        people = row.values.get(name)
        if isinstance(people, int) and people > MOST_PEOPLE[level]:
            row.blame(name, _absurd(people, level))
    old, everyone = row.values.get("population_over_60"), row.values.get("population_resident")
    if isinstance(old, int) and isinstance(everyone, int) and old > everyone:
        message = Message("60岁以上人口%(old)s多于常住人口%(everyone)s", old=old, everyone=everyone)
        row.blame("population_over_60", message)


def _absurd(people: int, level: Level) -> Message:
    return Message(
        "人口%(people)s不合常理，%(level)s一般不超过%(most)s，请核对",
        people=people,
        level=named(level.label),
        most=MOST_PEOPLE[level],
    )


def _point(row: Row, code: str, around: Circumstances) -> None:
    """Check a longitude and latitude and convert them to WGS-84."""
    lon, lat = row.values.get("lon"), row.values.get("lat")
    if lon is None and lat is None:
        return
    if lon is None or lat is None:
        if not {"lon", "lat"} & {name for name, _ in row.faults}:
            message = Message("经度和纬度应当都填或都不填")
            row.blame("lon" if lon is None else "lat", message)
        return
    east, north = float(str(lon)), float(str(lat))
    if problems := check_position(east, north):
        row.blame("lon", joined(problems))
    elif around.system:
        place = convert(east, north, around.system, CoordinateSystem.WGS84)
        outline = around.outlines.of(code)
        if not outline.holds(place.lon, place.lat):
            message = Message("坐标不在%(area)s范围内，请核对经纬度和坐标系", area=outline.name)
            row.blame("lon", message)
        row.values["lon"] = Decimal(str(place.lon)).quantize(_DEGREE)
        row.values["lat"] = Decimal(str(place.lat)).quantize(_DEGREE)


def _site(row: Row, around: Circumstances, notices: Notices) -> None:  # noqa: ARG001 -- as its siblings
    if code := row.text("division_code"):
        _point(row, code, around)


def _equipment(row: Row, around: Circumstances, notices: Notices) -> None:  # noqa: ARG001
    _not_in_future(row, "acquired_on", around.on)


def _staff(row: Row, around: Circumstances, notices: Notices) -> None:
    since, until = row.values.get("since"), row.values.get("until")
    if isinstance(since, date) and isinstance(until, date) and until < since:
        row.blame("until", Message("离岗日期早于到岗日期"))
    if "id_number" not in row.values:
        message = Message("没有身份证号，按单位和姓名认人")
        notices.add("身份证号", message, row.number)
    _not_in_future(row, "until", around.on)


def _training(row: Row, around: Circumstances, notices: Notices) -> None:  # noqa: ARG001
    _one_subject(row)
    _not_in_future(row, "held_on", around.on)


def _fact(row: Row, around: Circumstances, notices: Notices) -> None:  # noqa: ARG001
    _one_subject(row)
    _not_in_future(row, "observed_on", around.on)
    definition = facts().get(row.text("name"))
    if definition and "value" in row.values:
        _fact_value(row, definition)
        _fact_unit(row, definition)


def _one_subject(row: Row) -> None:
    blamed = {name for name, _ in row.faults}
    given = {"site_code", "division_code"} & set(row.values)
    if len(given) != 1 and not blamed & {"site_code", "division_code"}:
        row.blame("site_code", one_subject())


def _person(row: Row, around: Circumstances, notices: Notices) -> None:  # noqa: ARG001
    _register_kind(row)
    _not_in_future(row, "since", around.on)
    born = row.values.get("birth_year")
    blamed = {name for name, _ in row.faults}
    if "id_number" not in row.values and born is None and not blamed & {"id_number", "birth_year"}:
        row.blame("id_number", Message("身份证号和出生年份至少填一项"))
    if isinstance(born, int) and born > around.on.year:
        row.blame("birth_year", Message("出生年份%(year)s还没有到", year=str(born)))


def _served(row: Row, around: Circumstances, notices: Notices) -> None:  # noqa: ARG001
    _register_kind(row)
    _not_in_future(row, "since", around.on)


def _register_kind(row: Row) -> None:
    """Blame a kind that is none of its register."""
    kind, register = row.text("register_kind"), registers().get(row.text("register"))
    if kind and register is None and "register" not in {name for name, _ in row.faults}:
        row.blame("register", Message("填了台账类别，也要填列入哪个台账"))
    if kind and register and kind not in {one.key for one in register.kinds}:
        message = Message("台账“%(register)s”没有这个类别", register=register.name.zh)
        row.blame("register_kind", message)


def _not_in_future(row: Row, name: str, on: date) -> None:
    day = row.values.get(name)
    if isinstance(day, date) and day > on:
        row.blame(name, Message("日期%(day)s还没有到", day=day))


def _fact_value(row: Row, definition: FactDefinition) -> None:
    found = _typed(row.values["value"], definition.kind)
    if isinstance(found, entries.Problem):
        message = Message(
            "“%(fact)s”%(wanted)s：%(why)s",
            fact=definition.label.zh,
            wanted=_WANTED[definition.kind],
            why=found.message,
        )
        row.blame("value", message)
        return
    try:
        row.values["value"] = clean_facts({definition.name: found})[definition.name]
    except InvalidFacts as refused:
        row.blame("value", joined(refused.problems))


_WANTED = {
    "bool": Message("应填是或否"),
    "element": Message("应填是、否或件数"),
    "count": Message("应填整数"),
    "number": Message("应填数字"),
}


def _typed(raw: object, kind: str) -> FactValue | entries.Problem:
    if kind == "bool":
        return entries.parse_bool(raw)
    if kind == "number":
        return entries.parse_decimal(raw)
    if kind == "count" or cell_text(raw).strip().isdecimal():
        return entries.parse_int(raw)
    return entries.parse_bool(raw)


def _fact_unit(row: Row, definition: FactDefinition) -> None:
    unit = definition.unit.zh
    typed = row.text("unit")
    if typed and typed not in {unit, definition.unit.en}:
        row.blame("unit", _wrong_unit(typed, unit))
    row.values["unit"] = unit


def _wrong_unit(typed: str, unit: str) -> Message:
    if unit:
        return Message("单位“%(typed)s”不对，应为“%(unit)s”，请换算后填写", typed=typed, unit=unit)
    return Message("单位“%(typed)s”不对，该事实没有单位，请换算后填写", typed=typed)


_CHECKS: dict[Kind, Callable[[Row, Circumstances, Notices], None]] = {
    Kind.DIVISIONS: _division,
    Kind.VILLAGES: _village,
    Kind.SITES: _site,
    Kind.EQUIPMENT: _equipment,
    Kind.STAFF: _staff,
    Kind.TRAININGS: _training,
    Kind.FACTS: _fact,
    Kind.PERSONS: _person,
    Kind.SERVED: _served,
}
