"""What a person may ask about their own data: what is held, who looked, a copy, a correction.

The caller has made sure that the person is who is asking.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Role
from circle15.accounts.workplaces import Doer, workplaces
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.models import Event
from circle15.audit.states import Who
from circle15.core.masking import mask_phone
from circle15.ledger.people.cards import PersonCard, person_cards
from circle15.ledger.people.models import Consent, FollowUp, Membership, Need, Person
from circle15.ledger.people.numbers import BadNumber, searched
from circle15.ledger.people.sealing import index_of, plain, sealed_words, words_of
from circle15.ledger.people.states import Field, FollowUpState
from circle15.standards.registers import Named, follow_up_rules, need_topics, registers
from circle15.standards.text import Text

# What counts as looking or changing, in words for the person.
VERBS: dict[str, str | Promise] = {
    "person.look": gettext_lazy("查看了脱敏信息"),
    "person.reveal": gettext_lazy("查看了完整信息"),
    "person.use": gettext_lazy("在办事中使用了信息"),
    "person.enter": gettext_lazy("登记"),
    "person.update": gettext_lazy("更新了信息"),
    "person.correct": gettext_lazy("更正了信息"),
    "person.confirm": gettext_lazy("核对了信息"),
    "person.join": gettext_lazy("列入台账"),
    "person.leave": gettext_lazy("移出台账"),
    "person.consent": gettext_lazy("登记了同意"),
    "person.consent_end": gettext_lazy("撤回了同意"),
    "person.from_case": gettext_lazy("办件后更新了台账"),
    "person.download": gettext_lazy("下载了本人信息"),
    "person.mark_for_erasure": gettext_lazy("安排清除信息"),
    "person.keep": gettext_lazy("取消清除信息"),
    "need.record": gettext_lazy("登记了需求"),
    "need.answer": gettext_lazy("答复了需求"),
    "follow_up.plan": gettext_lazy("安排了走访"),
    "follow_up.finish": gettext_lazy("记录了走访结果"),
}
PURPOSES: dict[str, str | Promise] = {
    "register": gettext_lazy("维护服务对象台账"),
    "intake": gettext_lazy("窗口受理"),
    "handling": gettext_lazy("审核办件"),
    "visit": gettext_lazy("上门服务"),
    "print": gettext_lazy("打印办理结果"),
    "sms": gettext_lazy("发送短信"),
    "transfer": gettext_lazy("报送医保核心系统"),
    "api": gettext_lazy("合作单位查询"),
    "proxy": gettext_lazy("代办"),
    "agent": gettext_lazy("核对代办人或单位经办人"),
    "partner": gettext_lazy("合作单位代为受理"),
    "core platform": gettext_lazy("报送医保核心系统"),
}
_OWN = Who(id=None, name="", role="applicant")
_LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who may sign in by a code on the phone."""

    uid: UUID
    area_path: str
    phone: str
    masked_phone: str


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who did what with a person's data; `place` is the site or bureau, if known."""

    at: datetime
    who: str
    role: str
    place: str
    verb: str
    words: str
    purpose: str


@dataclass(frozen=True, slots=True)
class HeldRegister:
    key: str
    name: Text
    kind: Text | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class HeldNeed:
    topic: Text
    words: str
    answer: str
    state: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class HeldFollowUp:
    name: Text
    state_name: str
    due_on: date
    visit_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held of a person; the card is masked, the copy to download is not."""

    card: PersonCard
    insurance_name: str
    source_name: str
    entered_at: datetime
    touched_at: datetime
    erase_on: date | None
    registers: tuple[HeldRegister, ...]
    consents: tuple[Consent, ...]
    needs: tuple[HeldNeed, ...]
    follow_ups: tuple[HeldFollowUp, ...]


def sign_in_contact(*, id_number: str, name: str = "") -> SignIn | None:
    """Find who may sign in: the exact number, and the exact name where it is given."""
    try:
        number = searched(id_number)
    except BadNumber:
        return None
    with area_scope(EVERYWHERE):
        index = index_of(number, Field.ID_NUMBER)
        person = Person.objects.filter(id_number_index=index).first()
        if person is None or (name and plain(person, Field.NAME) != " ".join(name.split())):
            return None
        phone = plain(person, Field.PHONE)
        return SignIn(person.uid, person.area_path, phone, mask_phone(phone))


def held_about(person_uid: UUID) -> Held:
    """Return all that is held of a person. Raises NotFound."""
    with area_scope(EVERYWHERE):
        person = _person(person_uid)
        consents = Consent.objects.filter(person=person).order_by("-given_at", "-id")
        return Held(
            card=person_cards([person], on=timezone.localdate())[0],
            insurance_name=person.get_insurance_display(),
            source_name=person.get_source_display(),
            entered_at=person.entered_at,
            touched_at=person.touched_at,
            erase_on=person.erase_on,
            registers=registers_held(person),
            consents=tuple(consents),
            needs=_needs(person),
            follow_ups=_follow_ups(person),
        )


def registers_held(person: Person) -> tuple[HeldRegister, ...]:
    """Return every standing of a person in a register, present ones first."""
    rows = Membership.objects.filter(person=person).order_by("-until", "-since", "id")
    return tuple(
        HeldRegister(row.register, *_named(row.register, row.kind), row.since, row.until)
        for row in rows
    )


def _named(register: str, kind: str) -> tuple[Text, Text | None]:
    known = registers().get(register)
    if known is None:
        return Text(register, register), None
    return known.name, next((one.name for one in known.kinds if one.key == kind), None)


def _needs(person: Person) -> tuple[HeldNeed, ...]:
    rows = Need.objects.filter(person=person).order_by("-asked_at", "-id")
    return tuple(
        HeldNeed(
            need_topics().get(row.topic, Named(row.topic, Text(row.topic, row.topic))).name,
            *words_of(row),
            row.state,
            row.asked_at,
        )
        for row in rows
    )


def _follow_ups(person: Person) -> tuple[HeldFollowUp, ...]:
    rows = FollowUp.objects.filter(person=person).order_by("-made_at", "-id")
    names = {key: rule.name for key, rule in follow_up_rules().items()}
    return tuple(
        HeldFollowUp(
            names.get(row.rule, Text(row.rule, row.rule)),
            str(FollowUpState(row.state).label),
            row.due_on,
            row.visit_on,
        )
        for row in rows
    )


def looks_at(person_uid: UUID, *, limit: int = 200) -> list[Look]:
    """Return who looked at or changed a person's data, newest first, at most `limit`."""
    with area_scope(EVERYWHERE):
        events = Event.objects.filter(
            target_kind="insured", target_id=str(person_uid), verb__in=list(VERBS)
        )
        found = list(events.order_by("-at", "-id")[:limit])
        places = workplaces(doer for one in found if (doer := _doer(one)))
    return [_look(one, places) for one in found]


