"""Looking somebody up: city-wide by number or link, and every look stands on the trail."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.opening import NoReason
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.core.text import tidy
from circle15.ledger.people import reveal_alarms
from circle15.ledger.people.areas import demand_any, service_area, serving
from circle15.ledger.people.cards import (
    OrganisationCard,
    PersonCard,
    organisation_cards,
    person_cards,
)
from circle15.ledger.people.models import Person, ServedOrganisation
from circle15.ledger.people.numbers import searched
from circle15.ledger.people.sealing import contact, index_of, masked
from circle15.ledger.people.sealing import plain as opened
from circle15.ledger.people.states import Field

TARGET = "insured"
# Whoever works on cases meets people of the whole city (同城化).
CITY_WIDE = (Permission.TAKE_IN, Permission.HANDLE_CASES)
_SHORTEST_REASON = 4
MOST_NAMED = 20


@transaction.atomic
def find_by_id_number(number: str, *, by: Actor, at: datetime, purpose: str) -> PersonCard | None:
    """Find one person in the whole city by the exact number; the search stands on the trail.

    Raises NotAllowed, BadNumber. None where nobody has the number.
    """
    demand_any(by, *CITY_WIDE, Permission.VIEW_PEOPLE)
    index = index_of(searched(number), Field.ID_NUMBER)
    with area_scope(EVERYWHERE):
        found = Person.objects.select_related("division").filter(id_number_index=index).first()
        if found is None:
            # Without the number: who is not in the register must not get onto the trail.
            _record("person.search", "", by.area_path, by=by, at=at, new={"purpose": purpose})
            return None
        _look(found, by=by, at=at, purpose=purpose)
        return person_cards([found], on=timezone.localdate(at))[0]


@transaction.atomic
def card(uid: UUID, *, by: Actor, at: datetime, purpose: str) -> PersonCard:
    """Show one person, masked: of the whole city to who works on cases, else of the own area.

    Raises NotAllowed, NotFound.
    """
    demand_any(by, *CITY_WIDE, Permission.VIEW_PEOPLE)
    person = _reachable(uid, by)
    with area_scope(EVERYWHERE):
        _look(person, by=by, at=at, purpose=purpose)
        return person_cards([person], on=timezone.localdate(at))[0]


@transaction.atomic
def note_look(uid: UUID, *, by: Actor, at: datetime, purpose: str) -> None:
    """Put a look on the trail that was taken otherwise, such as on a page that only reads."""
    with area_scope(EVERYWHERE):
        _look(_anybody(uid), by=by, at=at, purpose=purpose)


# Clauses: D-53, J-54
@transaction.atomic
def reveal(uid: UUID, field: str, *, reason: str, by: Actor, at: datetime) -> str:
    """Show one field in full, with a reason on the trail; too many in an hour raise an alarm.

    Raises NotAllowed, NotFound, NoReason.
    """
    demand(by, Permission.REVEAL_PEOPLE)
    wanted = Field(field)
    with serving(by) as area:
        person = scope.within(Person.objects.all(), area).filter(uid=uid).first()
    if person is None:
        raise NotFound
    return _revealed(person, wanted, reason=_reason(reason), by=by, at=at)


@transaction.atomic
def reveal_to_call(
    people: Iterable[UUID], organisation: UUID | None, *, reason: str, by: Actor, at: datetime
) -> str:
    """Show the first number to ring that is known, for who has asked for permission already.

    Of these people in turn, else of the organisation's contact; "" for none. With a reason, on the
    trail and counted like every field in full. Raises NoReason.
    """
    reason = _reason(reason)
    with area_scope(EVERYWHERE):
        for uid in people:
            person = Person.objects.filter(uid=uid).first()
            if person is not None and opened(person, Field.PHONE):
                return _revealed(person, Field.PHONE, reason=reason, by=by, at=at)
        if organisation is None:
            return ""
        served = organisation_anywhere(organisation)
        number = contact(served)[1]
        if number:
            new: dict[str, object] = {"reason": reason, "field": Field.PHONE.value}
            _record(
                *("person.reveal", str(served.uid), served.area_path),
                by=by,
                at=at,
                new=new,
                kind="served",
            )
            reveal_alarms.watch(by, at=at)
        return number


def numbers_to_call(uids: Iterable[UUID]) -> dict[UUID, str]:
    """Return masked phone numbers, for lists of what the reader may see anyway (one query)."""
    with area_scope(EVERYWHERE):
        rows = Person.objects.filter(uid__in=set(uids)).only("id", "uid", "phone_sealed")
        return {one.uid: masked(one, Field.PHONE) for one in rows}


def _reason(words: str) -> str:
    told = tidy(words).text
    if len(told) < _SHORTEST_REASON:
        raise NoReason
    return told


def _revealed(person: Person, field: Field, *, reason: str, by: Actor, at: datetime) -> str:
    new: dict[str, object] = {"reason": reason, "field": field.value}
    _record("person.reveal", str(person.uid), person.area_path, by=by, at=at, new=new)
    reveal_alarms.watch(by, at=at)
    return opened(person, field)


@transaction.atomic
def plain(uid: UUID, field: str, *, purpose: str, by: Actor, at: datetime) -> str:
    """Give one field in full to a machine that needs it: a printed result, a message, a transfer.

    The use stands on the trail. Raises NotFound.
    """
    wanted = Field(field)
    with area_scope(EVERYWHERE):
        person = _anybody(uid)
        new: dict[str, object] = {"purpose": purpose, "field": wanted.value}
        _record("person.use", str(uid), person.area_path, by=by, at=at, new=new)
        return opened(person, wanted)


def person_anywhere(uid: UUID) -> Person:
    """Return somebody of the whole city, for who has asked for permission already."""
    with area_scope(EVERYWHERE):
        return _anybody(uid)


def organisation_anywhere(uid: UUID) -> ServedOrganisation:
    """Return an organisation of the whole city, for who has asked for permission already."""
    with area_scope(EVERYWHERE):
        found = ServedOrganisation.objects.select_related("division").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def masked_names(person_ids: Iterable[int]) -> dict[int, str]:
    """Return masked names by id, for lists of what the reader may see anyway (one query)."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    with area_scope(EVERYWHERE):
        rows = Person.objects.filter(id__in=wanted).only("id", "uid", "name_sealed")
        return {one.pk: masked(one, Field.NAME) for one in rows}


