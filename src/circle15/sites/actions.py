"""Writes to single sites. Rows by the thousand go through `bulk`."""

from datetime import date, datetime, time
from itertools import count

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.sites.models import Equipment, OpeningHours, Sign, Site, Window, Zone
from circle15.sites.states import (
    SITE_TRANSITIONS,
    EquipmentState,
    SignKind,
    SiteStatus,
    Weekday,
    ZoneState,
)
from circle15.standards.facts import facts


class WrongState(Refused):
    """The site cannot go from its state to the wanted one."""


class WindowInUse(Refused):
    """People were called to the window: its past stays."""

    def __init__(self) -> None:
        super().__init__(_("这个窗口已有叫号记录，不能移除；不再使用时不开窗即可。"))


class UnusablePart(Refused):
    """A part of a site that cannot be kept as it was given."""


def _locked(code: str, by: Actor, permission: Permission = Permission.EDIT_SITES) -> Site:
    if not by.can(permission):
        raise NotAllowed
    rows = scope.within(Site.objects.select_for_update(), by.area_path)
    site = rows.filter(code=code).first()
    if site is None:
        raise NotFound
    return site


def touch(site_ids: list[int]) -> None:
    """Mark sites as changed, so that their stored live scores are known to be old."""
    Site.objects.filter(id__in=site_ids).update(facts_version=F("facts_version") + 1)


@transaction.atomic
def set_status(*, code: str, status: str, reason: str, by: Actor, at: datetime) -> Site:
    """Open, suspend or close a site along its transition table; raises WrongState."""
    site = _locked(code, by, Permission.SET_STATUS)
    if status not in SITE_TRANSITIONS[site.status]:
        raise WrongState(
            _("“%(old)s”的网点不能改为“%(new)s”。")
            % {"old": site.get_status_display(), "new": SiteStatus(status).label}
        )
    old, site.status = site.status, status
    site.save(update_fields=["status"])
    touch([site.id])
    record(
        who=by.who,
        verb="site.status",
        target_kind="site",
        target_id=site.code,
        area_path=site.area_path,
        at=at,
        old={"status": old},
        new={"status": status, "reason": reason},
    )
    return site


# Clauses: D-81, J-16, J-24
@transaction.atomic
def set_equipment_state(
    *, code: str, asset_no: str, state: str, by: Actor, at: datetime
) -> Equipment:
    """Say whether a piece of equipment works; raises NotFound."""
    site = _locked(code, by)
    piece = site.equipment.filter(asset_no=asset_no).first()
    if piece is None:
        raise NotFound
    old, piece.state, piece.changed_at = piece.state, EquipmentState(state), at
    piece.save(update_fields=["state", "changed_at"])
    touch([site.id])
    record(
        who=by.who,
        verb="equipment.state",
        target_kind="equipment",
        target_id=f"{site.code}/{asset_no}",
        area_path=site.area_path,
        at=at,
        old={"state": old},
        new={"state": state},
    )
    return piece


@transaction.atomic
def set_zone(*, code: str, key: str, state: str, by: Actor, at: datetime) -> Zone:
    """Say whether a functional zone is there and fit."""
    if not key.startswith("zone.") or key not in facts():
        raise NotFound
    site = _locked(code, by)
    former = site.zones.filter(key=key).first()
    zone, _created = site.zones.update_or_create(
        key=key, defaults={"state": ZoneState(state), "changed_at": at}
    )
    touch([site.id])
    record(
        who=by.who,
        verb="zone.state",
        target_kind="zone",
        target_id=f"{site.code}/{key}",
        area_path=site.area_path,
        at=at,
        old={"state": former.state if former else None},
        new={"state": state},
    )
    return zone


MOST_PIECES = 999


@transaction.atomic
def add_equipment(  # noqa: PLR0913 -- what a piece consists of
    *,
    code: str,
    key: str,
    quantity: int,
    by: Actor,
    at: datetime,
    asset_no: str = "",
    acquired_on: date | None = None,
) -> Equipment:
    """Add a working piece (or lot) of equipment; without an asset number it gets the next free one.

    Raises NotFound for what no rule book asks for, UnusablePart for a number given before.
    """
    if not key.startswith("eq.") or key not in facts():
        raise NotFound
    if not 1 <= quantity <= MOST_PIECES:
        raise UnusablePart(_("数量应在 1 到 %(most)s 之间。") % {"most": MOST_PIECES})
    site = _locked(code, by)
    piece = site.equipment.create(
        key=key,
        asset_no=_unused(site, asset_no.strip()),
        quantity=quantity,
        acquired_on=acquired_on,
        changed_at=at,
    )
    touch([site.id])
    record(
        who=by.who,
        verb="equipment.add",
        target_kind="equipment",
        target_id=f"{site.code}/{piece.asset_no}",
        area_path=site.area_path,
        at=at,
        new={"key": key, "quantity": quantity, "acquired_on": acquired_on},
    )
    return piece


