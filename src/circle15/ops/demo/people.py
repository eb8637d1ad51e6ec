"""Organisations and the invented people who serve at the sites."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from circle15.accounts.bulk import OrganisationKey, OrganisationRow, PersonRow
from circle15.accounts.states import OrganisationKind
from circle15.ops.demo import geography
from circle15.ops.demo.centres import HALL_BODY
from circle15.ops.demo.character import MARK, Character
from circle15.ops.demo.dice import between
from circle15.sites.bulk import StaffRow
from circle15.sites.states import SiteKind, StaffSource

CITY_BUREAU = OrganisationKey(geography.CITY, "南通市医疗保障局")
NEIGHBOUR_BUREAU = OrganisationKey(geography.NEIGHBOUR, "如皋市医疗保障局")
THIRD_PARTY = OrganisationKey(geography.CITY, f"示例第三方评估机构{MARK}")

_UIDS = UUID("5f0c1a15-0000-5000-8000-c15c15c15c15")
# A surname and a heavenly stem: read at once as invented, like "John Doe".
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_KIND_OF_OWNER = {
    SiteKind.COUNTY_HALL: OrganisationKind.COUNTY_BUREAU,
    SiteKind.TOWN_CENTRE: OrganisationKind.TOWN_GOVERNMENT,
    SiteKind.KIOSK_ONLY: OrganisationKind.TOWN_GOVERNMENT,
    SiteKind.VILLAGE_POINT: OrganisationKind.VILLAGE_COMMITTEE,
    SiteKind.HOSPITAL_STATION: OrganisationKind.HOSPITAL,
    SiteKind.PHARMACY: OrganisationKind.PHARMACY,
    SiteKind.BANK_OUTLET: OrganisationKind.BANK,
}
_SOURCES = (
    *(StaffSource.OWN, StaffSource.OWN, StaffSource.TRANSFER),
    *(StaffSource.RECRUITED, StaffSource.PURCHASED, StaffSource.THIRD_PARTY),
)
_DUTIES = ("窗口负责人", "综合柜员", "综合柜员", "引导员")


def organisations(sites: Sequence[Character]) -> tuple[OrganisationRow, ...]:
    """Give the bureaus, and the owner of every site once."""
    kinds = {
        CITY_BUREAU: OrganisationKind.CITY_BUREAU,
        HALL_BODY: OrganisationKind.COUNTY_BUREAU,
        NEIGHBOUR_BUREAU: OrganisationKind.COUNTY_BUREAU,
        THIRD_PARTY: OrganisationKind.THIRD_PARTY,
    }
    kinds |= {one.organisation: _KIND_OF_OWNER[one.kind] for one in sites}
    return tuple(
        OrganisationRow(name=key.name, kind=kind, division_code=key.division_code)
        for key, kind in kinds.items()
    )


def people(sites: Sequence[Character]) -> tuple[PersonRow, ...]:
    """Give everybody who serves or served; no two share a name, nobody has an ID number."""
    names = _names()
    return tuple(
        PersonRow(
            name=next(names),
            organisation=one.organisation,
            area_path=f"{geography.path_of(one.division)}{one.code}/",
            phone=_phone(one.code, number),
            uid=person_uid(one.code, number),
            is_synthetic=True,
        )
        for one in sites
        for number in range(_ever_served(one))
    )


def _names() -> Iterator[str]:
    return (surname + stem for stem in _STEMS for surname in _SURNAMES)


def _ever_served(one: Character) -> int:
    """Count also the one who has left a large site."""
    return one.staff + (1 if one.is_large else 0)


def person_uid(code: str, number: int) -> UUID:
    return uuid5(_UIDS, f"{code}/{number}")


def _phone(code: str, number: int) -> str:
    """Give a number nobody has: no subscriber's number begins with 0."""
    return f"0513-0{between(0, 9_999_999, code, number, 'phone'):07d}"


def site_phone(code: str) -> str:
    return f"0513-0{between(0, 9_999_999, code, 'phone'):07d}"


def staff(one: Character, today: date) -> Iterator[StaffRow]:
    for number in range(one.staff):
        since = one.opened_on + timedelta(days=between(0, 200, one.code, number, "since"))
        yield StaffRow(
            site_code=one.code,
            person_uid=person_uid(one.code, number),
            duty=_duty(one, number),
            since=min(since, today),
            is_full_time=one.is_large,
            source=_source(one, number),
        )
    if one.is_large:
        yield StaffRow(
            site_code=one.code,
            person_uid=person_uid(one.code, one.staff),
            duty="综合柜员",
            since=one.opened_on,
            is_full_time=True,
            source=StaffSource.RECRUITED,
            until=one.opened_on + timedelta(days=min(300, (today - one.opened_on).days // 2)),
        )


def _source(one: Character, number: int) -> str:
    """Say whence somebody came: cadres at village points, all channels at the larger ones."""
    if not one.is_large:
        return StaffSource.VILLAGE
    return _SOURCES[between(0, len(_SOURCES) - 1, one.code, number, "source")]


def _duty(one: Character, number: int) -> str:
    if not one.is_large:
        return "医保专（兼）职服务员"
    return _DUTIES[number] if number < len(_DUTIES) else "综合柜员"
