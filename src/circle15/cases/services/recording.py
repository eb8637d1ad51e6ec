"""Write down that somebody was helped: at a window, at home, after hours, in a village."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.steps import kept_words
from circle15.cases.service_models import NOTE_LENGTH, ServiceRecord
from circle15.cases.service_states import Ending, ServiceKind
from circle15.cases.services.entries import (
    Problems,
    check_when,
    note_entry,
    person_of,
    site_of,
    strike,
)
from circle15.items.naming import item_names
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.follow_ups import finish, follow_up
from circle15.sites.models import Site
from circle15.standards.services import ServiceForm, proofs, service_forms, topics

MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One record as it is filled in; what its kind does not ask stays empty."""

    site_code: str
    kind: str
    way: str
    done_on: date
    item_key: str = ""
    topic: str = ""
    person_uid: UUID | None = None
    follow_up_uid: UUID | None = None
    people: int = 1
    minutes: int | None = None
    complete_on: date | None = None
    handed_on: date | None = None
    ending: str = ""
    note: str = ""


# Clauses: D-19, W-60, W-63, W-72, J-66, J-67, J-75, J-88
@transaction.atomic
def record_service(*, entry: ServiceEntry, by: Actor, at: datetime) -> ServiceRecord:
    """Write a short record; a visit of a follow-up ends that task along with it.

    Raises NotAllowed, NotFound, UnusableEntry, FollowUpMoved.
    """
    site = site_of(entry.site_code, by)
    _check(entry, at=at)
    person_uid = entry.person_uid
    if entry.follow_up_uid is not None:
        person_uid = follow_up(entry.follow_up_uid, by, on=entry.done_on).person_uid
    person = person_of(person_uid, by=by, at=at, purpose="visit" if entry.ending else "handling")
    row = _row(entry, site, person, by=by, at=at)
    row.save(force_insert=True)
    if entry.follow_up_uid is not None:
        finish(
            entry.follow_up_uid, state=entry.ending, by=by, at=at, note=row.note, visit_uid=row.uid
        )
    note_entry(row, "record", by=by, at=at, kind=row.kind, way=row.way, site=site.code)
    return row


def strike_service(*, uid: UUID, why: str, by: Actor, at: datetime) -> ServiceRecord:
    """Strike a record out; see `strike`. The task of a visit stays as it ended."""
    return strike(ServiceRecord, uid=uid, why=why, by=by, at=at)


def _row(
    entry: ServiceEntry, site: Site, person: PersonCard | None, *, by: Actor, at: datetime
) -> ServiceRecord:
    born = person.birth_year if person else None
    return ServiceRecord(
        uid=uuid4(),
        site=site,
        site_name=site.name,
        area_path=site.area_path,
        kind=entry.kind,
        way=entry.way,
        done_on=entry.done_on,
        minutes=entry.minutes,
        item_key=entry.item_key,
        topic=entry.topic,
        people=entry.people,
        person_uid=person.uid if person else None,
        person_name=person.masked_name if person else "",
        complete_on=entry.complete_on,
        handed_on=entry.handed_on,
        ending=entry.ending,
        follow_up_uid=entry.follow_up_uid,
        is_elder=born is not None and entry.done_on.year - born >= proofs().elder_age,
        note=kept_words(entry.note, NOTE_LENGTH),
        recorded_at=at,
        recorded_by=by.name[:80],
        recorded_by_id=by.user_id,
        is_synthetic=site.is_synthetic,
    )


def _check(entry: ServiceEntry, *, at: datetime) -> None:
    problems = Problems()
    form = service_forms().get(entry.kind)
    if form is None:
        problems.note("kind", _("请从列表中选择。"))
    problems.note("way", _("请选择做了什么。"), is_so=form is None or entry.way not in form.ways)
    check_when(entry.done_on, entry.minutes, problems, at=at)
    if form is not None:
        _check_asked(entry, form, problems)
    words = _("人数应在 1 到 %(most)s 之间。") % {"most": MOST_PEOPLE}
    problems.note("people", words, is_so=not 1 <= entry.people <= MOST_PEOPLE)
    problems.settle()


def _check_asked(entry: ServiceEntry, form: ServiceForm, problems: Problems) -> None:
    """Refuse what the form does not ask, and what can't be so."""
    choose = _("请从列表中选择。")
    wrong_item = bool(entry.item_key) and (
        "item" not in form.asks or entry.item_key not in item_names(entry.done_on)
    )
    problems.note("item_key", choose, is_so=wrong_item)
    wrong_topic = entry.topic not in {"", *topics()} or (
        bool(entry.topic) and "topic" not in form.asks
    )
    problems.note("topic", choose, is_so=wrong_topic)
    is_visit = form.key == ServiceKind.HOME_VISIT
    wrong_end = (entry.ending in Ending.values) is not is_visit or (
        not is_visit and entry.follow_up_uid is not None
    )
    problems.note("ending", _("请选择上门的结果。"), is_so=wrong_end)
    if is_visit and entry.way == "explaining":
        problems.note("topic", _("上门宣传请选择宣传的主题。"), is_so=not entry.topic)
    _check_days(entry, problems, is_asked="handed_on" in form.asks)


def _check_days(entry: ServiceEntry, problems: Problems, *, is_asked: bool) -> None:
    days = entry.complete_on, entry.handed_on
    problems.note("complete_on", _("只有代办填写这两个日期。"), is_so=any(days) and not is_asked)
    complete, handed = days
    if handed is not None and (complete is None or complete > handed):
        problems.note("complete_on", _("材料齐备日应填写，且不晚于上报日。"))
    for name, day in (("complete_on", complete), ("handed_on", handed)):
        problems.note(name, _("日期不能晚于今天。"), is_so=day is not None and day > entry.done_on)
