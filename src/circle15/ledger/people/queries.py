"""Reads of the registers for those who keep them: the people an actor serves, masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.queries import divisions_under
from circle15.areas.states import Level
from circle15.core.identifiers import canonical_resident_id
from circle15.ledger.people.areas import near, service_area, serving
from circle15.ledger.people.cards import (
    OrganisationCard,
    PersonCard,
    organisation_cards,
    person_cards,
)
from circle15.ledger.people.models import Membership, Need, Person, ServedOrganisation
from circle15.ledger.people.own_data import HeldRegister, registers_held
from circle15.ledger.people.sealing import index_of, words_of
from circle15.ledger.people.states import Field, NeedState
from circle15.standards.registers import need_topics
from circle15.standards.text import Text

PAGE_SIZE = 50
EXPORT_BATCH = 500
_OLD = 80


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list is narrowed to; "" narrows nothing. `number` is exact: an ID number or phone."""

    register: str = ""
    kind: str = ""
    insurance: str = ""
    area_path: str = ""
    age: str = ""
    number: str = ""

    @property
    def is_register_only(self) -> bool:
        return bool(self.register) and not (self.insurance or self.age or self.number)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """What somebody asked for; the words are shown to who serves them."""

    uid: UUID
    topic: Text
    words: str
    answer: str
    state: str
    state_name: str
    asked_at: datetime
    taken_by: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    purpose: str
    purpose_name: str
    how_name: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person of the registers with all that is kept."""

    card: PersonCard
    insurance_name: str
    source_name: str
    touched_at: datetime
    touched_by: str
    erase_on: date | None
    barred_until: date | None
    registers: tuple[HeldRegister, ...]
    needs: tuple[NeedLine, ...]
    consents: tuple[ConsentLine, ...]


def people_in_order(
    actor: Actor, wanted: PeopleFilter, *, on: date, page: int | str = 1
) -> Page[PersonCard]:
    """Return a page of the people an actor serves, by village. Raises NotAllowed."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = _narrowed(area, wanted, on).order_by("area_path", "id")
        paginator: Paginator[Any] = Paginator(rows, PAGE_SIZE)
        if wanted.is_register_only:
            # An index alone counts them; the people themselves would have to be read.
            paginator.__dict__["count"] = _count_standing(area, wanted)
        found = paginator.get_page(page)
        return Page(list(person_cards(found.object_list, on=on)), found.number, paginator)


def _count_standing(area: str, wanted: PeopleFilter) -> int:
    rows = Membership.objects.filter(register=wanted.register, until__isnull=True)
    rows = near(scope.within(rows, area), wanted.area_path or area)
    return (rows.filter(kind=wanted.kind) if wanted.kind else rows).count()


def every_person(actor: Actor, wanted: PeopleFilter, *, on: date) -> Iterator[PersonCard]:
    """Return all of them for a file, batch by batch. Raises NotAllowed."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = _narrowed(area, wanted, on)
        last = 0
        while batch := list(rows.filter(id__gt=last).order_by("id")[:EXPORT_BATCH]):
            yield from person_cards(batch, on=on)
            last = batch[-1].pk


def count_of(actor: Actor, wanted: PeopleFilter, *, on: date) -> int:
    """Return how many people a filter finds."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        return _narrowed(area, wanted, on).count()


def _narrowed(area: str, wanted: PeopleFilter, on: date) -> QuerySet[Person]:
    rows = Person.objects.select_related("division").filter(erased_at__isnull=True)
    rows = near(scope.within(rows, area), wanted.area_path or area)
    if wanted.register:
        rows = rows.filter(Exists(_standing("person", wanted)))
    if wanted.insurance:
        rows = rows.filter(insurance=wanted.insurance)
    if wanted.age == "over-80":
        rows = rows.filter(birth_year__lte=on.year - _OLD)
    if number := canonical_resident_id(wanted.number):
        rows = rows.filter(
            Q(id_number_index=index_of(number, Field.ID_NUMBER))
            | Q(phone_index=index_of(number, Field.PHONE))
        )
    return rows


