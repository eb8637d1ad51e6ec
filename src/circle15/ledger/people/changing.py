"""Set what was said of a person on the record, sealed; take all that is theirs along when moved."""

from circle15.areas.models import Division
from circle15.ledger.people.entering import PersonEntry, division_of
from circle15.ledger.people.mandate_models import Mandate
from circle15.ledger.people.models import Consent, FollowUp, Membership, Need, Person
from circle15.ledger.people.sealing import plain, sealed
from circle15.ledger.people.states import Field


def fill(person: Person, entry: PersonEntry) -> None:
    """Set the sealed fields of a new person."""
    for name, value in _sealed_columns(person, entry).items():
        setattr(person, name, value)


def change(person: Person, entry: PersonEntry) -> set[str]:
    """Set what was said and differs; return the columns. Raises UnusablePerson (division)."""
    columns: dict[str, object] = dict(_sealed_columns(person, entry))
    if entry.insurance and entry.insurance != person.insurance:
        columns["insurance"] = entry.insurance
    if entry.year is not None and entry.year != person.birth_year:
        columns["birth_year"] = entry.year
    if entry.id_number and entry.id_kind != person.id_kind:
        columns["id_kind"] = entry.id_kind
    for name, value in columns.items():
        setattr(person, name, value)
    moved = entry.division_code and move(person, division_of(entry.division_code))
    return set(columns) | ({"division", "area_path"} if moved else set())


def _sealed_columns(person: Person, entry: PersonEntry) -> dict[str, str]:
    """Give the sealed columns of what was said and differs from what is held."""
    said = {
        Field.NAME: entry.name,
        Field.ID_NUMBER: entry.id_number,
        Field.PHONE: entry.phone,
    }
    differing = {
        field: value for field, value in said.items() if value and value != plain(person, field)
    }
    return sealed(person.uid, differing)


def move(person: Person, division: Division) -> bool:
    """Take a person with all that belongs to them to another division; tell whether it moved."""
    if person.division_id == division.pk:
        return False
    person.division = division
    person.area_path = division.path
    for model in (Membership, Consent, Need, FollowUp):
        model.objects.filter(person=person).update(area_path=division.path)
    Mandate.objects.filter(principal=person).update(area_path=division.path)
    return True
