"""Bring in sites and what stands in them in bulk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.bulk import OrganisationKey, no_organisation, organisations_of
from circle15.accounts.models import Organisation, Person
from circle15.areas.bulk import common_path, degrees, no_division
from circle15.areas.models import Division
from circle15.areas.upserts import (
    Counts,
    Fields,
    Key,
    RowProblem,
    Written,
    batches,
    digest_of,
    given,
    refuse,
    repeated,
    stored_by,
    tell,
    write,
)
from circle15.areas.wording import named
from circle15.audit.actions import record
from circle15.core.messages import Message
from circle15.core.sort_keys import pinyin_key
from circle15.sites.actions import touch
from circle15.sites.models import (
    Equipment,
    OpeningHours,
    Sign,
    Site,
    StaffMember,
    Window,
    Zone,
)
from circle15.sites.states import SITE_TRANSITIONS, SiteStatus

_SORT_KEY_LENGTH = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """Longitude and latitude in WGS-84."""

    code: str
    name: str
    kind: str
    division_code: str
    lon: Decimal
    lat: Decimal
    status: str | None = None
    organisation: OrganisationKey | None = None
    address: str | None = None
    phone: str | None = None
    opened_on: date | None = None
    is_synthetic: bool | None = None


class _OfSite(Protocol):
    @property
    def site_code(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    site_code: str
    key: str
    state: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentRow:
    site_code: str
    asset_no: str
    key: str
    label: str | None = None
    quantity: int | None = None
    state: str | None = None
    acquired_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRow:
    site_code: str
    kind: str
    place: str
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    site_code: str
    number: int
    name: str
    is_comprehensive: bool | None = None
    is_green_channel: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRow:
    site_code: str
    weekday: int
    opens: time
    closes: time
    is_extended: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    site_code: str
    person_uid: UUID
    duty: str
    since: date
    is_full_time: bool | None = None
    until: date | None = None
    source: str | None = None


R = TypeVar("R", bound=_OfSite)
P = TypeVar("P", Zone, Equipment, Sign, Window, OpeningHours)


@transaction.atomic
def upsert_sites(rows: Sequence[SiteRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change sites, known by code; a site never moves to another division this way.

    Raises RowsRefused.
    """
    problems = [*repeated(rows, lambda row: (row.code,), "code")]
    counts = Counts()
    paths: set[str] = set()
    for start, batch in batches(rows):
        known = stored_by(Site.objects.all(), ("code",), [(row.code,) for row in batch])
        divisions = {
            one.code: one
            for one in Division.objects.filter(code__in={row.division_code for row in batch})
        }
        homes = organisations_of([row.organisation for row in batch if row.organisation])
        problems += [
            problem
            for number, row in enumerate(batch, start)
            for problem in _site_problems(
                number, row, known.get((row.code,)), divisions.get(row.division_code), homes, by
            )
        ]
        if problems:
            continue
        states = {one.pk: one.status for one in known.values()}
        written = write(
            Site,
            (
                (known.get((row.code,)), _site_fields(row, divisions[row.division_code], homes))
                for row in batch
            ),
        )
        counts += written.counts
        touch([one.pk for one in written.changed])
        _tell_states(written.changed, states, by, at)
        paths |= {one.area_path for one in (*written.new, *written.changed)}
    refuse(problems)
    _told("sites.import", "site", counts, rows, paths, by, at)
    return counts


def _tell_states(sites: Iterable[Site], former: Mapping[int, str], by: Actor, at: datetime) -> None:
    """Tell of each change of state: how many sites ran on a day is read from the trail."""
    for site in sites:
        if site.status != former[site.pk]:
            record(
                who=by.who,
                verb="site.status",
                target_kind="site",
                target_id=site.code,
                area_path=site.area_path,
                at=at,
                old={"status": former[site.pk]},
                new={"status": site.status},
            )


