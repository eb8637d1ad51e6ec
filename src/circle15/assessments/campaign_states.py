"""The way of a site through an assessment as one table, and what is said of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryState(TextChoices):
    CHOSEN = "chosen", _("已选定")
    FROZEN = "frozen", _("书面审核中")
    REVIEWED = "reviewed", _("现场核对中")
    OBJECTIONS = "objections", _("异议期")
    DECIDED = "decided", _("已定论")
    PUBLISHED = "published", _("已公布")
    DROPPED = "dropped", _("已移出")


class EntryStep(TextChoices):
    CHOOSE = "choose", _("选定")
    DROP = "drop", _("移出")
    FREEZE = "freeze", _("冻结台账")
    REVIEWED = "reviewed", _("书面审核完毕")
    SUBMIT = "submit", _("提交自评")
    CHECKED = "checked", _("现场核对完毕")
    ACCEPT = "accept", _("没有异议")
    DECIDE = "decide", _("定论")
    PUBLISH = "publish", _("公布")


class Party(StrEnum):
    """In whose name a step is taken."""

    OFFICER = "officer"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Move:
    to: EntryState
    who: Party


_S, _O = EntryState, Party.OFFICER
TRANSITIONS: Mapping[EntryState, Mapping[EntryStep, Move]] = MappingProxyType(
    {
        _S.CHOSEN: {
            EntryStep.FREEZE: Move(_S.FROZEN, _O),
            EntryStep.DROP: Move(_S.DROPPED, _O),
        },
        _S.FROZEN: {
            EntryStep.REVIEWED: Move(_S.REVIEWED, _O),
            # A site that judges itself has no desk, visit or objection.
            EntryStep.SUBMIT: Move(_S.DECIDED, Party.SITE),
        },
        _S.REVIEWED: {EntryStep.CHECKED: Move(_S.OBJECTIONS, _O)},
        _S.OBJECTIONS: {
            EntryStep.ACCEPT: Move(_S.OBJECTIONS, Party.SITE),
            EntryStep.DECIDE: Move(_S.DECIDED, _O),
        },
        _S.DECIDED: {EntryStep.PUBLISH: Move(_S.PUBLISHED, _O)},
        _S.PUBLISHED: {},
        _S.DROPPED: {},
    }
)
# From the freezing on there are lines; until it is decided they may change.
AT_WORK = (EntryState.FROZEN, EntryState.REVIEWED, EntryState.OBJECTIONS)


class Review(TextChoices):
    """What the desk review says of a line."""

    OPEN = "", _("待审核")
    CONFIRMED = "confirmed", _("认可")
    QUESTIONED = "questioned", _("存疑")


class Seen(TextChoices):
    """What was seen of a line on site."""

    OPEN = "", _("待现场核对")
    AGREES = "agrees", _("与台账一致")
    DIFFERS = "differs", _("与台账不一致")


class LineAct(TextChoices):
    """What somebody does to a line; each has its turn in the life of the site's entry."""

    SELF = "self", _("自评")
    CONFIRM = "confirm", _("认可")
    QUESTION = "question", _("存疑")
    ANSWER = "answer", _("说明")
    AGREES = "agrees", _("现场与台账一致")
    DIFFERS = "differs", _("现场与台账不一致")
    OBJECT = "object", _("提出异议")
    UPHOLD = "uphold", _("采纳异议")
    DISMISS = "dismiss", _("不采纳异议")
    PROPOSE = "propose", _("提请调整得分")
    APPROVE = "approve", _("同意调整")
    REFUSE = "refuse", _("不同意调整")


_F, _R, _B = EntryState.FROZEN, EntryState.REVIEWED, EntryState.OBJECTIONS
LINE_ACTS: Mapping[LineAct, tuple[frozenset[EntryState], Party]] = MappingProxyType(
    {
        LineAct.SELF: (frozenset({_F}), Party.SITE),
        LineAct.CONFIRM: (frozenset({_F}), _O),
        LineAct.QUESTION: (frozenset({_F}), _O),
        LineAct.ANSWER: (frozenset({_F, _R}), Party.SITE),
        LineAct.AGREES: (frozenset({_R}), _O),
        LineAct.DIFFERS: (frozenset({_R}), _O),
        LineAct.OBJECT: (frozenset({_B}), Party.SITE),
        LineAct.UPHOLD: (frozenset({_B}), _O),
        LineAct.DISMISS: (frozenset({_B}), _O),
        LineAct.PROPOSE: (frozenset({_F, _R, _B}), _O),
        LineAct.APPROVE: (frozenset({_F, _R, _B}), _O),
        LineAct.REFUSE: (frozenset({_F, _R, _B}), _O),
    }
)


class TitleKind(TextChoices):
    """Titles the documents name (DB3206/T 1052 clause 3; Wuhu III 1)."""

    DEMONSTRATION = "demonstration", _("示范点")
    CITY_DEMONSTRATION = "city_demo", _("市级示范点")
    STATION = "station", _("站点")


class Outcome(TextChoices):
    """How a published result ends; without a pass mark there are points only."""

    PASS = "pass", _("达到合格线")
    FAIL = "fail", _("不合格")
    NO_PASS_MARK = "no_pass_mark", _("未设合格线")
