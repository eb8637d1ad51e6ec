"""Registers of a site entered by hand: each change rescores the site at once."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.assessments.actions import refresh
from circle15.ledger import actions as ledger
from circle15.ledger.models import Training
from circle15.sites import actions as sites
from circle15.sites import skills
from circle15.sites.models import Equipment, OpeningHours, Sign, Site, StaffMember, Window, Zone


class UnknownState(Refused):
    """A state that is not offered."""

    def __init__(self) -> None:
        super().__init__(_("没有这样的状态，请从列表中选择。"))


@transaction.atomic
def set_equipment_state(
    *, code: str, asset_no: str, state: str, by: Actor, at: datetime
) -> Equipment:
    """Say whether a piece of equipment works, and rescore the site at once."""
    piece = sites.set_equipment_state(code=code, asset_no=asset_no, state=state, by=by, at=at)
    refresh([piece.site_id], on=timezone.localdate(at), at=at)
    return piece


@transaction.atomic
def set_zone(*, code: str, key: str, state: str, by: Actor, at: datetime) -> Zone:
    """Say whether a functional zone is there and fit, and rescore the site at once."""
    zone = sites.set_zone(code=code, key=key, state=state, by=by, at=at)
    refresh([zone.site_id], on=timezone.localdate(at), at=at)
    return zone


@transaction.atomic
def set_skills(  # noqa: PLR0913 -- who, whence and what
    *, code: str, member_id: int, source: str, items: Sequence[str], by: Actor, at: datetime
) -> StaffMember:
    """Say how somebody came and what the person can handle, and rescore the site at once."""
    member = skills.set_skills(
        code=code, member_id=member_id, source=source, items=items, by=by, at=at
    )
    refresh([member.site_id], on=timezone.localdate(at), at=at)
    return member


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
    """Add a piece of equipment, and rescore the site at once."""
    piece = sites.add_equipment(
        code=code,
        key=key,
        quantity=quantity,
        by=by,
        at=at,
        asset_no=asset_no,
        acquired_on=acquired_on,
    )
    refresh([piece.site_id], on=timezone.localdate(at), at=at)
    return piece


@transaction.atomic
def set_sign(  # noqa: PLR0913 -- what a sign consists of
    *, code: str, kind: str, place: str, by: Actor, at: datetime, problem: str = ""
) -> Sign:
    """Add a sign or say what is wrong with it, and rescore the site at once."""
    sign = sites.set_sign(code=code, kind=kind, place=place, by=by, at=at, problem=problem)
    refresh([sign.site_id], on=timezone.localdate(at), at=at)
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
    """Add or replace a service window, and rescore the site at once."""
    window = sites.set_window(
        code=code,
        number=number,
        name=name,
        by=by,
        at=at,
        is_comprehensive=is_comprehensive,
        is_green_channel=is_green_channel,
    )
    refresh([window.site_id], on=timezone.localdate(at), at=at)
    return window


@transaction.atomic
def remove_window(*, code: str, number: int, by: Actor, at: datetime) -> Site:
    """Take away a service window, and rescore the site at once."""
    site = sites.remove_window(code=code, number=number, by=by, at=at)
    refresh([site.id], on=timezone.localdate(at), at=at)
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
    """Add or replace opening hours, and rescore the site at once."""
    hours = sites.set_hours(
        code=code,
        weekday=weekday,
        opens=opens,
        closes=closes,
        by=by,
        at=at,
        is_extended=is_extended,
    )
    refresh([hours.site_id], on=timezone.localdate(at), at=at)
    return hours


@transaction.atomic
def remove_hours(*, code: str, weekday: int, opens: time, by: Actor, at: datetime) -> Site:
    """Take away opening hours, and rescore the site at once."""
    site = sites.remove_hours(code=code, weekday=weekday, opens=opens, by=by, at=at)
    refresh([site.id], on=timezone.localdate(at), at=at)
    return site


@transaction.atomic
def hold_training(  # noqa: PLR0913 -- what a training consists of
    *,
    code: str,
    held_on: date,
    kind: str,
    topic: str,
    attendees: int,
    by: Actor,
    at: datetime,
) -> Training:
    """Record a training held for a site's staff, and rescore the site at once."""
    training = ledger.hold_training(
        code=code, held_on=held_on, kind=kind, topic=topic, attendees=attendees, by=by, at=at
    )
    assert training.site_id is not None
    refresh([training.site_id], on=timezone.localdate(at), at=at)
    return training


@transaction.atomic
def set_status(*, code: str, status: str, reason: str, by: Actor, at: datetime) -> Site:
    """Open, suspend or close a site, and rescore it at once."""
    site = sites.set_status(code=code, status=status, reason=reason, by=by, at=at)
    refresh([site.id], on=timezone.localdate(at), at=at)
    return site
