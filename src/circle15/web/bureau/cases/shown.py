"""A case as its pages show it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.cases.documents.of_case import wanted_words
from circle15.cases.joint import joint_of
from circle15.cases.lines import CaseLine, CaseView, ClockLine, MaterialLine, SpanLine
from circle15.cases.states import (
    AT_HAND,
    BEFORE_INTAKE,
    CaseState,
    Channel,
    ClockKind,
    MaterialState,
    Mode,
    Outcome,
    PromiseState,
    Step,
)
from circle15.core.deadlines import Standing
from circle15.standards.catalogue import CatalogueItem, Material
from circle15.web.bureau.cases.words import (
    HOW_ONLINE,
    PAPERS,
    PROMISES,
    STANDINGS,
    STATES,
    clock_words,
    said,
    short_day,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    line: CaseLine
    url: str
    on: date

    @property
    def uid(self) -> UUID:
        return self.line.uid

    @property
    def item_name(self) -> str:
        return said(self.line.item_name)

    @property
    def standing(self) -> Standing | None:
        return standing_of(self.line, self.on)

    @property
    def short_number(self) -> str:
        return self.line.number or _("还没有编号")

    @property
    def person_name(self) -> str:
        return self.line.applicant_name

    @property
    def agent_name(self) -> str:
        return self.line.agent_name

    @property
    def agent_title(self) -> str:
        return self.line.agent_title

    @property
    def state_name(self) -> str:
        return str(CaseState(self.line.state).label)

    @property
    def tone(self) -> str:
        return STATES[CaseState(self.line.state)].tone

    @property
    def icon(self) -> str:
        return STATES[CaseState(self.line.state)].icon

    @property
    def clock_words(self) -> str:
        if self.standing is None:
            return ""
        return clock_words(self.standing, self.line.due_on, is_forecast=self.line.is_forecast)

    @property
    def clock_tone(self) -> str:
        return STANDINGS[self.standing].tone if self.standing else ""

    @property
    def clock_icon(self) -> str:
        return STANDINGS[self.standing].icon if self.standing else ""

    @property
    def owner_name(self) -> str:
        return self.line.owner_name

    @property
    def site_name(self) -> str:
        return self.line.site_name

    @property
    def channel_name(self) -> str:
        return str(Channel(self.line.channel).label)

    @property
    def opened_at(self) -> datetime:
        return self.line.opened_at


def row_of(line: CaseLine, *, on: date) -> Row:
    """Return a case for a list that leads to its page."""
    return Row(line, reverse("case", args=[line.uid]), on)


def row_for(line: CaseLine, actor: Actor, *, on: date) -> Row:
    """Return a case for a list; one of an area the actor has no part in has no page for them."""
    row = row_of(line, on=on)
    sees = actor.covers(line.area_path) or actor.covers(line.handler_path)
    return row if sees else replace(row, url="")


@dataclass(frozen=True, slots=True)
class JoinedShown:
    """The joint handling a case was taken in with: its page, and the other cases of it."""

    name: str
    url: str
    rows: list[Row]


def joined_of(case_uid: UUID, actor: Actor, *, on: date) -> JoinedShown | None:
    """Return what a case of the actor's was taken in with; None where it stands alone."""
    found = joint_of(case_uid)
    if found is None:
        return None
    url = reverse("joint_handling", args=[found.uid]) if actor.covers(found.area_path) else ""
    others = [row_for(one, actor, on=on) for one in found.cases if one.uid != case_uid]
    return JoinedShown(said(found.event_name), url, others)


_PAUSED = (CaseState.ASKED, CaseState.SUSPENDED)
_LAST_DAY = timedelta(days=1)


