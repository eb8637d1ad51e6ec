"""What operations on life events (一件事) take and give."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from circle15.api.case_schemas import (
    PERSON,
    Answers,
    CaseNow,
    Form,
    Paper,
    PapersIn,
    PersonGiven,
    QuestionLine,
    SaidChannel,
    SaidMode,
    words,
)
from circle15.api.schemas import Asked, ItemKey, SiteCode, Value, asked
from circle15.cases.actions.joint import JointItem
from circle15.cases.joint import JointView
from circle15.items.joint import Following, JointPaper
from circle15.standards.life_events import LifeEvent, LifeEvents

_MOST_ITEMS = 20


class LifeEventLine(Value):
    """Something that happens in a life: what is asked about it, and what may follow."""

    key: str
    name: str
    about: str
    questions: list[QuestionLine]
    items: list[str]

    @classmethod
    def made(cls, event: LifeEvent) -> Self:
        return cls(
            key=event.key,
            name=words(event.name),
            about=words(event.about),
            questions=QuestionLine.made(event.questions),
            items=[each.item for each in event.items],
        )


class LifeEventsNow(Value):
    """The life events in force on a day, and their edition."""

    on: date
    version: str
    events: list[LifeEventLine]

    @classmethod
    def made(cls, edition: LifeEvents, on: date) -> Self:
        events = [LifeEventLine.made(each) for each in edition.events.values()]
        return cls(on=on, version=edition.version, events=events)


class FollowingItem(Value):
    """An item that follows; `answers` are known from the event, `open_questions` are not."""

    item: str
    name: str
    answers: dict[str, str]
    open_questions: list[QuestionLine]
    materials: list[Paper]

    @classmethod
    def made(cls, one: Following) -> Self:
        return cls(
            item=one.item.key,
            name=words(one.item.name),
            answers=dict(one.answers),
            open_questions=QuestionLine.made(one.tailored.open_questions),
            materials=[Paper.made(each) for each in one.possible],
        )


class PaperOnce(Value):
    """A paper that is shown once, and the items it is for."""

    name: str
    is_required: bool
    copies: int
    items: list[str]

    @classmethod
    def made(cls, paper: JointPaper) -> Self:
        return cls(
            name=words(paper.material.name),
            is_required=paper.material.is_required,
            copies=paper.material.copies,
            items=[item.key for item, _material in paper.needed],
        )


class JointGuide(Value):
    """What follows from an event for one person, in order, and every paper once."""

    event: str
    items: list[FollowingItem]
    papers: list[PaperOnce]


class JointItemIn(PapersIn):
    """One item of a joint intake: its answers and form, and how each paper of it stands."""

    model_config = asked(item="resident-enrolment", answers={}, form={}, given=["id-document"])
    item: ItemKey
    answers: Answers = Field(default_factory=dict)
    form: Form = Field(default_factory=dict)

    def told(self, today: date) -> JointItem:
        return JointItem(
            self.item,
            self.answers,
            self.form,
            given=tuple(self.given),
            shared=self.looked_up(today),
            committed=tuple(self.committed),
        )


class JointIn(Asked):
    """A joint intake: whose, where, and which of the event's items. `channel` as for a case."""

    model_config = asked(
        person=PERSON,
        site_code="QD-0001",
        channel="bank",
        mode="ordinary",
        items=[{"item": "resident-enrolment", "answers": {}, "given": ["id-document"]}],
    )
    person: PersonGiven
    site_code: SiteCode
    channel: SaidChannel | None = None
    mode: SaidMode = "ordinary"
    items: Annotated[list[JointItemIn], Field(min_length=1, max_length=_MOST_ITEMS)]


class JointNow(Value):
    """A joint handling; each of its cases goes on by itself, under its own number."""

    uid: UUID
    event: str
    event_name: str
    event_version: str
    person_name: str
    site_name: str
    handled_at: datetime
    cases: list[CaseNow]

    @classmethod
    def made(cls, joint: JointView) -> Self:
        return cls(
            uid=joint.uid,
            event=joint.event_key,
            event_name=words(joint.event_name),
            event_version=joint.event_version,
            person_name=joint.person_name,
            site_name=joint.site_name,
            handled_at=joint.handled_at,
            cases=[CaseNow.made(each) for each in joint.cases],
        )
