"""Employers and designated providers: entered, brought up to date, in and out of registers."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.upserts import Counts
from circle15.audit.actions import record
from circle15.core.messages import Message
from circle15.core.sort_keys import pinyin_key
from circle15.ledger.people.areas import demand_any, service_area, serving
from circle15.ledger.people.entering import (
    OrganisationEntry,
    UnusablePerson,
    division_of,
    organisation_problems,
)
from circle15.ledger.people.models import Membership, Need, ServedOrganisation
from circle15.ledger.people.sealing import contact, sealed_contact
from circle15.ledger.people.standing import join, leave

SORT_KEY_LENGTH = 360


class OrganisationKnown(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("同一个统一社会信用代码（或同一地区的同名单位）已经登记，请先查询后再修改。")
        )


@transaction.atomic
def upsert_organisation(*, entry: OrganisationEntry, by: Actor, at: datetime) -> ServedOrganisation:
    """Enter an organisation, or bring up to date who is known by its code, or by its name.

    City-wide for who takes in cases, else inside the own area.
    Raises NotAllowed, UnusablePerson, OrganisationKnown, NotFound.
    """
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    entry = entry.tidied()
    with area_scope(EVERYWHERE):
        known = known_organisation(entry)
        _refuse(organisation_problems(entry, is_new=known is None))
        if known is None:
            return _entered(entry, by=by, at=at)
        _demand_reach(by, known.area_path)
        changed = _change(known, entry)
        _touch(known, by=by, at=at, fields=changed)
        for register in entry.registers:
            join(known, register, source=entry.source, by=by, at=at)
        _record("served.update", known, by=by, at=at, new={"fields": sorted(changed)})
        return known


def known_organisation(entry: OrganisationEntry) -> ServedOrganisation | None:
    """Find an organisation by its code; one without a code by its name in the division."""
    rows = ServedOrganisation.objects.select_for_update()
    if entry.credit_code:
        return rows.filter(credit_code=entry.credit_code).first()
    named = rows.filter(credit_code="", name=entry.name, division__code=entry.division_code)
    return named.first()


def _entered(entry: OrganisationEntry, *, by: Actor, at: datetime) -> ServedOrganisation:
    division = division_of(entry.division_code)
    _demand_reach(by, division.path)
    organisation = _added(entry, by=by, at=at)
    for register in entry.registers:
        join(organisation, register, source=entry.source, by=by, at=at)
    new: dict[str, object] = {"name": organisation.name, "registers": list(entry.registers)}
    _record("served.enter", organisation, by=by, at=at, new=new)
    return organisation


def _added(entry: OrganisationEntry, *, by: Actor, at: datetime) -> ServedOrganisation:
    division = division_of(entry.division_code)
    organisation = ServedOrganisation(
        division=division,
        area_path=division.path,
        source=entry.source,
        entered_at=at,
        touched_at=at,
        touched_by=by.name[:80],
        is_synthetic=entry.is_synthetic,
    )
    _change(organisation, entry)
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise OrganisationKnown from error
    return organisation


def bring_up_to_date(
    entry: OrganisationEntry, *, since: date | None, by: Actor, at: datetime
) -> Counts | None:
    """Write one row of a file, tidied and believed; None where it is of another area.

    Called inside the bulk action, which leaves the line on the trail. Raises OrganisationKnown.
    """
    known = known_organisation(entry)
    if known is not None and not by.covers(known.area_path):
        return None
    if known is None:
        served, changed = _added(entry, by=by, at=at), set[str]()
    else:
        served, changed = known, _change(known, entry)
        _touch(known, by=by, at=at, fields=changed)
    joined = [
        join(served, register, source=entry.source, by=by, at=at, since=since)
        for register in entry.registers
    ]
    if known is None:
        return Counts(new=1)
    return Counts(changed=1) if changed or any(joined) else Counts(same=1)


@transaction.atomic
def correct_organisation(
    uid: UUID, *, changes: OrganisationEntry, by: Actor, at: datetime
) -> ServedOrganisation:
    """Change what is held of an organisation: "" leaves a field alone.

    Raises NotAllowed, NotFound, UnusablePerson, OrganisationKnown.
    """
    demand(by, Permission.EDIT_PEOPLE)
    changes = changes.tidied()
    with serving(by) as area:
        organisation = _organisation(uid, area)
        _refuse(organisation_problems(changes, is_new=False))
        if changes.division_code:
            home = division_of(changes.division_code)
            if not home.path.startswith(area):
                raise NotFound
        changed = _change(organisation, changes)
        _touch(organisation, by=by, at=at, fields=changed)
        for register in changes.registers:
            join(organisation, register, source=changes.source, by=by, at=at)
        _record("served.correct", organisation, by=by, at=at, new={"fields": sorted(changed)})
        return organisation


@transaction.atomic
def take_out(uid: UUID, register: str, *, on: date, by: Actor, at: datetime) -> ServedOrganisation:
    """End an organisation's standing in a register with a day. Raises NotFound."""
    demand(by, Permission.EDIT_PEOPLE)
    with serving(by) as area:
        organisation = _organisation(uid, area)
        if not leave(organisation, register, on=on, at=at):
            raise NotFound
        new: dict[str, object] = {"register": register, "on": on}
        _record("served.leave", organisation, by=by, at=at, new=new)
        return organisation