def standing_of(line: CaseLine, on: date) -> Standing | None:
    """Tell how the promised time of a case stands; None for a case without one."""
    if line.due_on is None:
        return Standing.PAUSED if line.accepted_at and line.state in _PAUSED else None
    if line.decided_at is not None:
        return Standing.MET_LATE if line.is_overdue else Standing.MET
    if not line.is_open:
        return None
    if on > line.due_on:
        return Standing.OVERDUE
    if line.state in _PAUSED:
        return Standing.PAUSED
    return Standing.EVE if on >= line.due_on - _LAST_DAY else Standing.RUNNING


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a case."""

    line: MaterialLine
    material: Material | None = None
    may_reject: bool = False
    may_follow: bool = False

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def name(self) -> str:
        return said(self.line.name)

    @property
    def wanted(self) -> str:
        return wanted_words(self.material) if self.material else ""

    @property
    def note(self) -> str:
        words = HOW_ONLINE.get(self.line.note)
        return str(words or self.line.note or said(self.line.note_of_item))

    @property
    def looked_up(self) -> str:
        """Say where shared data was looked up, and when."""
        found = self.line.looked_up
        if found is None:
            return ""
        return _("查自%(source)s，%(day)s") % {"source": said(found.name), "day": f"{found.on}"}

    @property
    def is_required(self) -> bool:
        return self.line.is_required

    @property
    def is_missing(self) -> bool:
        return self.line.state in {MaterialState.MISSING, MaterialState.REJECTED}

    @property
    def state_name(self) -> str:
        return str(MaterialState(self.line.state).label)

    @property
    def tone(self) -> str:
        if self.is_missing and not self.is_required:
            return "idle"
        return PAPERS[MaterialState(self.line.state)].tone

    @property
    def icon(self) -> str:
        return PAPERS[MaterialState(self.line.state)].icon

    @property
    def files(self) -> list["File"]:
        return [
            File(each.uid, each.media_type, number)
            for number, each in enumerate(self.line.files, 1)
        ]


@dataclass(frozen=True, slots=True)
class File:
    """A kept photo or PDF."""

    uid: UUID
    media_type: str
    number: int

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def label(self) -> str:
        words = _("第 %(number)s 页") if self.is_image else _("文件 %(number)s")
        return words % {"number": self.number}


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A deadline with its color and words."""

    line: ClockLine

    @property
    def is_main(self) -> bool:
        return self.line.kind == ClockKind.PROMISED

    @property
    def name(self) -> str:
        return str(ClockKind(self.line.kind).label)

    @property
    def tone(self) -> str:
        return STANDINGS[self.line.standing].tone

    @property
    def icon(self) -> str:
        return STANDINGS[self.line.standing].icon

    @property
    def words(self) -> str:
        return clock_words(self.line.standing, self.line.due_on, is_forecast=self.line.is_forecast)

    @property
    def about(self) -> str:
        words = _("%(days)s 天") if self.line.is_calendar else _("%(days)s 个工作日")
        parts = [
            words % {"days": self.line.days},
            _("%s起算") % short_day(self.line.begun_on),
        ]
        if self.line.extended_days:
            parts.append(_("延长 %s 个工作日") % self.line.extended_days)
        if self.line.is_forecast:
            parts.append(_("明年放假安排还没有公布，按惯例推算"))
        return _("，").join(parts)