def organisation_by_credit_code(code: str, *, by: Actor) -> OrganisationCard | None:
    """Find an organisation of the whole city by its unified social credit code."""
    demand_any(by, *CITY_WIDE, Permission.VIEW_PEOPLE)
    wanted = tidy(code).text.replace(" ", "").upper()
    with area_scope(EVERYWHERE):
        rows = ServedOrganisation.objects.select_related("division")
        found = rows.filter(credit_code=wanted).first() if wanted else None
        return organisation_cards([found])[0] if found else None


def organisations_named(name: str, *, by: Actor) -> tuple[OrganisationCard, ...]:
    """Find organisations: of the whole city by the whole name, of the own area by a part of it."""
    demand_any(by, *CITY_WIDE, Permission.VIEW_PEOPLE)
    wanted, area = " ".join(name.split()), service_area(by)
    if not wanted:
        return ()
    like = Q(name=wanted)
    if area:
        like |= Q(name__icontains=wanted, area_path__startswith=area)
    with area_scope(EVERYWHERE):
        rows = ServedOrganisation.objects.select_related("division").filter(like)
        return organisation_cards(rows.order_by("sort_key", "id")[:MOST_NAMED])


def organisation_card(uid: UUID, *, by: Actor) -> OrganisationCard:
    """Show one organisation: of the city to who works on cases, else of the own area."""
    demand_any(by, *CITY_WIDE, Permission.VIEW_PEOPLE)
    found = organisation_anywhere(uid)
    if not _reaches(by, found.area_path):
        raise NotFound
    with area_scope(EVERYWHERE):
        return organisation_cards([found])[0]


def _reachable(uid: UUID, by: Actor) -> Person:
    with area_scope(EVERYWHERE):
        person = _anybody(uid)
    if not _reaches(by, person.area_path):
        raise NotFound
    return person


def _reaches(by: Actor, area_path: str) -> bool:
    if any(by.can(one) for one in CITY_WIDE):
        return True
    area = service_area(by)
    return bool(area) and area_path.startswith(area)


def _anybody(uid: UUID) -> Person:
    person = Person.objects.select_related("division").filter(uid=uid).first()
    if person is None:
        raise NotFound
    return person


def _look(person: Person, *, by: Actor, at: datetime, purpose: str) -> None:
    new: dict[str, object] = {"purpose": purpose}
    _record("person.look", str(person.uid), person.area_path, by=by, at=at, new=new)


def _record(  # noqa: PLR0913 -- the parts of the event
    verb: str,
    target: str,
    area_path: str,
    *,
    by: Actor,
    at: datetime,
    new: dict[str, object],
    kind: str = TARGET,
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind=kind,
        target_id=target,
        area_path=area_path,
        at=at,
        new=new,
    )
