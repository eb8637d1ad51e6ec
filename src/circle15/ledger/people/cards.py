"""Those served as screens show them: masked, with what is needed to serve them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from circle15.core.masking import mask_name, mask_phone
from circle15.ledger.people.models import Membership, Person, ServedOrganisation
from circle15.ledger.people.sealing import contact, masked
from circle15.ledger.people.states import Field


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person, masked; `registers` are the keys of those the person stands in now."""

    uid: UUID
    id: int
    masked_name: str
    masked_id: str
    masked_phone: str
    birth_year: int | None
    area_path: str
    area_name: str
    registers: tuple[str, ...]
    insurance: str
    is_blocked_from_conditional: bool
    is_synthetic: bool
    is_erased: bool


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """One organisation; who answers its phone is masked."""

    uid: UUID
    id: int
    name: str
    credit_code: str
    provider_code: str
    area_path: str
    area_name: str
    address: str
    masked_contact: str
    masked_phone: str
    registers: tuple[str, ...]
    is_synthetic: bool


def person_cards(people: Iterable[Person], *, on: date) -> tuple[PersonCard, ...]:
    """Make cards of people read with their division, in the present scope (one more query)."""
    rows = list(people)
    standing = _registers("person_id", [one.pk for one in rows])
    return tuple(_person_card(one, standing[one.pk], on) for one in rows)


def organisation_cards(
    organisations: Iterable[ServedOrganisation],
) -> tuple[OrganisationCard, ...]:
    """Make cards of organisations read with their division (one more query)."""
    rows = list(organisations)
    standing = _registers("organisation_id", [one.pk for one in rows])
    return tuple(_organisation_card(one, standing[one.pk]) for one in rows)


def _registers(holder: str, ids: list[int]) -> dict[int, tuple[str, ...]]:
    now = Membership.objects.filter(**{f"{holder}__in": ids}, until__isnull=True)
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for owner, register in now.order_by("id").values_list(holder, "register"):
        found[owner] = (*found[owner], register)
    return found


def _person_card(person: Person, standing: tuple[str, ...], on: date) -> PersonCard:
    return PersonCard(
        uid=person.uid,
        id=person.pk,
        masked_name=masked(person, Field.NAME),
        masked_id=masked(person, Field.ID_NUMBER),
        masked_phone=masked(person, Field.PHONE),
        birth_year=person.birth_year,
        area_path=person.area_path,
        area_name=person.division.name,
        registers=standing,
        insurance=person.insurance,
        is_blocked_from_conditional=person.barred_until is not None and on < person.barred_until,
        is_synthetic=person.is_synthetic,
        is_erased=person.erased_at is not None,
    )


def _organisation_card(one: ServedOrganisation, standing: tuple[str, ...]) -> OrganisationCard:
    name, phone = contact(one)
    return OrganisationCard(
        uid=one.uid,
        id=one.pk,
        name=one.name,
        credit_code=one.credit_code,
        provider_code=one.provider_code,
        area_path=one.area_path,
        area_name=one.division.name,
        address=one.address,
        masked_contact=mask_name(name),
        masked_phone=mask_phone(phone),
        registers=standing,
        is_synthetic=one.is_synthetic,
    )
