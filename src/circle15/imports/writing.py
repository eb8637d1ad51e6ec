"""Hand checked rows to the bulk actions of the apps that own them, row for row in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from circle15.accounts.actors import Actor
from circle15.accounts.bulk import (
    OrganisationKey,
    OrganisationRow,
    PersonRow,
    no_organisation,
    upsert_organisations,
    upsert_people,
)
from circle15.accounts.models import Organisation
from circle15.accounts.states import OrganisationKind
from circle15.areas import scope
from circle15.areas.bulk import DivisionRow, upsert_divisions
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.areas.upserts import Counts, RowProblem, refuse
from circle15.core.messages import Message
from circle15.imports.rows import Notices, Row
from circle15.imports.states import Kind
from circle15.ledger.bulk import FactRow, TrainingRow, append_facts, append_trainings
from circle15.ledger.people.bulk import OrganisationRow as ServedOrganisationRow
from circle15.ledger.people.bulk import PersonRow as ServedPersonRow
from circle15.ledger.people.bulk import upsert_organisations as upsert_served_organisations
from circle15.ledger.people.bulk import upsert_people as upsert_served_people
from circle15.ledger.people.entering import OrganisationEntry, PersonEntry
from circle15.ledger.people.states import Source as HeldSource
from circle15.ledger.states import Source
from circle15.sites.bulk import (
    EquipmentRow,
    SiteRow,
    StaffRow,
    upsert_equipment,
    upsert_sites,
    upsert_staff,
)
from circle15.sites.models import Site
from circle15.sites.states import SiteKind
from circle15.standards.facts import facts

_HOST_KINDS = {
    SiteKind.COUNTY_HALL: OrganisationKind.COUNTY_BUREAU,
    SiteKind.TOWN_CENTRE: OrganisationKind.TOWN_GOVERNMENT,
    SiteKind.VILLAGE_POINT: OrganisationKind.VILLAGE_COMMITTEE,
    SiteKind.HOSPITAL_STATION: OrganisationKind.HOSPITAL,
    SiteKind.PHARMACY: OrganisationKind.PHARMACY,
    SiteKind.BANK_OUTLET: OrganisationKind.BANK,
    SiteKind.KIOSK_ONLY: OrganisationKind.TOWN_GOVERNMENT,
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, when, and where remarks go."""

    by: Actor
    at: datetime
    notices: Notices


def write_rows(kind: Kind, rows: Sequence[Row], writing: Writing) -> Counts:
    """Write rows without faults; raises RowsRefused with the positions in `rows`."""
    return _WRITERS[kind](rows, writing)


def _divisions(rows: Sequence[Row], writing: Writing) -> Counts:
    return upsert_divisions(
        [
            DivisionRow(
                code=row.text("code"),
                name=row.text("name"),
                level=row.text("level"),
                parent_code=row.text("parent_code") or None,
                is_placeholder=_maybe(row, "is_placeholder", bool),
                population_registered=_maybe(row, "population_registered", int),
                population_resident=_maybe(row, "population_resident", int),
                population_over_60=_maybe(row, "population_over_60", int),
                population_source=_maybe(row, "population_source", str),
                lon=_maybe(row, "lon", Decimal),
                lat=_maybe(row, "lat", Decimal),
            )
            for row in rows
        ],
        by=writing.by,
        at=writing.at,
    )


def _maybe(row: Row, name: str, kind: type[T]) -> T | None:
    value = row.values.get(name)
    assert value is None or isinstance(value, kind), (name, value)
    return value


def _sure(row: Row, name: str, kind: type[T]) -> T:
    value = _maybe(row, name, kind)
    assert value is not None, name
    return value


def _sites(rows: Sequence[Row], writing: Writing) -> Counts:
    divisions = {
        one.code: one
        for one in Division.objects.filter(code__in={row.text("division_code") for row in rows})
    }
    hosts = _Hosts.of(rows, writing)
    keys = [_host_key(row, divisions, hosts) for row in rows]
    _found_hosts(rows, keys, hosts, writing)
    return upsert_sites(
        [
            SiteRow(
                code=row.text("code"),
                name=row.text("name"),
                kind=row.text("kind"),
                division_code=row.text("division_code"),
                lon=_sure(row, "lon", Decimal),
                lat=_sure(row, "lat", Decimal),
                status=row.text("status") or None,
                organisation=key,
                address=row.text("address") or None,
                phone=row.text("phone") or None,
                opened_on=_maybe(row, "opened_on", date),
            )
            for row, key in zip(rows, keys, strict=True)
        ],
        by=writing.by,
        at=writing.at,
    )


