"""A small county for the tests: two towns, three villages, one organisation, one site."""

from datetime import UTC, date, datetime
from decimal import Decimal

from circle15.accounts.actors import Actor, actor_of, system_actor
from circle15.accounts.bulk import OrganisationKey, OrganisationRow, upsert_organisations
from circle15.areas.bulk import DivisionRow, upsert_divisions
from circle15.sites.bulk import SiteRow, upsert_sites

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
SYSTEM = system_actor("test")
CITY, COUNTY = "320600000000", "320681000000"
TOWN, OTHER_TOWN = "320681100000", "320681101000"
VILLAGE, OTHER_VILLAGE = "320681100001", "320681101001"
SITE = "QD-0001"
BUREAU = OrganisationKey(COUNTY, "启东市医疗保障局")
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[121.4, 31.6], [121.9, 31.6], [121.9, 32.0], [121.4, 32.0], [121.4, 31.6]]],
}


def division_rows() -> list[DivisionRow]:
    return [
        DivisionRow(code=VILLAGE, name="幸福一村居委会", level="village"),
        DivisionRow(code=OTHER_VILLAGE, name="北新村", level="village"),
        DivisionRow(code=TOWN, name="汇龙镇", level="town"),
        DivisionRow(code=OTHER_TOWN, name="北新镇", level="town"),
        DivisionRow(code=COUNTY, name="启东市", level="county", boundary=SQUARE),
        DivisionRow(code=CITY, name="南通市", level="city"),
    ]


def site_row(**more: object) -> SiteRow:
    values: dict[str, object] = {
        "code": SITE,
        "name": "汇龙镇便民服务中心",
        "kind": "town_centre",
        "division_code": TOWN,
        "lon": Decimal("121.655"),
        "lat": Decimal("31.8111112"),
    }
    return SiteRow(**(values | more))


def county() -> None:
    upsert_divisions(division_rows(), by=SYSTEM, at=AT)
    row = OrganisationRow(name=BUREAU.name, kind="county_bureau", division_code=COUNTY)
    upsert_organisations([row], by=SYSTEM, at=AT)
    upsert_sites([site_row()], by=SYSTEM, at=AT)


def officer(area_path: str) -> Actor:
    return actor_of(
        user_id=7, name="carol", role="county_officer", area_path=area_path, area_name=""
    )
