"""Bring in people and organisations served in bulk; a file brought in again changes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.sealing import blind_index
from circle15.areas.bulk import common_path, divisions_of
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.upserts import (
    Counts,
    RowProblem,
    batches,
    digest_of,
    recount,
    refuse,
    tell,
)
from circle15.core.messages import Message
from circle15.core.uids import new_uid
from circle15.ledger.people.changing import change, fill
from circle15.ledger.people.entering import (
    OrganisationEntry,
    PersonEntry,
    organisation_problems,
    person_problems,
)
from circle15.ledger.people.models import Membership, Person, ServedOrganisation
from circle15.ledger.people.organisations import OrganisationKnown, bring_up_to_date
from circle15.ledger.people.sealing import index_of, plain
from circle15.ledger.people.states import Field, Insurance

E = TypeVar("E", PersonEntry, OrganisationEntry)
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as entered, and since when they stand in the registers named."""

    entry: PersonEntry
    since: date | None = None
    uid: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    entry: OrganisationEntry
    since: date | None = None


@dataclass(slots=True)
class _Batch:
    """The people some rows speak of: known ones, and those made on the way."""

    people: dict[Key, Person]
    new: list[Person] = field(default_factory=list)
    changed: dict[int, Person] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    # Of every row: whether its person is new or differs.
    is_new: list[bool] = field(default_factory=list)
    differs: list[bool] = field(default_factory=list)


@transaction.atomic
def upsert_people(rows: Sequence[PersonRow], *, by: Actor, at: datetime) -> Counts:
    """Add people or bring them up to date, known by number, else by name in the division.

    Raises RowsRefused: unknown or foreign divisions, unusable fields, people of other areas.
    """
    entries = [row.entry.tidied() for row in rows]
    on = timezone.localdate(at)
    _refuse_unusable(entries, lambda one: person_problems(one, on=on, is_new=True))
    divisions = divisions_of(entries, lambda one: one.division_code, by=by)
    counts = Counts()
    with area_scope(EVERYWHERE):
        for start, numbers in batches(range(len(rows))):
            some = [entries[number] for number in numbers]
            batch = _Batch(_known(some, divisions))
            refuse(_foreign(start, some, batch, divisions, by))
            _take(some, [rows[number] for number in numbers], batch, divisions, by, at)
            _write(batch, by, at)
            standing = _join_all(
                some, [rows[number] for number in numbers], batch, divisions, by, at
            )
            counts += _counted(batch, standing)
        recount(Person, counts.new)
        recount(Membership, counts.written)
    _told("served_people.import", "insured", counts, rows, divisions, by, at)
    return counts


def _refuse_unusable(
    entries: Sequence[E], problems_of: Callable[[E], Iterator[tuple[str, Message]]]
) -> None:
    refuse(
        RowProblem(number, name, message)
        for number, one in enumerate(entries)
        for name, message in problems_of(one)
    )


def _key(entry: PersonEntry, divisions: Mapping[str, Division]) -> Key:
    """Tell people apart: by number; whoever has none yet by name and year in the division."""
    if entry.id_number:
        return (index_of(entry.id_number, Field.ID_NUMBER),)
    return (divisions[entry.division_code].pk, entry.name, entry.birth_year)


def _known(entries: Sequence[PersonEntry], divisions: Mapping[str, Division]) -> dict[Key, Person]:
    indexes = {index_of(one.id_number, Field.ID_NUMBER) for one in entries if one.id_number}
    people = Person.objects.select_for_update().filter(id_number_index__in=indexes)
    found: dict[Key, Person] = {(one.id_number_index,): one for one in people}
    homes = {divisions[one.division_code].pk for one in entries if not one.id_number}
    if homes:
        nameless = Person.objects.select_for_update().filter(
            id_number_index="", division_id__in=homes, erased_at__isnull=True
        )
        found |= {
            (one.division_id, plain(one, Field.NAME), one.birth_year): one for one in nameless
        }
    return found


def _foreign(
    start: int,
    entries: Sequence[PersonEntry],
    batch: _Batch,
    divisions: Mapping[str, Division],
    by: Actor,
) -> Iterator[RowProblem]:
    for number, entry in enumerate(entries, start):
        person = batch.people.get(_key(entry, divisions))
        if person and not by.covers(person.area_path):
            message = Message("此人已在其他地区登记，请先按证件号码查询，确认后办理迁入")
            yield RowProblem(number, "id_number", message)


def _take(  # noqa: PLR0913, PLR0917 -- the rows and where they go
    entries: Sequence[PersonEntry],
    rows: Sequence[PersonRow],
    batch: _Batch,
    divisions: Mapping[str, Division],
    by: Actor,
    at: datetime,
) -> None:
    for entry, row in zip(entries, rows, strict=True):
        key = _key(entry, divisions)
        person = batch.people.get(key)
        batch.is_new.append(person is None)
        if person is None:
            person = _person(entry, row.uid, divisions[entry.division_code], by, at)
            batch.people[key] = person
            batch.new.append(person)
            batch.differs.append(False)
            continue
        columns = change(person, entry)
        batch.differs.append(bool(columns))
        if person.pk:
            batch.changed[person.pk] = person
            batch.columns |= columns


