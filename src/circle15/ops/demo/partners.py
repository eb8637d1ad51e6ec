"""Agreements of the demo city with invented banks and hospitals, their outlets and checks."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.programme.partners import agreements
from circle15.programme.partners.agreements import NewAgreement
from circle15.programme.partners.lists import agreements as agreed
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind
from circle15.standards.partners import partner_rules

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_KINDS = (("bank", SiteKind.BANK_OUTLET, 3), ("hospital", SiteKind.HOSPITAL_STATION, 2))
_LASTS = (30, 400, 700)  # how many days agreements still run


def ensure(*, at: datetime, today: date) -> None:
    """Write agreements with an outlet each, unless they are there."""
    by = _officer()
    if agreed(by).exists():
        return
    begun = today - timedelta(days=250)
    for key, site_kind, count in _KINDS:
        sites = open_sites_in([geography.path_of(geography.COUNTY)], (site_kind,))
        checks = tuple(partner_rules().kinds[key].checks)
        for number, site in enumerate(sites.select_related("organisation")[:count]):
            if site.organisation is None:
                continue
            new = NewAgreement(
                kind=key,
                organisation_id=site.organisation.pk,
                number=f"启医保协〔{begun.year}〕{len(key)}{number + 1:02}号{MARK}",
                starts_on=begun,
                ends_on=today + timedelta(days=_LASTS[number]),
                is_public_grade2=key == "hospital" and number == 0,
                note=f"演示协议{MARK}",
            )
            row = agreements.agree(new=new, by=by, at=_moment(begun, at))
            agreements.add_outlet(uid=row.uid, site_code=site.code, by=by, at=_moment(begun, at))
            if number == 1:
                keys = partner_rules().kinds[key].items[1:2]
                agreements.set_not_offered(
                    site_code=site.code, keys=keys, by=by, at=_moment(today, at)
                )
            for day in (today - timedelta(days=95), today)[: 2 - number % 2]:
                agreements.check(
                    site_code=site.code,
                    checked_on=day,
                    met=checks if number != 1 else checks[1:],
                    note="" if number != 1 else f"名称牌待更换{MARK}",
                    by=by,
                    at=_moment(day, at),
                )


def _officer() -> Actor:
    return actor_of(
        user_id=-9103,
        name=f"县局合作专员{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(10), _SHANGHAI), at)