def _site_problems(  # noqa: PLR0913, PLR0917 -- a row and all it stands on
    number: int,
    row: SiteRow,
    stored: Site | None,
    division: Division | None,
    homes: Mapping[OrganisationKey, Organisation],
    by: Actor,
) -> Iterator[RowProblem]:
    if division is None or not by.covers(site_path(division, row.code)):
        yield RowProblem(number, "division_code", no_division(row.division_code))
    elif stored and stored.area_path != site_path(division, row.code):
        message = Message("已有网点不能通过导入改换所在区划")
        yield RowProblem(number, "division_code", message)
    if stored and row.status not in {None, stored.status, *SITE_TRANSITIONS[stored.status]}:
        message = Message(
            "状态不能从“%(status)s”改成所填的值", status=named(SiteStatus(stored.status).label)
        )
        yield RowProblem(number, "status", message)
    if row.organisation and row.organisation not in homes:
        yield RowProblem(number, "organisation", no_organisation(row.organisation.name))


def site_path(division: Division, code: str) -> str:
    """Give a site's area path: its division's path and its own code."""
    return f"{division.path}{code}/"


def _site_fields(
    row: SiteRow, division: Division, homes: Mapping[OrganisationKey, Organisation]
) -> Fields:
    return given(
        code=row.code,
        name=row.name,
        kind=row.kind,
        status=row.status,
        division_id=division.pk,
        organisation_id=homes[row.organisation].pk if row.organisation else None,
        area_path=site_path(division, row.code),
        sort_key=pinyin_key(row.name)[:_SORT_KEY_LENGTH],
        address=row.address,
        phone=row.phone,
        lon=degrees(row.lon),
        lat=degrees(row.lat),
        opened_on=row.opened_on,
        is_synthetic=row.is_synthetic,
    )


