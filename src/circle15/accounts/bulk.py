"""Bring in organisations and people in bulk; names and numbers of people are sealed on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.models import Organisation, Person
from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.areas.bulk import common_path, divisions_of
from circle15.areas.upserts import (
    Counts,
    Fields,
    RowProblem,
    batches,
    digest_of,
    given,
    refuse,
    repeated,
    stored_by,
    tell,
    write,
)
from circle15.core.identifiers import canonical_resident_id
from circle15.core.messages import Message
from circle15.core.sort_keys import pinyin_key

_SORT_KEY_LENGTH = 360


class OrganisationKey(NamedTuple):
    """An organisation's name is unique within its division."""

    division_code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    name: str
    kind: str
    division_code: str
    credit_code: str | None = None

    @property
    def key(self) -> OrganisationKey:
        return OrganisationKey(self.division_code, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """`area_path` is that of the site where the person serves; else the organisation's."""

    name: str
    organisation: OrganisationKey
    area_path: str | None = None
    phone: str | None = None
    id_number: str | None = None
    uid: UUID | None = None
    is_synthetic: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleWritten:
    """The counts, and each row's person in the order of the rows."""

    counts: Counts
    uids: tuple[UUID, ...]


@transaction.atomic
def upsert_organisations(rows: Sequence[OrganisationRow], *, by: Actor, at: datetime) -> Counts:
    """Add or change organisations, known by division and name. Raises RowsRefused."""
    refuse(repeated(rows, lambda row: row.key, "name"))
    divisions = divisions_of(rows, lambda row: row.division_code, by=by)
    keys = [(divisions[row.division_code].pk, row.name) for row in rows]
    known = stored_by(Organisation.objects.all(), ("division_id", "name"), keys)
    pairs = (
        (
            known.get(key),
            given(
                name=row.name,
                kind=row.kind,
                credit_code=row.credit_code,
                division_id=key[0],
                area_path=divisions[row.division_code].path,
                sort_key=pinyin_key(row.name)[:_SORT_KEY_LENGTH],
            ),
        )
        for key, row in zip(keys, rows, strict=True)
    )
    counts = write(Organisation, pairs).counts
    tell(
        verb="organisations.import",
        target_kind="organisation",
        counts=counts,
        digest=digest_of(rows),
        by=by,
        at=at,
        area_path=common_path(one.path for one in divisions.values()),
    )
    return counts


def organisations_of(keys: Sequence[OrganisationKey]) -> dict[OrganisationKey, Organisation]:
    """Find organisations by the code of their division and their name."""
    near = Organisation.objects.select_related("division").filter(
        division__code__in={key.division_code for key in keys},
        name__in={key.name for key in keys},
    )
    return {OrganisationKey(one.division.code, one.name): one for one in near}


@transaction.atomic
def upsert_people(rows: Sequence[PersonRow], *, by: Actor, at: datetime) -> PeopleWritten:
    """Add or change people: found by uid, else by ID number, else by name in the organisation.

    Raises RowsRefused.
    """
    counts = Counts()
    uids: list[UUID] = []
    seen: dict[UUID, int] = {}
    paths: set[str] = set()
    problems: list[RowProblem] = []
    for start, batch in batches(rows):
        homes = organisations_of([row.organisation for row in batch])
        problems += _home_problems(start, batch, homes, by)
        if problems:
            continue
        known = _known_people(batch, homes)
        problems += _twice(start, known, seen)
        problems += _foreign(start, known, by)
        written = write(
            Person,
            (
                (person, _fields(row, person, homes[row.organisation]))
                for row, person in zip(batch, known, strict=True)
            ),
        )
        fresh = iter(written.new)
        uids += [(person or next(fresh)).uid for person in known]
        counts += written.counts
        paths |= {one.area_path for one in (*written.new, *written.changed)}
    refuse(problems)
    tell(
        verb="people.import",
        target_kind="person",
        counts=counts,
        # Keyed: a bare digest of one row would let its phone be guessed.
        digest=blind_index(digest_of(rows), field="import"),
        by=by,
        at=at,
        area_path=common_path(paths),
    )
    return PeopleWritten(counts, tuple(uids))


def _home_problems(
    start: int,
    batch: Sequence[PersonRow],
    homes: Mapping[OrganisationKey, Organisation],
    by: Actor,
) -> Iterator[RowProblem]:
    for number, row in enumerate(batch, start):
        home = homes.get(row.organisation)
        if home is None:
            yield RowProblem(number, "organisation", no_organisation(row.organisation.name))
        elif not by.covers(row.area_path or home.area_path):
            yield RowProblem(number, "area_path", Message("该人员不在您的管辖范围内"))


def no_organisation(name: str) -> Message:
    """Say that an organisation is unknown, in words that don't tell whether it is only foreign."""
    return Message("没有单位“%(name)s”，或不在您的管辖范围内", name=name)


def _foreign(start: int, known: Sequence[Person | None], by: Actor) -> Iterator[RowProblem]:
    for number, person in enumerate(known, start):
        if person and not by.covers(person.area_path):
            yield RowProblem(number, "id_number", Message("该人员不在您的管辖范围内"))


def _twice(
    start: int, known: Sequence[Person | None], seen: dict[UUID, int]
) -> Iterator[RowProblem]:
    for number, person in enumerate(known, start):
        if person and seen.setdefault(person.uid, number) != number:
            message = Message("与第%(row)s行是同一人", row=seen[person.uid] + 1)
            yield RowProblem(number, "name", message)


def _known_people(
    batch: Sequence[PersonRow], homes: Mapping[OrganisationKey, Organisation]
) -> list[Person | None]:
    by_uid = stored_by(Person.objects.all(), ("uid",), [(row.uid,) for row in batch if row.uid])
    indexes = {_index(row) for row in batch if row.id_number}
    by_index = stored_by(Person.objects.all(), ("id_number_index",), [(one,) for one in indexes])
    by_name = _names_in([homes[row.organisation].pk for row in batch if _only_named(row)])
    return [
        by_uid.get((row.uid,))
        or by_index.get((_index(row),))
        or (by_name.get((homes[row.organisation].pk, row.name)) if _only_named(row) else None)
        for row in batch
    ]


def _only_named(row: PersonRow) -> bool:
    return not (row.uid or row.id_number)


def _index(row: PersonRow) -> str:
    return blind_index(canonical_resident_id(row.id_number), field="id_number")


def _names_in(organisations: Sequence[int]) -> dict[tuple[int, str], Person]:
    """Open the names of the people of some organisations; nobody else's are opened."""
    people = Person.objects.filter(organisation_id__in=set(organisations)).order_by("-id")
    return {
        (one.organisation_id, unseal(one.name_sealed, field="name", uid=one.uid)): one
        for one in people.iterator()
    }


def _fields(row: PersonRow, person: Person | None, home: Organisation) -> Fields:
    stored = person or Person(uid=row.uid or uuid4())
    number = canonical_resident_id(row.id_number) if row.id_number else None
    return given(
        uid=stored.uid,
        name_sealed=_sealed(row.name, "name", stored.uid, stored.name_sealed),
        phone_sealed=_sealed(row.phone, "phone", stored.uid, stored.phone_sealed),
        id_number_sealed=_sealed(number, "id_number", stored.uid, stored.id_number_sealed),
        id_number_index=_index(row) if number else None,
        organisation_id=home.pk,
        area_path=row.area_path or home.area_path,
        is_synthetic=row.is_synthetic,
    )


def _sealed(plain: str | None, field: str, uid: UUID, stored: str) -> str | None:
    """Seal anew only what changed: each sealing differs, so equal texts must keep theirs."""
    if plain is None or (stored and unseal(stored, field=field, uid=uid) == plain):
        return None
    return seal(plain, field=field, uid=uid)