def _standing(holder: str, wanted: PeopleFilter) -> QuerySet[Membership]:
    standing = Membership.objects.filter(register=wanted.register, until__isnull=True)
    if wanted.kind:
        standing = standing.filter(kind=wanted.kind)
    return standing.filter(**{holder: OuterRef("pk")})


def person_page(uid: UUID, actor: Actor, *, on: date) -> PersonPage:
    """Return one person the actor serves. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = scope.within(Person.objects.select_related("division"), area)
        person = rows.filter(uid=uid).first()
        if person is None:
            raise NotFound
        return PersonPage(
            card=person_cards([person], on=on)[0],
            insurance_name=person.get_insurance_display(),
            source_name=person.get_source_display(),
            touched_at=person.touched_at,
            touched_by=person.touched_by,
            erase_on=person.erase_on,
            barred_until=person.barred_until,
            registers=registers_held(person),
            needs=_needs(Q(person=person)),
            consents=_consents(person),
        )


def _consents(person: Person) -> tuple[ConsentLine, ...]:
    return tuple(
        ConsentLine(
            one.purpose,
            one.get_purpose_display(),
            one.get_how_display(),
            one.given_at,
            one.withdrawn_at,
        )
        for one in person.consents.order_by("-given_at", "-id")
    )


def _needs(of: Q) -> tuple[NeedLine, ...]:
    rows = Need.objects.filter(of).order_by("-asked_at", "-id")
    return tuple(_need_line(row) for row in rows[:PAGE_SIZE])


def _need_line(row: Need) -> NeedLine:
    topic = need_topics().get(row.topic)
    words, answer = words_of(row)
    return NeedLine(
        uid=row.uid,
        topic=topic.name if topic else Text(row.topic, row.topic),
        words=words,
        answer=answer,
        state=row.state,
        state_name=str(NeedState(row.state).label),
        asked_at=row.asked_at,
        taken_by=row.taken_by,
    )


def organisations_in_order(
    actor: Actor, *, register: str = "", name: str = "", page: int | str = 1
) -> Page[OrganisationCard]:
    """Return a page of the organisations an actor serves, by name. Raises NotAllowed."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = scope.within(ServedOrganisation.objects.select_related("division"), area)
        if register:
            wanted = PeopleFilter(register=register)
            rows = rows.filter(Exists(_standing("organisation", wanted)))
        if name:
            rows = rows.filter(
                Q(name__icontains=name.strip()) | Q(credit_code=name.strip().upper())
            )
        paginator: Paginator[Any] = Paginator(rows.order_by("sort_key", "id"), PAGE_SIZE)
        found = paginator.get_page(page)
        return Page(list(organisation_cards(found.object_list)), found.number, paginator)


def organisation_in_area(uid: UUID, actor: Actor) -> OrganisationCard:
    """Return one organisation the actor serves. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = scope.within(ServedOrganisation.objects.select_related("division"), area)
        found = rows.filter(uid=uid).first()
        if found is None:
            raise NotFound
        return organisation_cards([found])[0]


def division_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the towns and villages an actor serves, for a form: code and name, in order."""
    area = _area(actor)
    rows = divisions_under(area, levels=(Level.TOWN, Level.VILLAGE)).filter(is_placeholder=False)
    named = rows.order_by("path").values_list("code", "name", "level")
    return tuple(
        (code, name if level == Level.TOWN else f"　{name}") for code, name, level in named
    )


def area_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the same for a filter: path and name."""
    area = _area(actor)
    rows = divisions_under(area, levels=(Level.TOWN, Level.VILLAGE)).filter(is_placeholder=False)
    named = rows.order_by("path").values_list("path", "name", "level")
    return tuple(
        (path, name if level == Level.TOWN else f"　{name}") for path, name, level in named
    )


def _area(actor: Actor) -> str:
    demand(actor, Permission.VIEW_PEOPLE)
    return service_area(actor)
