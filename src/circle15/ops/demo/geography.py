"""Divisions, other names, boundaries and roads of the demo city as rows to write."""

from decimal import Decimal

from circle15.areas.bulk import AliasRow, DivisionRow, MapLayerRow
from circle15.areas.states import Level
from circle15.ops.demo import stored
from circle15.ops.demo.stored import Record

CITY = "320600000000"
COUNTY = "320681000000"
NEIGHBOUR = "320682000000"

ROADS_FROM = (
    "合成道路：按真实边界与乡镇位置生成，并非真实道路 · 边界 天地图 · 地名 GeoNames（CC BY 4.0）"
)

_SOURCES = {
    "census": "第七次全国人口普查公报（2020年）",
    "split": "合成：按普查县级人口拆分，非公布数据",
    "published": "户籍人口为公布数据（2021年）；常住人口合成",
    "": "",
}


def divisions() -> tuple[DivisionRow, ...]:
    outlines = stored.boundaries()
    return tuple(
        DivisionRow(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent_code=row["parent"] or None,
            is_placeholder=bool(row["placeholder"]),
            population_registered=_whole(row["registered"]),
            population_resident=_whole(row["resident"]),
            population_over_60=_whole(row["over_60"]),
            population_source=_SOURCES[row["population"]],
            lon=_degrees(row["lon"]),
            lat=_degrees(row["lat"]),
            boundary=outlines.get(row["code"]),
            is_synthetic=_is_synthetic(row),
        )
        for row in stored.divisions()
    )


def _is_synthetic(row: Record) -> bool:
    """Code and name are always real; what else is known decides."""
    return row["point"] == "synthetic" or row["population"] in {"split", "published"}


def aliases() -> tuple[AliasRow, ...]:
    return tuple(AliasRow(**row) for row in stored.aliases())


def map_layers() -> tuple[MapLayerRow, ...]:
    return (
        MapLayerRow(
            division_code=COUNTY,
            geojson=dict(stored.roads()),
            attribution=ROADS_FROM,
            is_synthetic=True,
        ),
    )


def path_of(code: str) -> str:
    """Give the area path of a division: the codes from the city down to it."""
    parents = {row["code"]: row["parent"] for row in stored.divisions()}
    codes = [code]
    while parent := parents[codes[0]]:
        codes.insert(0, parent)
    return "/" + "/".join(codes) + "/"


def towns() -> tuple[Record, ...]:
    """Towns where people live: placeholders have none."""
    return _living(Level.TOWN)


def villages() -> tuple[Record, ...]:
    return _living(Level.VILLAGE)


def _living(level: Level) -> tuple[Record, ...]:
    return tuple(
        row for row in stored.divisions() if row["level"] == level and not row["placeholder"]
    )


def local_names() -> dict[str, str]:
    """Say what people call a town: some statistical names are those of a development zone."""
    names = {row["code"]: row["name"] for row in stored.divisions()}
    spoken = (row for row in stored.aliases() if row["note"].startswith("统计用区划名称为"))
    return names | {row["division_code"]: row["name"] for row in spoken}


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _degrees(text: str) -> Decimal | None:
    return Decimal(text) if text else None
