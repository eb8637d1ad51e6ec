"""Numbers are kept in messages no longer than they are needed, and not of who is erased."""

from uuid import UUID

from django.db.models import Q

from circle15.cases.texting_models import TextMessage


def forget_numbers(person_uid: UUID) -> None:
    """Forget the number in messages of every case of a person, or in which they act for another.

    What still waits asks the register again before it goes.
    """
    whose = Q(case__person_uid=person_uid) | Q(case__agent_uid=person_uid)
    TextMessage.objects.filter(whose).update(phone_sealed="", phone_masked="")
