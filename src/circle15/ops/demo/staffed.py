"""What the staff of the demo county's centres can handle, and how their items stood when tried."""

from datetime import date, datetime, timedelta

from circle15.accounts.actors import actor_of
from circle15.accounts.states import Role
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import roll
from circle15.sites.queries import open_sites_in
from circle15.sites.readiness import Tried, readiness_of, record_tries
from circle15.sites.skills import set_skills, skill_matrix
from circle15.sites.states import SiteKind

_SITES = 8
_LACKS = ("业务系统未开通权限", "没有培训", "缺打印纸", "办事指南未更新")


def ensure(*, at: datetime, today: date) -> None:
    """Write skills and tries of the first centres, unless they are there; scores stay as meant."""
    by = actor_of(
        user_id=-9171,
        name=f"县级经办人员{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )
    sites = open_sites_in([by.area_path], (SiteKind.TOWN_CENTRE,)).order_by("sort_key", "id")
    for site in sites.select_related("division")[:_SITES]:
        matrix = skill_matrix(site, on=today)
        if any(one.items for one in matrix.staff):
            return
        for number, one in enumerate(matrix.staff):
            share = 1.0 if number == 0 else 0.4 + 0.6 * roll(site.code, number)
            known = [item.key for item in matrix.items if roll(site.code, number, item.key) < share]
            set_skills(
                code=site.code,
                member_id=one.member.pk,
                source=one.member.source,
                items=known,
                by=by,
                at=at,
            )
        tries = [_tried(site.code, one.item.key) for one in readiness_of(site, on=today).items]
        day = today - timedelta(days=14)
        record_tries(code=site.code, tried_on=day, tries=tries[::2], by=by, at=at)


def _tried(code: str, item: str) -> Tried:
    luck = roll(code, "tried", item)
    is_ready = luck > 0.12  # noqa: PLR2004 -- one of eight lacks something
    return Tried(item, is_ready, "" if is_ready else _LACKS[int(luck * 1000) % len(_LACKS)])
