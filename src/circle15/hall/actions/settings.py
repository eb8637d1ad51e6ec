"""Set a hall up and change its rules, lanes, peak hours and window skills."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import within
from circle15.audit.actions import record
from circle15.hall import live
from circle15.hall.actions.life import window_in_hall
from circle15.hall.models import ElderPeak, Hall, Lane, WindowSkill
from circle15.hall.refusals import UnusableSetting
from circle15.hall.states import LaneKind
from circle15.items.naming import item_names
from circle15.sites.queries import site_by_code

# Code, name, kind; halls may rename and add.
DEFAULT_LANES = (
    ("A", gettext_noop("综合业务"), LaneKind.ORDINARY),
    ("G", gettext_noop("绿色通道"), LaneKind.GREEN),
    ("Y", gettext_noop("预约"), LaneKind.BOOKED),
)
# The least and the most of each rule.
LIMITS: Mapping[str, tuple[int, int]] = {
    "call_limit": (1, 9),
    "green_ratio": (1, 9),
    "longest_wait_min": (1, 240),
}
SWITCHES = ("takes_tickets", "keeps_overnight")


@dataclass(frozen=True, slots=True)
class Peak:
    """Hours of a weekday (1 is Monday) in which many old people come."""

    weekday: int
    opens: time
    closes: time


@transaction.atomic
def set_up_hall(*, site_code: str, by: Actor, at: datetime) -> Hall:
    """Give a site its hall with the usual lanes; one that has it keeps it as it is.

    Raises NotAllowed, NotFound.
    """
    demand(by, Permission.MANAGE_HALL)
    site = site_by_code(by, site_code)
    hall, created = Hall.objects.get_or_create(
        site=site, defaults={"area_path": site.area_path, "is_synthetic": site.is_synthetic}
    )
    if not created:
        return hall
    for position, (code, name, kind) in enumerate(DEFAULT_LANES, 1):
        hall.lanes.create(
            area_path=hall.area_path, code=code, name=name, kind=kind, position=position
        )
    lanes = [code for code, _name, _kind in DEFAULT_LANES]
    _record("set_up", site_code, hall, by, at, new={"lanes": lanes})
    return hall


@transaction.atomic
def change(*, site_code: str, rules: Mapping[str, int | bool], by: Actor, at: datetime) -> Hall:
    """Change some of `LIMITS` and `SWITCHES`; raises NotAllowed, NotFound, UnusableSetting."""
    hall = _locked(site_code, by)
    for name, value in rules.items():
        _check(name, value)
    if hall.runs_itself and rules.get("takes_tickets"):
        raise UnusableSetting(_("本大厅使用本地服务器取号叫号，不能在这里开放取号。"))
    old = {name: getattr(hall, name) for name in rules}
    for name, value in rules.items():
        setattr(hall, name, value)
    hall.save(update_fields=list(rules))
    _record("change", site_code, hall, by, at, old=old, new=dict(rules))
    return hall


def _check(name: str, value: int | bool) -> None:  # noqa: FBT001 -- a rule's value
    if name in LIMITS:
        least, most = LIMITS[name]
        if isinstance(value, bool) or not least <= value <= most:
            raise UnusableSetting(
                _("数值应在 %(least)s 到 %(most)s 之间。") % {"least": least, "most": most}
            )
    elif name not in SWITCHES or not isinstance(value, bool):
        raise UnusableSetting(_("没有这项设置。"))


# Clauses: W-70, N-13, J-87
@transaction.atomic
def set_elder_peaks(
    *, site_code: str, peaks: tuple[Peak, ...], by: Actor, at: datetime
) -> tuple[Peak, ...]:
    """Replace the hours in which the old are called first (N7.1, I12.2).

    Raises NotAllowed, NotFound, UnusableSetting.
    """
    hall = _locked(site_code, by)
    ordered = tuple(sorted(peaks, key=lambda peak: (peak.weekday, peak.opens)))
    for peak in ordered:
        if not 1 <= peak.weekday <= 7 or peak.closes <= peak.opens:  # noqa: PLR2004 -- Sunday
            raise UnusableSetting(_("高峰时段的结束时间应晚于开始时间。"))
    for one, following in pairwise(ordered):
        if one.weekday == following.weekday and following.opens < one.closes:
            raise UnusableSetting(_("同一天的高峰时段不能重叠。"))
    old = [_told(row) for row in hall.peaks.order_by("weekday", "opens", "id")]
    hall.peaks.all().delete()
    for peak in ordered:
        hall.peaks.create(
            area_path=hall.area_path, weekday=peak.weekday, opens=peak.opens, closes=peak.closes
        )
    new = [_told(peak) for peak in ordered]
    _record("elder_peaks", site_code, hall, by, at, old={"peaks": old}, new={"peaks": new})
    return ordered


def _told(peak: Peak | ElderPeak) -> str:
    return f"{peak.weekday} {peak.opens:%H:%M}-{peak.closes:%H:%M}"


@transaction.atomic
def set_lane(  # noqa: PLR0913 -- what a lane consists of
    *, site_code: str, code: str, name: str, kind: str, position: int, by: Actor, at: datetime
) -> Lane:
    """Add a lane or change its name and place; its kind stays what it was.

    Raises NotAllowed, NotFound, UnusableSetting.
    """
    hall = _locked(site_code, by)
    code, name = code.strip().upper(), name.strip()
    if not (code.isascii() and code.isalpha() and 1 <= len(code) <= 2 and name):  # noqa: PLR2004
        raise UnusableSetting(_("队列代号应为一到两个字母，名称不能为空。"))
    former = hall.lanes.filter(code=code).first()
    if kind not in LaneKind.values or (former is not None and former.kind != kind):
        raise UnusableSetting(_("队列的类别不能更改，请另设一个队列。"))
    values = {"name": name[:40], "position": position}
    lane, _created = hall.lanes.update_or_create(
        code=code,
        defaults=values,
        create_defaults={**values, "kind": kind, "area_path": hall.area_path},
    )
    old = None if former is None else {"name": former.name, "position": former.position}
    new = {"code": code, "kind": kind, **values}
    _record("lane", site_code, hall, by, at, old=old, new=new)
    return lane


@transaction.atomic
def set_skills(
    *, window_id: int, lanes: tuple[str, ...], items: tuple[str, ...], by: Actor, at: datetime
) -> None:
    """Narrow a window to some lanes and items; with none of either it takes everything.

    Raises NotAllowed, NotFound, UnusableSetting.
    """
    window, hall = window_in_hall(window_id, by, Permission.MANAGE_HALL)
    known = {lane.code: lane for lane in hall.lanes.order_by("id")}
    names = item_names(timezone.localdate(at))
    if not set(lanes) <= set(known) or not set(items) <= set(names.by_key):
        raise UnusableSetting(_("没有这个队列或事项。"))
    window.skills.all().delete()
    path = hall.area_path
    for code in sorted(set(lanes)):
        WindowSkill.objects.create(window=window, area_path=path, lane=known[code])
    for item in sorted(set(items)):
        WindowSkill.objects.create(window=window, area_path=path, item=item)
    new = {"window": window.number, "lanes": sorted(set(lanes)), "items": sorted(set(items))}
    _record("skills", hall.site.code, hall, by, at, new=new)


def _locked(site_code: str, by: Actor) -> Hall:
    demand(by, Permission.MANAGE_HALL)
    rows = within(Hall.objects.select_for_update(no_key=True, of=("self",)), by.area_path)
    hall = rows.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return hall


def _record(  # noqa: PLR0913 -- an event has these parts
    verb: str,
    site_code: str,
    hall: Hall,
    by: Actor,
    at: datetime,
    *,
    new: Mapping[str, object],
    old: Mapping[str, object] | None = None,
) -> None:
    record(
        who=by.who,
        verb=f"hall.{verb}",
        target_kind="hall",
        target_id=site_code,
        area_path=hall.area_path,
        at=at,
        old=old,
        new=new,
    )
    live.hint(hall.site_id)
