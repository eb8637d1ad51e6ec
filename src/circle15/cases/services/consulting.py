"""Write down what somebody asked and what the answer was, under one of the topics."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.steps import kept_words
from circle15.cases.service_models import ANSWER_LENGTH, QUESTION_LENGTH, Consultation
from circle15.cases.service_states import AskedBy, Reply
from circle15.cases.services.entries import (
    Problems,
    check_when,
    note_entry,
    person_of,
    site_of,
    strike,
)
from circle15.standards.services import topics

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class ConsultationEntry:
    """One line of the register as it is filled in."""

    site_code: str
    topic: str
    asked_by: str
    question: str
    reply: str
    done_on: date
    answer: str = ""
    minutes: int | None = None
    person_uid: UUID | None = None


# Clauses: W-57, N-09, J-70, N-08
@transaction.atomic
def record_consultation(*, entry: ConsultationEntry, by: Actor, at: datetime) -> Consultation:
    """Write a line of the consultation register; numbers of persons in it are masked.

    Raises NotAllowed, NotFound, UnusableEntry.
    """
    site = site_of(entry.site_code, by)
    question, answer = (
        kept_words(entry.question, QUESTION_LENGTH),
        kept_words(entry.answer, ANSWER_LENGTH),
    )
    _check(entry, question, answer, at=at)
    person = person_of(entry.person_uid, by=by, at=at, purpose="handling")
    row = Consultation.objects.create(
        uid=uuid4(),
        site=site,
        site_name=site.name,
        area_path=site.area_path,
        topic=entry.topic,
        asked_by=entry.asked_by,
        question=question,
        answer=answer,
        reply=entry.reply,
        done_on=entry.done_on,
        minutes=entry.minutes,
        person_uid=person.uid if person else None,
        person_name=person.masked_name if person else "",
        recorded_at=at,
        recorded_by=by.name[:80],
        recorded_by_id=by.user_id,
        is_synthetic=site.is_synthetic,
    )
    note_entry(row, "record", by=by, at=at, topic=row.topic, asked_by=row.asked_by, site=site.code)
    return row


def strike_consultation(*, uid: UUID, why: str, by: Actor, at: datetime) -> Consultation:
    """Strike a line out; see `strike`."""
    return strike(Consultation, uid=uid, why=why, by=by, at=at)


def _check(entry: ConsultationEntry, question: str, answer: str, *, at: datetime) -> None:
    problems = Problems()
    problems.note("topic", _("请选择咨询主题。"), is_so=entry.topic not in topics())
    problems.note("asked_by", _("请选择咨询方式。"), is_so=entry.asked_by not in AskedBy.values)
    problems.note("reply", _("请选择答复结果。"), is_so=entry.reply not in Reply.values)
    problems.note("question", _("请写明问了什么。"), is_so=len(question) < _SHORTEST)
    needs = entry.reply == Reply.ANSWERED and not answer
    problems.note("answer", _("当场答复的请写明怎么答复。"), is_so=needs)
    check_when(entry.done_on, entry.minutes, problems, at=at)
    problems.settle()
