"""Wipe those whose time is over: after a mark, or when nobody has needed them for years."""

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.ledger.people.mandate_models import Mandate
from circle15.ledger.people.models import Consent, FollowUp, Membership, Need, Person
from circle15.ledger.people.states import FollowUpState, Insurance, NeedState

BATCH = 200
_A_DAY_S = 86_400
_SYSTEM = "系统"


# Wipes what else is kept of a person, in the same transaction, while it can still be found.
Also = Callable[[Person, datetime], None]


def erase_daily(*, at: datetime, also: Also | None = None) -> int:
    """Erase once a day and process: the timer asks all the time."""
    if not cache.add(f"erase/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return erase_due(at=at, also=also)


def erase_due(*, at: datetime, also: Also | None = None) -> int:
    """Wipe everybody who is due; each by itself, so that it may be cut off and run again."""
    on = timezone.localdate(at)
    erased = 0
    while batch := _due(on):
        erased += sum(_erase(person_id, on, at, also) for person_id in batch)
    return erased


def _due(on: date) -> list[int]:
    with area_scope(EVERYWHERE):
        rows = Person.objects.filter(_is_due(on), erased_at__isnull=True)
        return list(rows.order_by("id").values_list("id", flat=True)[:BATCH])


def _is_due(on: date) -> Q:
    """Say who is due: marked and past the day, or in no register and untouched for years."""
    standing = Membership.objects.filter(person=OuterRef("pk"), until__isnull=True)
    long_ago = on.replace(year=on.year - settings.PEOPLE_RETENTION_YEARS, day=min(on.day, 28))
    return Q(erase_on__lte=on) | Q(~Exists(standing), touched_at__date__lt=long_ago)


@transaction.atomic
def _erase(person_id: int, on: date, at: datetime, also: Also | None) -> bool:
    with area_scope(EVERYWHERE):
        rows = Person.objects.select_for_update().filter(id=person_id, erased_at__isnull=True)
        person = rows.filter(_is_due(on)).first()
        if person is None:
            return False
        if also is not None:
            also(person, at)
        _wipe(person, at)
        _end(person, on, at)
        record(
            who=system_actor(_SYSTEM).who,
            verb="person.erase",
            target_kind="insured",
            target_id=str(person.uid),
            area_path=person.area_path,
            at=at,
        )
        return True


def _wipe(person: Person, at: datetime) -> None:
    empty = (
        "name_sealed",
        "id_number_sealed",
        "id_number_index",
        "phone_sealed",
        "phone_index",
    )
    for name in empty:
        setattr(person, name, "")
    person.birth_year = None
    person.insurance = Insurance.UNKNOWN
    person.erase_on = None
    person.erased_at = at
    person.save(update_fields=[*empty, "birth_year", "insurance", "erase_on", "erased_at"])


def _end(person: Person, on: date, at: datetime) -> None:
    """End whatever still runs for a person who is no longer known."""
    standing = Membership.objects.filter(person=person, until__isnull=True)
    standing.filter(since__lte=on).update(until=on, touched_at=at)
    Consent.objects.filter(person=person, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=_SYSTEM
    )
    Mandate.objects.filter(
        Q(agent=person) | Q(principal=person), ended_at__isnull=True, agreed_at__lte=at
    ).update(ended_at=at, ended_by=_SYSTEM)
    Need.objects.filter(person=person).update(words_sealed="", answer_sealed="")
    Need.objects.filter(person=person, state=NeedState.OPEN).update(
        state=NeedState.DECLINED, answered_at=at, answered_by=_SYSTEM
    )
    FollowUp.objects.filter(person=person).update(note_sealed="")
    FollowUp.objects.filter(
        person=person, state__in=(FollowUpState.OPEN, FollowUpState.PLANNED)
    ).update(state=FollowUpState.NEEDLESS, ended_at=at, ended_by=_SYSTEM)
