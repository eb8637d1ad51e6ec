"""Writes to the registers: each opens its own scope and leaves one line on the trail."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.opening import NoReason
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.core.messages import Message
from circle15.core.text import tidy
from circle15.ledger.people.areas import demand_any, service_area, serving
from circle15.ledger.people.changing import change, fill
from circle15.ledger.people.entering import (
    PersonEntry,
    UnusablePerson,
    division_of,
    person_problems,
)
from circle15.ledger.people.models import (
    Consent,
    Membership,
    Need,
    Person,
)
from circle15.ledger.people.sealing import (
    index_of,
    sealed_words,
)
from circle15.ledger.people.standing import join, leave
from circle15.ledger.people.states import (
    Field,
    Given,
    Insurance,
    NeedState,
    Purpose,
)
from circle15.standards.registers import need_topics

# Between the mark and the wiping somebody may still object.
GRACE = timedelta(days=30)
_SHORTEST_REASON = 4
_LONGEST_WORDS = 500


class NumberTaken(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("这个证件号码已经登记在另一个人名下，请先按证件号码查询，核对后再更正。")
        )


class Unanswered(Refused):
    """Something was said of a need or consent that no longer stands open."""


@transaction.atomic
def upsert(*, entry: PersonEntry, by: Actor, at: datetime) -> Person:
    """Enter a person, or bring up to date who is known by the number; "" leaves what is there.

    City-wide for who takes in cases, else inside the own area.
    Raises NotAllowed, UnusablePerson, NotFound (known, but of another area).
    """
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    entry = entry.tidied()
    with area_scope(EVERYWHERE):
        known = _known(entry)
        _refuse(person_problems(entry, on=timezone.localdate(at), is_new=known is None))
        if known is None:
            return _entered(entry, by=by, at=at)
        if not by.can(Permission.TAKE_IN):
            _demand_served(by, known.area_path)
        return _brought_up_to_date(known, entry, by=by, at=at)


def _known(entry: PersonEntry) -> Person | None:
    index = index_of(entry.id_number, Field.ID_NUMBER)
    if not index:
        return None
    return Person.objects.select_for_update().filter(id_number_index=index).first()


def _entered(entry: PersonEntry, *, by: Actor, at: datetime) -> Person:
    division = division_of(entry.division_code)
    if not by.can(Permission.TAKE_IN):
        _demand_served(by, division.path)
    person = Person(
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
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        # Somebody else entered the same number in this moment.
        known = _known(entry)
        if known is None:
            raise
        return _brought_up_to_date(known, entry, by=by, at=at)
    for register in entry.registers:
        join(person, register, source=entry.source, by=by, at=at)
    _record("person.enter", person, by=by, at=at, new={"registers": list(entry.registers)})
    return person


def _brought_up_to_date(person: Person, entry: PersonEntry, *, by: Actor, at: datetime) -> Person:
    changed = change(person, entry)
    _touch(person, by=by, at=at, fields=changed)
    joined = [
        one for one in entry.registers if join(person, one, source=entry.source, by=by, at=at)
    ]
    new: dict[str, object] = {"fields": sorted(changed), "registers": joined}
    _record("person.update", person, by=by, at=at, new=new)
    return person


def _touch(person: Person, *, by: Actor, at: datetime, fields: Iterable[str] = ()) -> None:
    """Keep what was changed; whoever is seen again is not erased."""
    person.touched_at = max(at, person.touched_at)
    person.touched_by = by.name[:80]
    person.erase_on = None
    names = [*fields, "touched_at", "touched_by", "erase_on"]
    try:
        with transaction.atomic():
            person.save(update_fields=names)
    except IntegrityError as error:
        raise NumberTaken from error
    Membership.objects.filter(person=person, until__isnull=True).update(touched_at=at)


@transaction.atomic
def correct(uid: UUID, *, changes: PersonEntry, reason: str, by: Actor, at: datetime) -> Person:
    """Correct what is held of a person: "" leaves a field alone.

    Raises NotAllowed, NotFound, NoReason, UnusablePerson, NumberTaken.
    """
    demand(by, Permission.EDIT_PEOPLE)
    reason = _reason(reason)
    changes = changes.tidied()
    with serving(by) as area:
        person = _person(uid, area)
        _refuse(person_problems(changes, on=timezone.localdate(at), is_new=False))
        if changes.division_code and not division_of(changes.division_code).path.startswith(area):
            raise NotFound
        changed = change(person, changes)
        _touch(person, by=by, at=at, fields=changed)
        new: dict[str, object] = {"fields": sorted(changed), "reason": reason}
        _record("person.correct", person, by=by, at=at, new=new)
        return person


@transaction.atomic
def confirm(uid: UUID, *, by: Actor, at: datetime) -> Person:
    """Say that what is held of a person still holds: the register stays fresh."""
    demand(by, Permission.EDIT_PEOPLE)
    with serving(by) as area:
        person = _person(uid, area)
        _touch(person, by=by, at=at)
        _record("person.confirm", person, by=by, at=at)
        return person


# Clauses: W-48, N-04, N-05, J-73
@transaction.atomic
def join_register(
    uid: UUID, register: str, *, by: Actor, at: datetime, since: date | None = None
) -> Person:
    """Put a person into a register ("hardship/minimum-living"). Raises UnusablePerson."""
    demand(by, Permission.EDIT_PEOPLE)
    _refuse(person_problems(PersonEntry(registers=(register,)), on=at.date(), is_new=False))
    with serving(by) as area:
        person = _person(uid, area)
        join(person, register, source="entry", by=by, at=at, since=since)
        _record("person.join", person, by=by, at=at, new={"register": register})
        return person


@transaction.atomic
def leave_register(uid: UUID, register: str, *, on: date, by: Actor, at: datetime) -> Person:
    """End a person's standing in a register with a day."""
    demand(by, Permission.EDIT_PEOPLE)
    with serving(by) as area:
        person = _person(uid, area)
        if not leave(person, register, on=on, at=at):
            raise NotFound
        _record("person.leave", person, by=by, at=at, new={"register": register, "on": on})
        return person


