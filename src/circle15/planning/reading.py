"""Read the people to be served and the sites from CSV, naming every fault of the file at once.

`id,lon,lat` or `id,node` in each; demand has `weight` too; these may be called 编号, 经度, 纬度,
节点, 人口. Further columns of demand that hold numbers are counts (`over_60`), those that hold text
or codes are labels (`town`).
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.tables import Table, floats, read_table

LONGEST_COUNT = 9
"""Whole numbers with more digits than this are codes (of towns, of sites), not counts."""

DIVISION = 6
"""Digits of the code of a county."""

_MOST_LON, _MOST_LAT = 180.0, 89.0
_METRES = 1_000.0
_PLACE = ("id", "lon", "lat", "node")
_CHINESE = {
    "编号": "id",
    "名称": "name",
    "经度": "lon",
    "纬度": "lat",
    "节点": "node",
    "人口": "weight",
    "人数": "weight",
}
"""What the columns every file must have are called by those who write no English."""
_CODES = ("code", "id", "name", "kind")
_AREAS = ("province", "city", "county", "district", "town", "street", "village")
"""Columns that name areas even where they hold short codes: 320681 is a county, not people."""


def read_demand(path: Path, labels: Collection[str] = ()) -> Demand:
    """Read start points with people; raises PlanningRefused with everything that is wrong.

    `labels`: columns that name areas even though they hold numbers, such as codes of counties.
    """
    table = _in_english(read_table(path))
    points = _points(table)
    table.require("weight")
    weight = _column(table, "weight")
    rest = [name for name in table.columns if name not in {*_PLACE, "weight"}]
    counts = [
        name
        for name in rest
        if name not in labels
        and _is_count(name, table.columns[name])
        and not _are_divisions(table.columns[name], weight)
    ]
    groups = {name: table.numbers(name, least=0) for name in counts}
    table.refuse()
    assert weight is not None
    return Demand(points, weight, groups, _labels(table, rest, counts))


def read_sites(path: Path) -> Supply:
    """Read sites or candidates; `capacity` and `cost` may lack; raises PlanningRefused."""
    table = _in_english(read_table(path))
    points = _points(table)
    capacity, cost = _column(table, "capacity"), _column(table, "cost")
    table.refuse()
    rest = [name for name in table.columns if name not in {*_PLACE, "capacity", "cost"}]
    return Supply(points, capacity, cost, _labels(table, rest, []))


def _in_english(table: Table) -> Table:
    """Rename columns with Chinese names, where the file has no other of that meaning."""
    columns: dict[str, list[str]] = {}
    for name, cells in table.columns.items():
        known = _CHINESE.get(name, name)
        columns[name if known in table.columns or known in columns else known] = cells
    return replace(table, columns=columns)


def _points(table: Table) -> Points:
    table.require("id")
    ids = table.unique("id") if "id" in table.columns else ()
    if "node" in table.columns:
        return Points(ids, None, None, table.whole("node"))
    if not table.require("lon", "lat"):
        return Points(ids, None, None, None)
    if _is_another_system(table):
        return Points(ids, None, None, None)
    lon = table.numbers("lon", least=-_MOST_LON, most=_MOST_LON)
    lat = table.numbers("lat", least=-_MOST_LAT, most=_MOST_LAT)
    return Points(ids, lon, lat, None)


def _is_another_system(table: Table) -> bool:
    """Name once what is wrong with every row: swapped columns, or metres of a projection."""
    lon, lat = floats(table.columns["lon"]), floats(table.columns["lat"])
    if not len(lon) or not (np.abs(lat) > _MOST_LAT).all():
        return False
    if (np.abs(lat) <= _MOST_LON).all() and (np.abs(lon) <= _MOST_LAT).all():
        table.fault("经度和纬度看来填反了", "longitude and latitude seem to be swapped")
        return True
    if (np.abs(lat) > _METRES).all():
        table.fault(
            "坐标看来是投影坐标（米），应为经纬度", "coordinates seem to be metres, give degrees"
        )
        return True
    return False


def _column(table: Table, name: str) -> F64 | None:
    return table.numbers(name, least=0) if name in table.columns else None


def _labels(table: Table, rest: list[str], counts: list[str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(table.columns[name]) for name in rest if name not in counts}


def _is_count(name: str, cells: list[str]) -> bool:
    if name in (*_CODES, *_AREAS) or name.endswith(tuple(f"_{word}" for word in _CODES)):
        return False
    return any(cells) and all(_is_counted(cell) for cell in cells)


def _are_divisions(cells: list[str], weight: F64 | None) -> bool:
    """Tell codes of counties, six digits, from people: of those no place has more than live there.

    Added up and shown as people they would be taken for a group.
    """
    if weight is None or not all(len(cell) == DIVISION and cell.isdecimal() for cell in cells):
        return False
    return bool((floats(cells) > weight).all())


def _is_counted(cell: str) -> bool:
    """Tell a number from a word and from a code; an empty cell is a number someone forgot."""
    try:
        value = float(cell or "0")
    except ValueError:
        return False
    digits = cell.lstrip("+-").partition(".")[0]
    is_code = len(digits) > LONGEST_COUNT or (len(digits) > 1 and digits.startswith("0"))
    return bool(np.isfinite(value)) and not is_code
