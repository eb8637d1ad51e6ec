"""Two months of scores of the demo city, its warnings, and orders under way and ended."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.assessments.monitoring import supervising
from circle15.assessments.monitoring.days import keep_day
from circle15.assessments.monitoring.lists import supervision_orders, warnings
from circle15.assessments.monitoring.planning import plan
from circle15.assessments.monitoring.supervising import Task, issue
from circle15.assessments.monitoring.watching import CHUNK, watch
from circle15.ops.demo import geography
from circle15.ops.demo.centres import HALL
from circle15.ops.demo.character import MARK
from circle15.sites.queries import open_sites_in, visible_to
from circle15.sites.states import SiteKind

DAYS = 60
_SHANGHAI = ZoneInfo("Asia/Shanghai")
# One statement for all sites: some climb, some fall, by their code. What a day is short of today
# is lost in one clause (items not posted, 5 points), what it is above is not lost in another.
_HISTORY = """
INSERT INTO assessments_dayscore
  (site_id, area_path, book, day, total, max_total, unknown, lost, edition_digest, recorded_at,
   is_synthetic)
SELECT site_id, area_path, book, day, total - short, max_total, unknown,
  CASE WHEN short = 0 THEN lost
       WHEN had + short = 0 THEN lost - clause
       ELSE lost || jsonb_build_object(clause, (had + short)::text) END,
  edition_digest, %(at)s, is_synthetic
FROM (
  SELECT kept.*, day::date AS day,
    CASE WHEN clause = 'I10.1' THEN least(5 - had, floor(back * (1 + abs(sort) %% 3) / 25.0))
         ELSE -least(had, floor(back / 15.0)) END AS short
  FROM (
    SELECT live.*, site.area_path, site.is_synthetic, site.sort, site.clause,
      coalesce((live.lost ->> site.clause)::numeric, 0) AS had
    FROM assessments_livescore live
    JOIN (SELECT id, area_path, is_synthetic, hashtext(code) AS sort,
            CASE WHEN hashtext(code) %% 3 = 0 THEN 'I02.3' ELSE 'I10.1' END AS clause
          FROM sites_site) site ON site.id = live.site_id
    WHERE live.book = 'jiangsu-acceptance'
  ) kept,
  generate_series(1, %(days)s) AS back,
  LATERAL (SELECT %(today)s::date - back AS day) each
) days
WHERE total - short BETWEEN 0 AND max_total
ON CONFLICT DO NOTHING
"""


def ensure(*, at: datetime, today: date) -> None:
    """Write the past and the present of monitoring, unless it is there."""
    officer = _somebody(Role.COUNTY_OFFICER)
    if warnings(officer).exists() or supervision_orders(officer, is_over=True).exists():
        return
    keep_day(day=timezone.localdate(at), at=at)
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, {"at": at, "days": DAYS, "today": timezone.localdate(at)})
    _watch(today, at)
    _order(officer, today, at)


def _watch(today: date, at: datetime) -> None:
    """Look a month ago and today: what was put right since then has gone."""
    centres = open_sites_in(["/"], (SiteKind.TOWN_CENTRE,)).values_list("pk", flat=True)
    before = today - timedelta(days=30)
    watch(list(centres), on=before, at=_moment(before, at))
    ids = list(visible_to(_somebody(Role.CITY_OFFICER)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        watch(ids[start : start + CHUNK], on=today, at=at)


def _order(officer: Actor, today: date, at: datetime) -> None:
    """Order one thing long ago that is done, one now; another warning has a plan."""
    manager = _somebody(Role.SITE_MANAGER)
    issued, answered = (_moment(today - timedelta(days=n), at) for n in (25, 18))
    task = Task(f"补公示服务事项清单，附照片{MARK}", until=today - timedelta(days=15))
    done = issue(code=HALL, task=task, by=officer, at=issued)
    supervising.answer(uid=done.uid, words="清单已重新张贴", by=manager, at=answered)
    later = answered + timedelta(days=1)
    supervising.accept(uid=done.uid, words="看过照片，属实", by=officer, at=later)
    standing = [row for row in warnings(officer)[:40] if row.site.kind == SiteKind.TOWN_CENTRE]
    for row, number in zip(standing, range(3), strict=False):
        if number == 1:
            words, until = f"已列入下月采购{MARK}", today + timedelta(days=14)
            plan(uid=row.uid, words=words, until=until, by=manager, at=at)
            continue
        asked = Task(
            f"请查明原因，限期整改{MARK}", until=today + timedelta(days=10), warning_uid=row.uid
        )
        order = issue(code=row.site.code, task=asked, by=officer, at=at)
        if number == 2:  # noqa: PLR2004 -- the last of the three
            supervising.answer(uid=order.uid, words="正在整改，已完成一半", by=manager, at=at)


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(9, 30), _SHANGHAI), at)


def _somebody(role: Role) -> Actor:
    """Return an officer or manager who exists nowhere else."""
    county = geography.path_of(geography.COUNTY)
    path = county if role != Role.CITY_OFFICER else "/".join(county.split("/")[:2]) + "/"
    names = {Role.COUNTY_OFFICER: ("督办员", -9001), Role.SITE_MANAGER: ("网点负责人", -9002)}
    name, number = names.get(role, ("市级监测员", -9003))
    return actor_of(
        user_id=number, name=f"{name}{MARK}", role=role, area_path=path, area_name="启东市"
    )
