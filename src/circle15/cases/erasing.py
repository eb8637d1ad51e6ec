"""Who is erased from the registers is erased from messages and appointments, too."""

from contextlib import suppress
from datetime import datetime

from circle15.cases.texting.forgetting import forget_numbers
from circle15.core.ciphers import CannotOpen
from circle15.hall.appointments.forgetting import forget_person
from circle15.ledger.people import erasing
from circle15.ledger.people.models import Person
from circle15.ledger.people.sealing import plain
from circle15.ledger.people.states import Field


def erase_daily(*, at: datetime) -> int:
    """Erase everybody who is due, once a day and process."""
    return erasing.erase_daily(at=at, also=_forget)


def erase_due(*, at: datetime) -> int:
    """Erase everybody who is due."""
    return erasing.erase_due(at=at, also=_forget)


def _forget(person: Person, at: datetime) -> None:
    forget_numbers(person.uid)
    with suppress(CannotOpen):  # sealed with a key that is not ours: nothing to be found by
        forget_person(plain(person, Field.ID_NUMBER), plain(person, Field.PHONE), at=at)