def _doer(event: Event) -> Doer | None:
    if event.actor_id is None or event.actor_role not in Role.values:
        return None
    return Doer(event.actor_id, event.actor_role, timezone.localdate(event.at))


def _look(event: Event, places: Mapping[Doer, str]) -> Look:
    doer = _doer(event)
    new = event.new or {}
    purpose = str(new.get("purpose") or new.get("reason") or "")
    return Look(
        at=event.at,
        # Without the account: the masked name and the post are enough to ask about.
        who=_("本人") if event.actor_role == _OWN.role else event.actor_name.partition("（")[0],
        role=_role_name(event.actor_role),
        place=places.get(doer, "") if doer else "",
        verb=event.verb,
        words=str(VERBS[event.verb]),
        purpose=str(PURPOSES.get(purpose, purpose)),
    )


def _role_name(role: str) -> str:
    if role in Role.values:
        return str(Role(role).label)
    return "" if role == _OWN.role else _("系统")


@transaction.atomic
def download(person_uid: UUID, *, at: datetime) -> bytes:
    """Give a person a copy of their data in clear, as JSON; it leaves a line. Raises NotFound."""
    held = held_about(person_uid)
    with area_scope(EVERYWHERE):
        person = _person(person_uid)
        _record("person.download", person, at=at)
        said = {field.value: plain(person, field) for field in Field}
    return json.dumps(_copy(held, said), ensure_ascii=False, indent=2).encode()


def _copy(held: Held, said: dict[str, str]) -> dict[str, object]:
    return said | {
        "birth_year": held.card.birth_year,
        "area": held.card.area_name,
        "insurance": held.insurance_name,
        "entered_at": held.entered_at.isoformat(),
        "updated_at": held.touched_at.isoformat(),
        "registers": [
            {
                "name": one.name.zh,
                "kind": one.kind.zh if one.kind else "",
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else "",
            }
            for one in held.registers
        ],
        "consents": [
            {
                "purpose": one.get_purpose_display(),
                "how": one.get_how_display(),
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else "",
            }
            for one in held.consents
        ],
        "needs": [
            {
                "topic": one.topic.zh,
                "words": one.words,
                "answer": one.answer,
                "asked_at": one.asked_at.isoformat(),
            }
            for one in held.needs
        ],
        "follow_ups": [
            {"name": one.name.zh, "state": one.state_name, "due_on": one.due_on.isoformat()}
            for one in held.follow_ups
        ],
    }


@transaction.atomic
def ask_correction(person_uid: UUID, *, words: str, at: datetime) -> Need:
    """Keep that a person asks for a correction; the keepers of the register see it as a need."""
    with area_scope(EVERYWHERE):
        person = _person(person_uid)
        need = Need(
            person=person,
            area_path=person.area_path,
            topic="correction",
            asked_at=at,
            taken_by=_("本人"),
        )
        need.words_sealed = sealed_words(words.strip()[:_LONGEST_WORDS], need.uid)
        need.save(force_insert=True)
        _record("need.record", person, at=at)
        return need


@transaction.atomic
def end_consent(person_uid: UUID, purpose: str, *, at: datetime) -> None:
    """Let a person withdraw a consent by themselves."""
    with area_scope(EVERYWHERE):
        person = _person(person_uid)
        standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None)
        if standing.update(withdrawn_at=at, withdrawn_by=_("本人")):
            _record("person.consent_end", person, at=at)


def _person(uid: UUID) -> Person:
    rows = Person.objects.select_related("division").filter(uid=uid, erased_at__isnull=True)
    person = rows.first()
    if person is None:
        raise NotFound
    return person


def _record(verb: str, person: Person, *, at: datetime) -> None:
    record(
        who=_OWN,
        verb=verb,
        target_kind="insured",
        target_id=str(person.uid),
        area_path=person.area_path,
        at=at,
    )