@transaction.atomic
def give_consent(  # noqa: PLR0913 -- what a consent consists of
    uid: UUID, purpose: str, *, how: str, by: Actor, at: datetime, is_city_wide: bool = False
) -> Consent:
    """Keep that a person agreed to a purpose; one that stands already stays as it is.

    City-wide for who takes in a case of somebody from elsewhere.
    """
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    with serving(by, is_city_wide=is_city_wide and by.can(Permission.TAKE_IN)) as area:
        person = _person(uid, area)
        consent, is_new = Consent.objects.get_or_create(
            person=person,
            purpose=Purpose(purpose),
            withdrawn_at=None,
            defaults={
                "area_path": person.area_path,
                "how": Given(how),
                "given_at": at,
                "taken_by": by.name[:80],
            },
        )
        if is_new:
            _record("person.consent", person, by=by, at=at, new={"purpose": purpose, "how": how})
        return consent


@transaction.atomic
def withdraw_consent(
    uid: UUID, purpose: str, *, by: Actor, at: datetime, is_city_wide: bool = False
) -> None:
    """Withdraw a consent; one that does not stand is withdrawn already."""
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    with serving(by, is_city_wide=is_city_wide and by.can(Permission.TAKE_IN)) as area:
        person = _person(uid, area)
        standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None)
        if standing.update(withdrawn_at=at, withdrawn_by=by.name[:80]):
            _record("person.consent_end", person, by=by, at=at, new={"purpose": purpose})


# Clauses: W-49, J-74
@transaction.atomic
def record_need(  # noqa: PLR0913 -- what a need consists of
    uid: UUID, *, topic: str, words: str, by: Actor, at: datetime, is_city_wide: bool = False
) -> Need:
    """Keep what a person asked for. Raises NotFound, UnusablePerson."""
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    _refuse(_need_problems(topic, words))
    with serving(by, is_city_wide=is_city_wide and by.can(Permission.TAKE_IN)) as area:
        person = _person(uid, area)
        need = Need(
            person=person,
            area_path=person.area_path,
            topic=topic,
            asked_at=at,
            taken_by=by.name[:80],
        )
        need.words_sealed = sealed_words(words.strip(), need.uid)
        need.save(force_insert=True)
        _record("need.record", person, by=by, at=at, new={"topic": topic, "need": need.uid})
        return need


