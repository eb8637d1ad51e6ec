"""A hall's own instance joins the city: site, windows and rules come down, the hall runs itself."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from pydantic import BaseModel, ConfigDict

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import seal, unseal
from circle15.accounts.states import Permission
from circle15.areas.bulk import DivisionRow, upsert_divisions
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to, within
from circle15.audit.actions import record
from circle15.hall.actions.settings import Peak, change, set_elder_peaks, set_lane, set_up_hall
from circle15.hall.models import Hall
from circle15.hall.relay_models import Uplink
from circle15.sites.bulk import (
    HoursRow,
    SiteRow,
    WindowRow,
    upsert_hours,
    upsert_sites,
    upsert_windows,
)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DivisionTold(_Told):
    code: str
    name: str
    level: str
    parent_code: str | None
    is_synthetic: bool


class WindowTold(_Told):
    number: int
    name: str
    is_comprehensive: bool
    is_green_channel: bool


class HoursTold(_Told):
    weekday: int
    opens: time
    closes: time
    is_extended: bool


class LaneTold(_Told):
    code: str
    name: str
    kind: str
    position: int


class PeakTold(_Told):
    weekday: int
    opens: time
    closes: time


class Setup(_Told):
    """All a hall's own instance needs to know of the city; no person is in it."""

    divisions: tuple[DivisionTold, ...]
    code: str
    name: str
    kind: str
    status: str
    division_code: str
    lon: Decimal
    lat: Decimal
    address: str
    phone: str
    opened_on: date | None
    is_synthetic: bool
    windows: tuple[WindowTold, ...]
    hours: tuple[HoursTold, ...]
    rules: dict[str, int | bool]
    lanes: tuple[LaneTold, ...]
    peaks: tuple[PeakTold, ...]


_RULES = ("call_limit", "green_ratio", "longest_wait_min", "keeps_overnight")


@transaction.atomic
def hand_down(*, by: Actor, at: datetime) -> Setup:
    """Give a hall's own instance what it needs; from now on the city takes no numbers for it.

    Raises NotAllowed, NotFound: the site of the machine has no hall.
    """
    demand(by, Permission.RELAY)
    halls = within(Hall.objects.select_for_update(of=("self",)), by.area_path)
    hall = halls.select_related("site__division").filter(area_path=by.area_path).first()
    if hall is None:
        raise NotFound
    told = _setup(hall)
    if not hall.runs_itself:
        hall.runs_itself, hall.takes_tickets = True, False
        hall.save(update_fields=["runs_itself", "takes_tickets"])
        record(
            who=by.who,
            verb="hall.runs_itself",
            target_kind="hall",
            target_id=hall.pk,
            area_path=hall.area_path,
            at=at,
        )
    return told


def _setup(hall: Hall) -> Setup:
    site = hall.site
    return Setup(
        divisions=tuple(_divisions(site.division)),
        code=site.code,
        name=site.name,
        kind=site.kind,
        status=site.status,
        division_code=site.division.code,
        lon=site.lon,
        lat=site.lat,
        address=site.address,
        phone=site.phone,
        opened_on=site.opened_on,
        is_synthetic=site.is_synthetic,
        windows=tuple(
            WindowTold(
                number=window.number,
                name=window.name,
                is_comprehensive=window.is_comprehensive,
                is_green_channel=window.is_green_channel,
            )
            for window in site.windows.order_by("number", "id")
        ),
        hours=tuple(
            HoursTold(
                weekday=row.weekday,
                opens=row.opens,
                closes=row.closes,
                is_extended=row.is_extended,
            )
            for row in site.hours.order_by("weekday", "opens", "id")
        ),
        rules={name: getattr(hall, name) for name in _RULES},
        lanes=tuple(
            LaneTold(code=lane.code, name=lane.name, kind=lane.kind, position=lane.position)
            for lane in hall.lanes.order_by("position", "id")
        ),
        peaks=tuple(
            PeakTold(weekday=peak.weekday, opens=peak.opens, closes=peak.closes)
            for peak in hall.peaks.order_by("weekday", "opens", "id")
        ),
    )


def _divisions(division: Division) -> Iterator[DivisionTold]:
    """Yield the division and all it lies in, the widest first."""
    with area_scope(EVERYWHERE):
        rows = Division.objects.filter(path__in=paths_to(division.path)).select_related("parent")
        for row in rows.order_by("path"):
            yield DivisionTold(
                code=row.code,
                name=row.name,
                level=row.level,
                parent_code=row.parent.code if row.parent else None,
                is_synthetic=row.is_synthetic,
            )


def join(*, setup: Setup, city_url: str, token: str, by: Actor, at: datetime) -> Hall:
    """Set this instance up as the hall's own; again brings it up to date and keeps its number."""
    with area_scope(EVERYWHERE):
        _write_site(setup, by, at)
        hall = set_up_hall(site_code=setup.code, by=by, at=at)
        for lane in setup.lanes:
            set_lane(site_code=setup.code, **lane.model_dump(), by=by, at=at)
        change(site_code=setup.code, rules=setup.rules, by=by, at=at)
        peaks = tuple(Peak(one.weekday, one.opens, one.closes) for one in setup.peaks)
        set_elder_peaks(site_code=setup.code, peaks=peaks, by=by, at=at)
        former = Uplink.objects.filter(id=1).first()
        Uplink.objects.update_or_create(
            id=1,
            defaults={
                "area_path": hall.area_path,
                "site_code": setup.code,
                "city_url": city_url.rstrip("/"),
                "token_sealed": seal(token, field="token", uid=setup.code, kind="uplink"),
                "origin": former.origin if former else uuid4(),
            },
        )
    return hall


def _write_site(setup: Setup, by: Actor, at: datetime) -> None:
    upsert_divisions([DivisionRow(**row.model_dump()) for row in setup.divisions], by=by, at=at)
    row = SiteRow(
        code=setup.code,
        name=setup.name,
        kind=setup.kind,
        division_code=setup.division_code,
        lon=setup.lon,
        lat=setup.lat,
        status=setup.status,
        address=setup.address,
        phone=setup.phone,
        opened_on=setup.opened_on,
        is_synthetic=setup.is_synthetic,
    )
    upsert_sites([row], by=by, at=at)
    windows = [WindowRow(site_code=setup.code, **one.model_dump()) for one in setup.windows]
    upsert_windows(windows, by=by, at=at)
    hours = [HoursRow(site_code=setup.code, **one.model_dump()) for one in setup.hours]
    upsert_hours(hours, by=by, at=at)


def uplink() -> tuple[str, str] | None:
    """Return the city's address and the token, or None: this instance is not a hall's own."""
    with area_scope(EVERYWHERE):
        row = Uplink.objects.filter(id=1).first()
    if row is None:
        return None
    return row.city_url, unseal(row.token_sealed, field="token", uid=row.site_code, kind="uplink")
