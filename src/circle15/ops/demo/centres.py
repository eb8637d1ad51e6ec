"""The town centres and the county hall: characters written by hand in centres.yaml."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from circle15.accounts.bulk import OrganisationKey
from circle15.ops.demo import geography, stored, wanted
from circle15.ops.demo.character import MARK, Character, Trainings
from circle15.ops.demo.dice import between
from circle15.sites.states import SiteKind
from circle15.standards.facts import FactValue, facts

_FIRST_OPENING = date(2021, 3, 1)
_OPENING_DAYS = 1300
HALL = "320681000000L01"
HALL_BODY = OrganisationKey(geography.COUNTY, "启东市医疗保障局")


def centres(today: date) -> tuple[Character, ...]:
    return tuple(_centre(record, today) for record in stored.characters()["centres"])


def _centre(record: Mapping[str, Any], today: date) -> Character:
    town = record["code"][:12]
    lon, lat = record.get("at") or _town_point(town)
    signs = record.get("signs", {})
    names = wanted.names_for(SiteKind.TOWN_CENTRE)
    return Character(
        code=record["code"],
        kind=SiteKind.TOWN_CENTRE,
        name=f"{record['place']}便民服务中心{MARK}",
        division=town,
        town=town,
        organisation=OrganisationKey(town, record["body"]),
        lon=Decimal(lon),
        lat=Decimal(lat),
        address=f"{record['place']}示例路{between(1, 199, record['code'], 'door')}号{MARK}",
        opened_on=_opened(record, today),
        names=without_unknown(names, record.get("unknown", ())),
        area_m2=Decimal(record["area_m2"]),
        first_area_m2=Decimal(record["first_area_m2"]) if "first_area_m2" in record else None,
        staff=record["staff"],
        windows=record["windows"],
        extended="svc.extended_hours" not in record.get("lacks", ()),
        better=record["better"],
        trainings=Trainings(**record["trainings"]),
        lacks=frozenset(record.get("lacks", ())),
        poor=frozenset(record.get("poor", ())),
        broken=frozenset(record.get("broken", ())),
        brand_faults=signs.get("brand", 0),
        wayfinding_faults=signs.get("wayfinding", 0),
        counts=exact(record.get("counts", {})),
    )


def exact(counts: Mapping[str, Any]) -> dict[str, FactValue]:
    """Decimals stand as text in the file, so that they stay exact."""
    return {name: Decimal(v) if isinstance(v, str) else v for name, v in counts.items()}


def without_unknown(names: tuple[str, ...], unknown: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        name for name in names if name not in unknown and facts()[name].group not in unknown
    )


def _opened(record: Mapping[str, Any], today: date) -> date:
    if "opened_days" in record:
        return today - timedelta(days=record["opened_days"])
    return _FIRST_OPENING + timedelta(days=between(0, _OPENING_DAYS, record["code"], "opened"))


def _town_point(town: str) -> tuple[str, str]:
    """Give the town's own point; without one, that of the village nearest to their middle."""
    own = next(row for row in geography.towns() if row["code"] == town)
    if own["lon"]:
        return own["lon"], own["lat"]
    points = [
        (float(row["lon"]), float(row["lat"]))
        for row in geography.villages()
        if row["parent"] == town
    ]
    lon, lat = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    nearest = min(points, key=lambda point: (point[0] - lon) ** 2 + (point[1] - lat) ** 2)
    return str(nearest[0]), str(nearest[1])


def hall() -> Character:
    """Give the county's own hall: everything in place but a few trifles."""
    return Character(
        code=HALL,
        kind=SiteKind.COUNTY_HALL,
        name=f"启东市医保服务大厅{MARK}",
        division=geography.COUNTY,
        town=geography.COUNTY,
        organisation=HALL_BODY,
        lon=Decimal("121.659300"),
        lat=Decimal("31.808700"),
        address=f"汇龙镇示例大道1号{MARK}",
        opened_on=date(2020, 6, 1),
        names=wanted.names_for(SiteKind.COUNTY_HALL),
        area_m2=Decimal(860),
        staff=14,
        windows=12,
        extended=True,
        better=6,
        trainings=Trainings(central=3, special=2, pre_post=1),
        broken=frozenset({"eq.charging_station"}),
        wayfinding_faults=1,
    )