@transaction.atomic
def upsert_zones(rows: Sequence[ZoneRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change zones, known by site and fact name. Raises RowsRefused."""
    return _upsert_parts(Zone, rows, ("key",), _zone_fields, by=by, at=at)


def _zone_fields(row: ZoneRow) -> Fields:
    return given(key=row.key, state=row.state, note=row.note)


@transaction.atomic
def upsert_equipment(rows: Sequence[EquipmentRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change equipment, known by site and asset number. Raises RowsRefused."""
    return _upsert_parts(Equipment, rows, ("asset_no",), _equipment_fields, by=by, at=at)


def _equipment_fields(row: EquipmentRow) -> Fields:
    return given(
        asset_no=row.asset_no,
        key=row.key,
        label=row.label,
        quantity=row.quantity,
        state=row.state,
        acquired_on=row.acquired_on,
    )


@transaction.atomic
def upsert_signs(rows: Sequence[SignRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change signs, known by site, kind and place. Raises RowsRefused."""
    return _upsert_parts(Sign, rows, ("kind", "place"), _sign_fields, by=by, at=at)


def _sign_fields(row: SignRow) -> Fields:
    return given(kind=row.kind, place=row.place, problem=row.problem)


@transaction.atomic
def upsert_windows(rows: Sequence[WindowRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change windows, known by site and number. Raises RowsRefused."""
    return _upsert_parts(Window, rows, ("number",), _window_fields, by=by, at=at)


def _window_fields(row: WindowRow) -> Fields:
    return given(
        number=row.number,
        name=row.name,
        is_comprehensive=row.is_comprehensive,
        is_green_channel=row.is_green_channel,
    )


@transaction.atomic
def upsert_hours(rows: Sequence[HoursRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change opening hours, known by site, weekday and start. Raises RowsRefused."""
    return _upsert_parts(OpeningHours, rows, ("weekday", "opens"), _hours_fields, by=by, at=at)


def _hours_fields(row: HoursRow) -> Fields:
    return given(
        weekday=row.weekday, opens=row.opens, closes=row.closes, is_extended=row.is_extended
    )


def _upsert_parts(  # noqa: PLR0913 -- a kind of part is described by these
    model: type[P],
    rows: Sequence[R],
    names: tuple[str, ...],
    fields_of: Callable[[R], Fields],
    *,
    by: Actor,
    at: datetime,
) -> Counts:
    """Write parts of sites; `names` are the fields that tell a site's parts apart."""
    problems = [
        *repeated(rows, lambda row: (row.site_code, *_key(fields_of(row), names)), names[-1])
    ]
    counts = Counts()
    paths: set[str] = set()
    touched: set[int] = set()
    for start, batch in batches(rows):
        sites = sites_by_code(batch)
        problems += _foreign(start, batch, sites, by)
        if problems:
            continue
        wanted = [{**fields_of(row), "site_id": sites[row.site_code].pk} for row in batch]
        key = ("site_id", *names)
        known = stored_by(model._default_manager.all(), key, [_key(one, key) for one in wanted])  # noqa: SLF001 -- Django's public name for it
        written: Written[P] = write(model, ((known.get(_key(one, key)), one) for one in wanted))
        counts += written.counts
        touched |= {one.site_id for one in (*written.new, *written.changed)}
        paths |= {one.area_path for one in sites.values()}
    refuse(problems)
    touch(sorted(touched))
    _told(f"{model.__name__.lower()}.import", model.__name__.lower(), counts, rows, paths, by, at)
    return counts


def _key(fields: Fields, names: tuple[str, ...]) -> Key:
    return tuple(fields[name] for name in names)


def sites_by_code(rows: Sequence[_OfSite]) -> dict[str, Site]:
    """Find the sites rows name."""
    return {one.code: one for one in Site.objects.filter(code__in={r.site_code for r in rows})}


def no_site(code: str) -> Message:
    """Say that a site is unknown, in words that don't tell whether it is only foreign."""
    return Message("没有网点%(code)s，或不在您的管辖范围内", code=code)


def _foreign(
    start: int, rows: Sequence[_OfSite], sites: Mapping[str, Site], by: Actor
) -> Iterator[RowProblem]:
    for number, row in enumerate(rows, start):
        site = sites.get(row.site_code)
        if site is None or not by.covers(site.area_path):
            yield RowProblem(number, "site_code", no_site(row.site_code))


# Clauses: D-27, D-55, J-29, W-92
@transaction.atomic
def upsert_staff(rows: Sequence[StaffRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change who serves where: the same start, else the assignment that is still open.

    Raises RowsRefused.
    """
    problems = [*repeated(rows, lambda row: (row.site_code, row.person_uid), "person_uid")]
    counts = Counts()
    paths: set[str] = set()
    touched: set[int] = set()
    for start, batch in batches(rows):
        sites = sites_by_code(batch)
        problems += _foreign(start, batch, sites, by)
        people = {
            one.uid: one for one in Person.objects.filter(uid__in={r.person_uid for r in batch})
        }
        problems += [
            RowProblem(number, "person_uid", Message("没有这个人员，或不在您的管辖范围内"))
            for number, row in enumerate(batch, start)
            if row.person_uid not in people
        ]
        if problems:
            continue
        wanted = [_staff_fields(row, sites[row.site_code], people[row.person_uid]) for row in batch]
        written = write(StaffMember, _with_assignments(wanted))
        counts += written.counts
        touched |= {one.site_id for one in (*written.new, *written.changed)}
        paths |= {one.area_path for one in sites.values()}
    refuse(problems)
    touch(sorted(touched))
    _told("staff.import", "staff", counts, rows, paths, by, at)
    return counts


def _staff_fields(row: StaffRow, site: Site, person: Person) -> Fields:
    return given(
        site_id=site.pk,
        person_id=person.pk,
        duty=row.duty,
        since=row.since,
        is_full_time=row.is_full_time,
        until=row.until,
        source=row.source,
    )


def _with_assignments(wanted: Sequence[Fields]) -> Iterator[tuple[StaffMember | None, Fields]]:
    began = ("site_id", "person_id", "since")
    who = ("site_id", "person_id")
    every = StaffMember.objects.all()
    same_start = stored_by(every, began, [_key(one, began) for one in wanted])
    still_open = stored_by(
        every.filter(until__isnull=True), who, [_key(one, who) for one in wanted]
    )
    for one in wanted:
        yield same_start.get(_key(one, began)) or still_open.get(_key(one, who)), one


def _told(  # noqa: PLR0913, PLR0917 -- the parts of the event
    verb: str,
    target_kind: str,
    counts: Counts,
    rows: Sequence[object],
    paths: Iterable[str],
    by: Actor,
    at: datetime,
) -> None:
    tell(
        verb=verb,
        target_kind=target_kind,
        counts=counts,
        digest=digest_of(rows),
        by=by,
        at=at,
        area_path=common_path(paths),
    )