def _unused(site: Site, wanted: str) -> str:
    """Return the wanted asset number, or the next free one; the site is locked, so it stays so."""
    taken = set(site.equipment.values_list("asset_no", flat=True))
    if wanted in taken:
        raise UnusablePart(_("资产编号“%s”已经登记过，请换一个或留空。") % wanted)
    numbers = (f"{site.code}-{number:03}" for number in count(1))
    return wanted or next(number for number in numbers if number not in taken)


# Clauses: D-32, D-33, W-89, W-107, W-108, N-24, N-25, N-31, J-21
@transaction.atomic
def set_sign(  # noqa: PLR0913 -- what a sign consists of
    *, code: str, kind: str, place: str, by: Actor, at: datetime, problem: str = ""
) -> Sign:
    """Add a sign at a place, or say what is wrong with it; no problem means it is put right."""
    place, problem = place.strip(), problem.strip()
    if not place:
        raise UnusablePart(_("请填写标识的位置。"))
    site = _locked(code, by)
    former = site.signs.filter(kind=kind, place=place).first()
    sign, _created = site.signs.update_or_create(
        kind=SignKind(kind), place=place, defaults={"problem": problem, "changed_at": at}
    )
    touch([site.id])
    record(
        who=by.who,
        verb="sign.set",
        target_kind="sign",
        target_id=f"{site.code}/{kind}/{place}",
        area_path=site.area_path,
        at=at,
        old={"problem": former.problem} if former else None,
        new={"problem": problem},
    )
    return sign


@transaction.atomic
def set_window(  # noqa: PLR0913 -- what a window consists of
    *,
    code: str,
    number: int,
    name: str,
    by: Actor,
    at: datetime,
    is_comprehensive: bool = True,
    is_green_channel: bool = False,
) -> Window:
    """Add a service window, or replace the one with its number."""
    if number < 1 or not name.strip():
        raise UnusablePart(_("请填写窗口号（从 1 起）和窗口名称。"))
    site = _locked(code, by)
    former = site.windows.filter(number=number).first()
    given = {
        "name": name.strip(),
        "is_comprehensive": is_comprehensive,
        "is_green_channel": is_green_channel,
    }
    window, _created = site.windows.update_or_create(number=number, defaults=given)
    touch([site.id])
    record(
        who=by.who,
        verb="window.set",
        target_kind="window",
        target_id=f"{site.code}/{number}",
        area_path=site.area_path,
        at=at,
        old={name: getattr(former, name) for name in given} if former else None,
        new=given,
    )
    return window


@transaction.atomic
def remove_window(*, code: str, number: int, by: Actor, at: datetime) -> Site:
    """Take away a service window that is no longer there; raises NotFound, WindowInUse."""
    site = _locked(code, by)
    window = site.windows.filter(number=number).first()
    if window is None:
        raise NotFound
    try:
        with transaction.atomic():
            window.delete()
    except ProtectedError:
        raise WindowInUse from None
    touch([site.id])
    record(
        who=by.who,
        verb="window.remove",
        target_kind="window",
        target_id=f"{site.code}/{number}",
        area_path=site.area_path,
        at=at,
        old={"name": window.name},
    )
    return site


@transaction.atomic
def set_hours(  # noqa: PLR0913 -- what opening hours consist of
    *,
    code: str,
    weekday: int,
    opens: time,
    closes: time,
    by: Actor,
    at: datetime,
    is_extended: bool = False,
) -> OpeningHours:
    """Add opening hours of a weekday, or replace those that open at the same time."""
    if closes <= opens:
        raise UnusablePart(_("结束时间应晚于开始时间。"))
    site = _locked(code, by)
    former = site.hours.filter(weekday=weekday, opens=opens).first()
    given = {"closes": closes, "is_extended": is_extended}
    hours, _created = site.hours.update_or_create(
        weekday=Weekday(weekday), opens=opens, defaults=given
    )
    touch([site.id])
    record(
        who=by.who,
        verb="hours.set",
        target_kind="hours",
        target_id=f"{site.code}/{weekday}/{opens:%H:%M}",
        area_path=site.area_path,
        at=at,
        old={"closes": former.closes, "is_extended": former.is_extended} if former else None,
        new=given,
    )
    return hours


@transaction.atomic
def remove_hours(*, code: str, weekday: int, opens: time, by: Actor, at: datetime) -> Site:
    """Take away opening hours that no longer hold; raises NotFound."""
    site = _locked(code, by)
    hours = site.hours.filter(weekday=weekday, opens=opens).first()
    if hours is None:
        raise NotFound
    hours.delete()
    touch([site.id])
    record(
        who=by.who,
        verb="hours.remove",
        target_kind="hours",
        target_id=f"{site.code}/{weekday}/{opens:%H:%M}",
        area_path=site.area_path,
        at=at,
        old={"closes": hours.closes, "is_extended": hours.is_extended},
    )
    return site