def _person(
    entry: PersonEntry, uid: UUID | None, division: Division, by: Actor, at: datetime
) -> Person:
    person = Person(
        uid=uid or new_uid(),
        division=division,
        area_path=division.path,
        id_kind=entry.id_kind,
        birth_year=entry.year,
        insurance=entry.insurance or Insurance.UNKNOWN,
        source=entry.source,
        entered_at=at,
        touched_at=at,
        touched_by=by.name[:80],
        is_synthetic=entry.is_synthetic,
    )
    fill(person, entry)
    return person


def _write(batch: _Batch, by: Actor, at: datetime) -> None:
    Person.objects.bulk_create(batch.new)
    for person in batch.changed.values():
        person.touched_at = max(at, person.touched_at)
        person.touched_by = by.name[:80]
    if batch.changed:
        # One INSERT … ON CONFLICT: many times faster than CASE WHEN.
        Person.objects.bulk_create(
            batch.changed.values(),
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=sorted(batch.columns | {"touched_at", "touched_by"}),
        )


def _join_all(  # noqa: PLR0913, PLR0917 -- the rows and where they go
    entries: Sequence[PersonEntry],
    rows: Sequence[PersonRow],
    batch: _Batch,
    divisions: Mapping[str, Division],
    by: Actor,
    at: datetime,
) -> list[bool]:
    """Put everybody into their registers; tell of every row whether that changed anything."""
    people = [batch.people[_key(entry, divisions)] for entry in entries]
    ids = {person.pk for person in people}
    open_ones = Membership.objects.filter(person_id__in=ids, until__isnull=True)
    open_ones.update(touched_at=at)
    standing = {(one.person_id, one.register): one for one in open_ones}
    fresh: list[Membership] = []
    renamed: list[Membership] = []
    moved = []
    for person, entry, row in zip(people, entries, rows, strict=True):
        before = len(fresh) + len(renamed)
        for register, _, kind in (one.partition("/") for one in entry.registers):
            known = standing.get((person.pk, register))
            if known is None:
                made = _membership(person, register, kind, entry.source, row.since, by, at)
                standing[person.pk, register] = made
                fresh.append(made)
            elif kind and known.kind != kind:
                known.kind = kind
                if known.pk:
                    renamed.append(known)
        moved.append(len(fresh) + len(renamed) > before)
    Membership.objects.bulk_create(fresh)
    Membership.objects.bulk_update(renamed, ["kind"])
    return moved


def _membership(  # noqa: PLR0913, PLR0917 -- what standing in a register consists of
    person: Person,
    register: str,
    kind: str,
    source: str,
    since: date | None,
    by: Actor,
    at: datetime,
) -> Membership:
    return Membership(
        person=person,
        area_path=person.area_path,
        register=register,
        kind=kind,
        since=since or timezone.localdate(at),
        source=source,
        entered_by=by.name[:80],
        touched_at=at,
    )


def _counted(batch: _Batch, standing: Sequence[bool]) -> Counts:
    new = sum(batch.is_new)
    changed = sum(
        not is_new and (differs or moved)
        for is_new, differs, moved in zip(batch.is_new, batch.differs, standing, strict=True)
    )
    return Counts(new, changed, len(standing) - new - changed)


@transaction.atomic
def upsert_organisations(rows: Sequence[OrganisationRow], *, by: Actor, at: datetime) -> Counts:
    """Add organisations or bring them up to date, known by code, else by name in the division.

    Raises RowsRefused.
    """
    entries = [row.entry.tidied() for row in rows]
    _refuse_unusable(entries, lambda one: organisation_problems(one, is_new=True))
    divisions = divisions_of(entries, lambda one: one.division_code, by=by)
    counts = Counts()
    problems: list[RowProblem] = []
    with area_scope(EVERYWHERE):
        for number, (entry, row) in enumerate(zip(entries, rows, strict=True)):
            try:
                done = bring_up_to_date(entry, since=row.since, by=by, at=at)
            except OrganisationKnown as known:
                problems.append(RowProblem(number, "name", Message(str(known))))
                continue
            if done is None:
                message = Message("该单位已在其他地区登记，请先按统一社会信用代码查询")
                problems.append(RowProblem(number, "credit_code", message))
                continue
            counts += done
        refuse(problems)
        recount(ServedOrganisation, counts.new)
    _told("served_organisations.import", "served", counts, rows, divisions, by, at)
    return counts


def _told(  # noqa: PLR0913, PLR0917 -- the parts of the event
    verb: str,
    target_kind: str,
    counts: Counts,
    rows: Sequence[object],
    divisions: Mapping[str, Division],
    by: Actor,
    at: datetime,
) -> None:
    tell(
        verb=verb,
        target_kind=target_kind,
        counts=counts,
        # Keyed: a bare digest of one row would let its number be guessed.
        digest=blind_index(digest_of(rows), field="import", kind="insured"),
        by=by,
        at=at,
        area_path=common_path(one.path for one in divisions.values()),
    )
