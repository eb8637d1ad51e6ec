"""Village points, hospital stations, pharmacies, banks and kiosks: characters drawn by dice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from circle15.accounts.bulk import OrganisationKey
from circle15.ops.demo import geography, stored, wanted
from circle15.ops.demo.character import MARK, Character, Trainings
from circle15.ops.demo.dice import between, pick, roll
from circle15.ops.demo.stored import Record
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.facts import FactValue, facts

# How well a town's stations do, 0 to 1; the others lie in the middle.
_TOWN_LEVEL = {
    "320681110000": 0.97,
    "320681100000": 0.93,
    "320681104000": 0.92,
    "320682105000": 0.90,
    "320681404000": 0.70,
    "320681405000": 0.66,
    "320681407000": 0.58,
}
_MIDDLE = 0.84
# Towns with one open village point nobody serves at.
_UNSTAFFED = frozenset({"320681109000", "320681405000", "320681407000"})
_FIRST_OPENING = date(2022, 1, 10)
_OPENING_DAYS = 1000
# Shares of village points: planned, being built, suspended.
_STATUSES = (
    (0.012, SiteStatus.PLANNED),
    (0.030, SiteStatus.BUILDING),
    (0.045, SiteStatus.SUSPENDED),
)
_LETTERS = {
    SiteKind.VILLAGE_POINT: "V",
    SiteKind.HOSPITAL_STATION: "H",
    SiteKind.PHARMACY: "P",
    SiteKind.BANK_OUTLET: "B",
    SiteKind.KIOSK_ONLY: "K",
}
_KINDS = {
    "hospital": SiteKind.HOSPITAL_STATION,
    "pharmacy": SiteKind.PHARMACY,
    "bank": SiteKind.BANK_OUTLET,
}
_NUMERALS = "一二三四五六"
_KIOSKS = (
    ("320681100000", "汇龙镇示例广场", "121.652100", "31.806400"),
    ("320681110000", "吕四港镇示例客运站", "121.601200", "32.049800"),
    ("320681106000", "南阳镇示例工业园", "121.716400", "31.868300"),
)
# Optional by the standard: few stations have them.
_RARE = {"eq.policy_terminal": 0.15, "eq.kiosk": 0.22}


def village_points() -> tuple[Character, ...]:
    """Give one for every village where people live."""
    unstaffed = {_last_village(town) for town in _UNSTAFFED}
    return tuple(_village_point(row, unstaffed) for row in geography.villages())


def _last_village(town: str) -> str:
    return max(row["code"] for row in geography.villages() if row["parent"] == town)


def _village_point(row: Record, unstaffed: set[str]) -> Character:
    code = row["code"]
    status = SiteStatus.OPEN if code in unstaffed else _status(code)
    return _station(
        SiteKind.VILLAGE_POINT,
        1,
        division=code,
        town=row["parent"],
        name=f"{row['name']}医保服务点{MARK}",
        organisation=OrganisationKey(code, row["name"]),
        point=(row["lon"], row["lat"]),
        address=f"{row['name']}示例路{between(1, 99, code, 'door')}号{MARK}",
        status=status,
        staff=0 if code in unstaffed else between(1, 5, code, "staff") // 5 + 1,
    )


def _status(code: str) -> SiteStatus:
    luck = roll(code, "status")
    return next((status for share, status in _STATUSES if luck < share), SiteStatus.OPEN)


def partners() -> tuple[Character, ...]:
    """Give the hospitals, pharmacies and banks that serve at a desk of their own."""
    return tuple(_partners())


def _partners() -> Iterator[Character]:
    seen: Counter[tuple[str, str]] = Counter()
    towns = geography.local_names()
    for row in stored.places():
        kind = _KINDS[row["kind"]]
        town = row["town"]
        seen[row["kind"], town] += 1
        number = seen[row["kind"], town]
        owner = _owner(kind, towns[town], number)
        yield _station(
            kind,
            number,
            division=town,
            town=town,
            name=_partner_name(kind, owner),
            organisation=OrganisationKey(town, owner),
            point=(row["lon"], row["lat"]),
            address=f"{towns[town]}示例街{between(1, 299, row['lon'], 'door')}号{MARK}",
            staff=2 if kind == SiteKind.HOSPITAL_STATION else 1,
        )


def _owner(kind: SiteKind, town: str, number: int) -> str:
    numeral = _NUMERALS[number - 1]
    names = {
        SiteKind.HOSPITAL_STATION: f"{town}示例第{numeral}卫生院{MARK}",
        SiteKind.PHARMACY: f"{town}示例药房{numeral}店{MARK}",
        SiteKind.BANK_OUTLET: f"示例银行{town}支行{MARK}",
    }
    return names[kind]


def _partner_name(kind: SiteKind, owner: str) -> str:
    titles = {
        SiteKind.HOSPITAL_STATION: "医保服务站",
        SiteKind.PHARMACY: "医保便民药店",
        SiteKind.BANK_OUTLET: "医银共办网点",
    }
    return owner.removesuffix(MARK) + titles[kind] + MARK


def kiosks() -> tuple[Character, ...]:
    bodies = {
        record["code"][:12]: record["body"] for record in reversed(stored.characters()["centres"])
    }
    return tuple(
        _station(
            SiteKind.KIOSK_ONLY,
            1,
            division=town,
            town=town,
            name=f"{place}自助服务点{MARK}",
            organisation=OrganisationKey(town, bodies[town]),
            point=(lon, lat),
            address=f"{place}{MARK}",
            staff=0,
        )
        for town, place, lon, lat in _KIOSKS
    )


def _station(  # noqa: PLR0913 -- where a station is and whose
    kind: SiteKind,
    number: int,
    *,
    division: str,
    town: str,
    name: str,
    organisation: OrganisationKey,
    point: tuple[str, str],
    address: str,
    staff: int,
    status: SiteStatus = SiteStatus.OPEN,
) -> Character:
    code = f"{division}{_LETTERS[kind]}{number:02d}"
    level = _level(code, town)
    names = wanted.names_for(kind)
    return Character(
        code=code,
        kind=kind,
        name=name,
        division=division,
        town=town,
        organisation=organisation,
        lon=Decimal(point[0]),
        lat=Decimal(point[1]),
        address=address,
        opened_on=_FIRST_OPENING + timedelta(days=between(0, _OPENING_DAYS, code, "opened")),
        names=names,
        status=status,
        area_m2=Decimal(between(24, 90, code, "area")),
        staff=staff if status not in {SiteStatus.PLANNED, SiteStatus.BUILDING} else 0,
        windows=0 if kind == SiteKind.KIOSK_ONLY else 1,
        extended=roll(code, "extended") < level - 0.6,
        better=between(0, 3, code, "better"),
        trainings=Trainings(central=int(roll(code, "trained") < level)),
        lacks=frozenset(name for name in names if _is_lacking(code, name, level)),
        broken=frozenset(_broken(code, names, level)),
        brand_faults=int(roll(code, "brand") > level),
        wayfinding_faults=int(roll(code, "wayfinding") > level),
        counts=_conduct(code, level),
    )


def _conduct(code: str, level: float) -> dict[str, FactValue]:
    """Count irregular conduct, and what of it is untidiness, which DB3206 asks for by itself."""
    seen = roll(code, "conduct") > level
    untidy = seen and pick((True, False), code, "untidy")
    return {"conduct.counter_irregularities": int(seen), "conduct.untidy_count": int(untidy)}


def _level(code: str, town: str) -> float:
    """Set a station's own level, somewhat above or below its town's."""
    return min(0.995, max(0.4, _TOWN_LEVEL.get(town, _MIDDLE) + (roll(code, "level") - 0.5) * 0.3))


def _is_lacking(code: str, name: str, level: float) -> bool:
    if code[12] == _LETTERS[SiteKind.KIOSK_ONLY]:
        return False
    if facts()[name].is_number or name == "h6.premises":
        return False
    if name in _RARE:
        return roll(code, name) > _RARE[name] * level * level * 1.5
    return roll(code, name) > level + (1 - level) * 0.6


def _broken(code: str, names: tuple[str, ...], level: float) -> tuple[str, ...]:
    machines = [
        name for name in names if name in {"eq.computer", "eq.printer", "eq.telephone", "eq.kiosk"}
    ]
    return (pick(machines, code, "machine"),) if roll(code, "broken") > level + 0.06 else ()
