"""How the fields of those served are sealed, each to its own row, found again, and masked."""

from collections.abc import Mapping
from uuid import UUID

from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.core.masking import mask_name, mask_phone, mask_resident_id
from circle15.ledger.people.models import FollowUp, Need, Person, ServedOrganisation
from circle15.ledger.people.states import Field

KIND = "insured"
_MASKS = {
    Field.NAME: mask_name,
    Field.ID_NUMBER: mask_resident_id,
    Field.PHONE: mask_phone,
}
_INDEXED = frozenset({Field.ID_NUMBER, Field.PHONE})


def index_of(value: str, field: Field) -> str:
    """Give the key under which a number or phone is found again."""
    return blind_index(value, field=field, kind=KIND)


def sealed(uid: UUID, values: Mapping[Field, str]) -> dict[str, str]:
    """Give the columns that hold some plain values of one person, sealed and indexed."""
    columns = {f"{field}_sealed": _seal(uid, field, value) for field, value in values.items()}
    return columns | {
        f"{field}_index": index_of(value, field)
        for field, value in values.items()
        if field in _INDEXED
    }


def _seal(uid: UUID, field: Field, value: str) -> str:
    return seal(value, field=field, uid=uid, kind=KIND)


def plain(person: Person, field: Field) -> str:
    """Open one field of a person; "" for one that is not held."""
    return unseal(getattr(person, f"{field}_sealed"), field=field, uid=person.uid, kind=KIND)


def masked(person: Person, field: Field) -> str:
    return _MASKS[field](plain(person, field))


def sealed_contact(uid: UUID, name: str | None, phone: str | None) -> dict[str, str]:
    """Give the columns of who answers an organisation's phone; None is not said."""
    given = {"contact_name": name, "contact_phone": phone}
    return {
        f"{field}_sealed": seal(value, field=field, uid=uid, kind="served")
        for field, value in given.items()
        if value is not None
    }


def contact(organisation: ServedOrganisation) -> tuple[str, str]:
    """Open the name and phone of an organisation's contact."""
    uid = organisation.uid
    return (
        unseal(organisation.contact_name_sealed, field="contact_name", uid=uid, kind="served"),
        unseal(organisation.contact_phone_sealed, field="contact_phone", uid=uid, kind="served"),
    )


def sealed_words(words: str, uid: UUID, field: str = "words") -> str:
    return seal(words, field=field, uid=uid, kind="need")


def words_of(need: Need) -> tuple[str, str]:
    """Open what was asked, and what was answered."""
    return (
        unseal(need.words_sealed, field="words", uid=need.uid, kind="need"),
        unseal(need.answer_sealed, field="answer", uid=need.uid, kind="need"),
    )


def sealed_note(note: str, uid: UUID) -> str:
    return seal(note, field="note", uid=uid, kind="follow-up")


def note_of(follow_up: FollowUp) -> str:
    return unseal(follow_up.note_sealed, field="note", uid=follow_up.uid, kind="follow-up")