def _need_problems(topic: str, words: str) -> Iterable[tuple[str, Message]]:
    if topic not in need_topics():
        yield "topic", Message("请选择需求类别")
    if len(words) > _LONGEST_WORDS:
        yield (
            "words",
            Message("最多%(most)s个字，现有%(length)s个字", most=_LONGEST_WORDS, length=len(words)),
        )


@transaction.atomic
def answer_need(need_uid: UUID, *, state: str, words: str, by: Actor, at: datetime) -> Need:
    """Say what became of a need. Raises NotFound, Unanswered (answered already)."""
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    with serving(by) as area:
        rows = Need.objects.select_for_update(of=("self",)).select_related("person")
        need = scope.within(rows, area).filter(uid=need_uid, person__isnull=False).first()
        if need is None or need.person is None:
            raise NotFound
        if need.state != NeedState.OPEN or state not in {NeedState.MET, NeedState.DECLINED}:
            raise Unanswered(_("这条需求已经有了结果，请刷新页面。"))
        need.state = state
        need.answer_sealed = sealed_words(words.strip()[:_LONGEST_WORDS], need.uid, "answer")
        need.answered_at = at
        need.answered_by = by.name[:80]
        need.save(update_fields=["state", "answer_sealed", "answered_at", "answered_by"])
        new: dict[str, object] = {"need": need.uid, "state": state}
        _record("need.answer", need.person, by=by, at=at, new=new)
        return need


@transaction.atomic
def bar_from_conditional(uid: UUID, *, until: date, reason: str, by: Actor, at: datetime) -> Person:
    """Give a person no conditional intake before a day, as after a broken promise."""
    demand_any(by, Permission.HANDLE_CASES, Permission.EDIT_PEOPLE)
    reason = _reason(reason)
    with serving(by, is_city_wide=by.can(Permission.HANDLE_CASES)) as area:
        person = _person(uid, area)
        person.barred_until = until
        person.save(update_fields=["barred_until"])
        new: dict[str, object] = {"until": until, "reason": reason}
        _record("person.bar", person, by=by, at=at, new=new)
        return person


@transaction.atomic
def mark_for_erasure(uid: UUID, *, reason: str, by: Actor, at: datetime) -> Person:
    """Have a person's data wiped after a month, unless somebody objects or they come again."""
    demand(by, Permission.EDIT_PEOPLE)
    reason = _reason(reason)
    with serving(by) as area:
        person = _person(uid, area)
        person.erase_on = timezone.localdate(at) + GRACE
        person.save(update_fields=["erase_on"])
        new: dict[str, object] = {"on": person.erase_on, "reason": reason}
        _record("person.mark_for_erasure", person, by=by, at=at, new=new)
        return person


@transaction.atomic
def keep_after_all(uid: UUID, *, by: Actor, at: datetime) -> Person:
    """Take the mark of erasure away."""
    demand(by, Permission.EDIT_PEOPLE)
    with serving(by) as area:
        person = _person(uid, area)
        person.erase_on = None
        person.save(update_fields=["erase_on"])
        _record("person.keep", person, by=by, at=at)
        return person


def _reason(reason: str) -> str:
    reason = tidy(reason).text
    if len(reason) < _SHORTEST_REASON:
        raise NoReason
    return reason


def _person(uid: UUID, area: str) -> Person:
    """Load a person for a change, locked. Raises NotFound."""
    rows = scope.within(Person.objects.select_for_update(), area)
    person = rows.filter(uid=uid, erased_at__isnull=True).first()
    if person is None:
        raise NotFound
    return person


def _demand_served(by: Actor, area_path: str) -> None:
    area = service_area(by)
    if not area or not area_path.startswith(area):
        raise NotFound


def _refuse(problems: Iterable[tuple[str, Message]]) -> None:
    found = tuple(problems)
    if found:
        raise UnusablePerson(found)


def _record(
    verb: str, person: Person, *, by: Actor, at: datetime, new: dict[str, object] | None = None
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="insured",
        target_id=str(person.uid),
        area_path=person.area_path,
        at=at,
        new=new,
    )