@dataclass(frozen=True, slots=True)
class _Hosts:
    """Organisations by name: several may share one, each in a division of its own."""

    by_name: Mapping[str, Sequence[Organisation]]

    @classmethod
    def of(cls, rows: Sequence[Row], writing: Writing) -> "_Hosts":
        names = {name for row in rows if (name := row.text("organisation"))}
        inside = scope.within(Organisation.objects.all(), writing.by.area_path)
        found: dict[str, list[Organisation]] = {}
        for one in inside.filter(name__in=names).select_related("division").order_by("id"):
            found.setdefault(one.name, []).append(one)
        return cls(found)

    def nearest(self, name: str, path: str) -> Organisation | None:
        """Find the one in the place itself or above it, else the only one of that name."""
        every = self.by_name.get(name, ())
        above = [one for one in every if path.startswith(one.area_path)]
        if above:
            return max(above, key=lambda one: len(one.area_path))
        return every[0] if len(every) == 1 else None


def _host_key(row: Row, divisions: Mapping[str, Division], hosts: _Hosts) -> OrganisationKey | None:
    name, division = row.text("organisation"), divisions.get(row.text("division_code"))
    if not name or division is None:
        return None
    host = hosts.nearest(name, division.path)
    return OrganisationKey(host.division.code if host else division.code, name)


def _found_hosts(
    rows: Sequence[Row],
    keys: Sequence[OrganisationKey | None],
    hosts: _Hosts,
    writing: Writing,
) -> None:
    """Set up the hosts nobody knows yet; what kind they are follows from the kind of site."""
    fresh: dict[OrganisationKey, OrganisationRow] = {}
    for row, key in zip(rows, keys, strict=True):
        known = key and {one.division.code for one in hosts.by_name.get(key.name, ())}
        if key and key.division_code not in (known or ()):
            kind = _HOST_KINDS[SiteKind(row.text("kind"))]
            fresh.setdefault(
                key,
                OrganisationRow(name=key.name, kind=kind, division_code=key.division_code),
            )
            message = Message("系统中没有的单位将按网点类型新建")
            writing.notices.add("主办单位", message, row.number)
    if not fresh:
        return
    mine = {key for key in fresh if _is_mine(key, writing)}
    upsert_organisations([fresh[key] for key in fresh if key in mine], by=writing.by, at=writing.at)


def _is_mine(key: OrganisationKey, writing: Writing) -> bool:
    """Leave a foreign division to the refusal of the site itself."""
    path = Division.objects.values_list("path", flat=True).get(code=key.division_code)
    return writing.by.covers(path)


def _equipment(rows: Sequence[Row], writing: Writing) -> Counts:
    return upsert_equipment(
        [
            EquipmentRow(
                site_code=row.text("site_code"),
                asset_no=row.text("asset_no"),
                key=row.text("key"),
                label=row.text("label") or None,
                quantity=_maybe(row, "quantity", int),
                state=row.text("state") or None,
                acquired_on=_maybe(row, "acquired_on", date),
            )
            for row in rows
        ],
        by=writing.by,
        at=writing.at,
    )


def _staff(rows: Sequence[Row], writing: Writing) -> Counts:
    sites = _sites_of(rows, writing)
    hosts = _Hosts.of(rows, writing)
    people, problems = [], []
    for number, row in enumerate(rows):
        site = sites[row.text("site_code")]
        host = _employer(row, site, hosts)
        if host:
            people.append(_person(row, site, host))
        else:
            typed = row.text("organisation")
            no_host = Message("网点没有主办单位，请填写所属单位")
            message = no_organisation(typed) if typed else no_host
            problems.append(RowProblem(number, "organisation", message))
    refuse(problems)
    uids = upsert_people(people, by=writing.by, at=writing.at).uids
    return upsert_staff(
        [
            StaffRow(
                site_code=row.text("site_code"),
                person_uid=uid,
                duty=row.text("duty"),
                since=_sure(row, "since", date),
                until=_maybe(row, "until", date),
                is_full_time=_maybe(row, "is_full_time", bool),
                source=_maybe(row, "source", str),
            )
            for row, uid in zip(rows, uids, strict=True)
        ],
        by=writing.by,
        at=writing.at,
    )