def _change(one: ServedOrganisation, entry: OrganisationEntry) -> set[str]:
    """Set what was said and differs; return the columns."""
    names = ("name", "credit_code", "provider_code", "address")
    said = {name: getattr(entry, name) for name in names if getattr(entry, name)}
    columns = {name: value for name, value in said.items() if value != getattr(one, name)}
    if "name" in columns:
        columns["sort_key"] = pinyin_key(entry.name)[:SORT_KEY_LENGTH]
    held = contact(one)
    wanted = (entry.contact_name, entry.contact_phone)
    name, phone = (
        new if new and new != old else None for new, old in zip(wanted, held, strict=True)
    )
    columns |= sealed_contact(one.uid, name, phone)
    for column, value in columns.items():
        setattr(one, column, value)
    moved = entry.division_code and _move(one, entry.division_code)
    return set(columns) | ({"division", "area_path"} if moved else set())


def _move(one: ServedOrganisation, code: str) -> bool:
    division = division_of(code)
    if one.division_id == division.pk:
        return False
    one.division, one.area_path = division, division.path
    if one.pk:
        Membership.objects.filter(organisation=one).update(area_path=division.path)
        Need.objects.filter(organisation=one).update(area_path=division.path)
    return True


def _touch(one: ServedOrganisation, *, by: Actor, at: datetime, fields: Iterable[str] = ()) -> None:
    one.touched_at = max(at, one.touched_at)
    one.touched_by = by.name[:80]
    try:
        with transaction.atomic():
            one.save(update_fields=[*fields, "touched_at", "touched_by"])
    except IntegrityError as error:
        raise OrganisationKnown from error
    Membership.objects.filter(organisation=one, until__isnull=True).update(touched_at=at)


def _organisation(uid: UUID, area: str) -> ServedOrganisation:
    rows = scope.within(ServedOrganisation.objects.select_for_update(), area)
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _demand_reach(by: Actor, area_path: str) -> None:
    if by.can(Permission.TAKE_IN):
        return
    area = service_area(by)
    if not area or not area_path.startswith(area):
        raise NotFound


def _refuse(problems: Iterable[tuple[str, Message]]) -> None:
    found = tuple(problems)
    if found:
        raise UnusablePerson(found)


def _record(
    verb: str, one: ServedOrganisation, *, by: Actor, at: datetime, new: dict[str, object]
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="served",
        target_id=str(one.uid),
        area_path=one.area_path,
        at=at,
        new=new,
    )