@dataclass(frozen=True, slots=True)
class SpanShown:
    """One step of a case's life."""

    line: SpanLine
    is_now: bool

    @property
    def at(self) -> datetime:
        return self.line.begun_at

    @property
    def title(self) -> str:
        return str(Step(self.line.step).label)

    @property
    def who(self) -> str:
        if self.line.actor_role == "system":
            return _("系统")
        return self.line.actor_name or _("申请人")

    @property
    def note(self) -> str:
        return self.line.note

    @property
    def is_bad(self) -> bool:
        return self.line.step in {Step.ESCALATE, Step.LAPSE, Step.REVOKE, Step.NOT_ACCEPT}


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A paper that can be printed."""

    name: str
    url: str
    pdf: str
    docx: str


@dataclass(frozen=True, slots=True)
class OrganisationShown:
    """Whose case it is; `url` leads to its register for who keeps that."""

    name: str
    credit_code: str
    provider_code: str
    url: str


@dataclass(frozen=True)
class CaseShown:
    """The page of a case; `steps` are filled in by whoever may do something."""

    view: CaseView
    spans_read: tuple[SpanLine, ...]
    actor: Any
    documents: list[DocumentShown]
    on: date
    office_name: str = ""
    steps: tuple[Any, ...] = ()
    organisation: OrganisationShown | None = None

    @property
    def line(self) -> CaseLine:
        return self.view.line

    @property
    def item(self) -> CatalogueItem:
        return self.view.item

    @property
    def row(self) -> Row:
        return row_of(self.line, on=self.on)

    @property
    def uid(self) -> UUID:
        return self.line.uid

    @property
    def number(self) -> str:
        return self.line.number

    @property
    def short_number(self) -> str:
        return self.row.short_number

    @property
    def item_name(self) -> str:
        return said(self.line.item_name)

    @property
    def person_name(self) -> str:
        return self.row.person_name

    @property
    def agent_name(self) -> str:
        return self.line.agent_name

    @property
    def agent_title(self) -> str:
        return self.line.agent_title

    @property
    def state_name(self) -> str:
        return self.row.state_name

    @property
    def tone(self) -> str:
        return self.row.tone

    @property
    def icon(self) -> str:
        return self.row.icon

    @property
    def mode_words(self) -> str:
        mode = Mode(self.line.mode)
        return "" if mode == Mode.ORDINARY else str(mode.label)

    @property
    def outcome_words(self) -> str:
        # What is only proposed is no outcome yet.
        return self.line.outcome_name if self.line.decided_at else ""

    @property
    def outcome_tone(self) -> str:
        return "good" if self.line.outcome == Outcome.APPROVED else "bad"

    @property
    def intake_url(self) -> str:
        """Lead those who take in back to where it is taken in."""
        is_before = self.line.state in BEFORE_INTAKE
        may = self.actor.can(Permission.TAKE_IN)
        return reverse("intake_case", args=[self.uid]) if is_before and may else ""

    @property
    def papers(self) -> list[Paper]:
        # Who may accept a matter or is handling it may say that a paper is not good enough.
        judges = bool({Step.ACCEPT, Step.NOTIFY, Step.RETURN} & self.view.may)
        waits = self.view.promise is not None and Step.FULFIL in self.view.may
        return [
            Paper(
                line,
                self.item.material(line.key),
                may_reject=judges and line.state in AT_HAND,
                may_follow=waits and line.state == MaterialState.DEFERRED,
            )
            for line in self.view.materials
        ]

    @property
    def papers_given(self) -> int:
        return sum(line.state in AT_HAND for line in self.view.materials)

    @property
    def clocks(self) -> list[ClockShown]:
        return [ClockShown(line) for line in self.view.clocks if not line.is_void]

    @property
    def spans(self) -> list[SpanShown]:
        newest = list(reversed(self.spans_read))
        return [SpanShown(line, number == 0) for number, line in enumerate(newest)]

    @property
    def facts(self) -> list[tuple[str, str]]:
        return list(self._facts())

    def _facts(self) -> Iterator[tuple[str, str]]:
        for question in self.item.questions:
            choice = question.choice(self.view.answers.get(question.key, ""))
            if choice:
                yield said(question.text), said(choice.text)

    @property
    def first_owner_name(self) -> str:
        return self.line.first_owner_name

    @property
    def owner_name(self) -> str:
        return self.line.owner_name

    @property
    def covered_name(self) -> str:
        return self.line.covered_name

    @property
    def site_name(self) -> str:
        return self.line.site_name

    @property
    def channel_name(self) -> str:
        return self.row.channel_name

    @property
    def todo(self) -> str:
        """Say in a sentence what the case waits for."""
        return waits_for(self.line)

    @property
    def promise(self) -> dict[str, object] | None:
        made = self.view.promise
        if made is None:
            return None
        state = PromiseState(made.state)
        found = [self.item.material(key) for key in made.keys]
        names = [said(each.name) for each in found if each]
        return {
            "papers": _("、").join(names),
            "due_on": made.due_on,
            "state_name": str(state.label),
            "tone": PROMISES[state],
        }


def waits_for(line: CaseLine) -> str:
    """Say in a sentence what a case waits for."""
    words = {
        CaseState.DRAFT: _("还在收材料，没有提交。"),
        CaseState.SUBMITTED: _("材料已提交，等着核对。"),
        CaseState.INCOMPLETE: _("等申请人照告知书补齐材料。"),
        CaseState.ACCEPTED: _("已受理，等后台领办。"),
        CaseState.CONDITIONAL: _("容缺受理，先办后补。"),
        CaseState.ASKED: _("等申请人答复，时限暂停。"),
        CaseState.SUSPENDED: _("中止办理，时限暂停。"),
        CaseState.REVIEW: _("等另一位同事复核。"),
        CaseState.DECIDED: _("已有结论，等制作结果。"),
        CaseState.READY: _("结果已做好，等申请人来领。"),
        CaseState.DELIVERED: _("已送达，等签收。"),
    }
    return words.get(CaseState(line.state), "")