def _employer(row: Row, site: Site, hosts: _Hosts) -> Organisation | None:
    typed = row.text("organisation")
    return hosts.nearest(typed, site.area_path) if typed else site.organisation


def _person(row: Row, site: Site, host: Organisation) -> PersonRow:
    return PersonRow(
        name=row.text("name"),
        organisation=OrganisationKey(host.division.code, host.name),
        area_path=site.area_path,
        phone=row.text("phone") or None,
        id_number=row.text("id_number") or None,
    )


def _sites_of(rows: Sequence[Row], writing: Writing) -> dict[str, Site]:
    inside = scope.within(Site.objects.all(), writing.by.area_path)
    codes = {code for row in rows if (code := row.text("site_code"))}
    near = inside.filter(code__in=codes).select_related(
        "division__parent", "organisation__division"
    )
    return {one.code: one for one in near}


def _trainings(rows: Sequence[Row], writing: Writing) -> Counts:
    return append_trainings(
        [
            TrainingRow(
                held_on=_sure(row, "held_on", date),
                kind=row.text("kind"),
                topic=row.text("topic"),
                attendees=_sure(row, "attendees", int),
                site_code=row.text("site_code") or None,
                division_code=row.text("division_code") or None,
            )
            for row in rows
        ],
        by=writing.by,
        at=writing.at,
    )


def _facts(rows: Sequence[Row], writing: Writing) -> Counts:
    sites = _sites_of(rows, writing)
    return append_facts(
        [_fact(row, sites.get(row.text("site_code")), writing) for row in rows],
        by=writing.by,
        at=writing.at,
    )


def _fact(row: Row, site: Site | None, writing: Writing) -> FactRow:
    """Say a town's fact of the town, even where one of its sites was given."""
    town = _town(site) if site and facts()[row.text("name")].scope == "town" else None
    if town:
        message = Message("乡镇共用的事实，已记到网点所在的乡镇")
        writing.notices.add("网点编码", message, row.number)
    value = row.values["value"]
    assert isinstance(value, bool | int | Decimal)
    return FactRow(
        name=row.text("name"),
        value=value,
        observed_on=_sure(row, "observed_on", date),
        source=row.text("source") or Source.IMPORT,
        site_code=None if town else row.text("site_code") or None,
        division_code=town.code if town else row.text("division_code") or None,
        unit=row.text("unit") or None,
        note=row.text("note") or None,
    )


def _town(site: Site) -> Division | None:
    near = (site.division, site.division.parent)
    return next((one for one in near if one and one.level == Level.TOWN), None)


def _persons(rows: Sequence[Row], writing: Writing) -> Counts:
    return upsert_served_people(
        [
            ServedPersonRow(
                entry=PersonEntry(
                    name=row.text("name"),
                    id_number=row.text("id_number"),
                    phone=row.text("phone"),
                    division_code=row.text("division_code"),
                    birth_year=_maybe(row, "birth_year", int),
                    insurance=row.text("insurance"),
                    registers=_registers(row),
                    source=HeldSource.IMPORT,
                ),
                since=_maybe(row, "since", date),
            )
            for row in rows
        ],
        by=writing.by,
        at=writing.at,
    )


def _served(rows: Sequence[Row], writing: Writing) -> Counts:
    return upsert_served_organisations(
        [
            ServedOrganisationRow(
                entry=OrganisationEntry(
                    name=row.text("name"),
                    credit_code=row.text("credit_code"),
                    provider_code=row.text("provider_code"),
                    division_code=row.text("division_code"),
                    address=row.text("address"),
                    contact_name=row.text("contact_name"),
                    contact_phone=row.text("contact_phone"),
                    registers=_registers(row),
                    source=HeldSource.IMPORT,
                ),
                since=_maybe(row, "since", date),
            )
            for row in rows
        ],
        by=writing.by,
        at=writing.at,
    )


def _registers(row: Row) -> tuple[str, ...]:
    register, kind = row.text("register"), row.text("register_kind")
    return (f"{register}/{kind}" if kind else register,) if register else ()


_WRITERS: dict[Kind, Callable[[Sequence[Row], Writing], Counts]] = {
    Kind.DIVISIONS: _divisions,
    Kind.VILLAGES: _divisions,
    Kind.SITES: _sites,
    Kind.EQUIPMENT: _equipment,
    Kind.STAFF: _staff,
    Kind.TRAININGS: _trainings,
    Kind.FACTS: _facts,
    Kind.PERSONS: _persons,
    Kind.SERVED: _served,
}
