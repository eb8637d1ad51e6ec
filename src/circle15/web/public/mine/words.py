"""What happened to a case and what comes next, in words for whoever waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.cases.lines import CaseView, SpanLine
from circle15.cases.states import CaseState, Outcome, Step

TONES: Mapping[str, str] = {
    CaseState.DRAFT: "idle",
    CaseState.SUBMITTED: "info",
    CaseState.INCOMPLETE: "warn",
    CaseState.NOT_ACCEPTED: "bad",
    CaseState.ACCEPTED: "info",
    CaseState.CONDITIONAL: "warn",
    CaseState.HANDLING: "info",
    CaseState.ASKED: "warn",
    CaseState.SUSPENDED: "warn",
    CaseState.REVIEW: "info",
    CaseState.DECIDED: "good",
    CaseState.READY: "good",
    CaseState.DELIVERED: "good",
    CaseState.CLOSED: "good",
    CaseState.WITHDRAWN: "idle",
    CaseState.LAPSED: "idle",
}
# What a step means to the person; steps within the house are left out.
HAPPENED: Mapping[str, Promise] = {
    Step.OPEN: _("开始填写申请"),
    Step.SUBMIT: _("提交了申请"),
    Step.NOTIFY: _("工作人员核对了材料，一次性告知要补什么"),
    Step.NOTIFY_AGAIN: _("再次告知要补什么"),
    Step.RETURN: _("材料还没有补齐，请按告知书补"),
    Step.ACCEPT: _("受理了申请"),
    Step.ACCEPT_CONDITIONALLY: _("先受理了，有材料要后补"),
    Step.NOT_ACCEPT: _("不予受理"),
    Step.SEND_UP: _("送到办理单位"),
    Step.CLAIM: _("有工作人员开始办理"),
    Step.FULFIL: _("后补的材料补齐了"),
    Step.REVOKE: _("没有按承诺补材料，申请失效"),
    Step.LAPSE: _("过期，申请失效"),
    Step.ASK: _("工作人员请您说明情况"),
    Step.ANSWER: _("说明了情况"),
    Step.SUSPEND: _("暂停办理"),
    Step.RESUME: _("恢复办理"),
    Step.EXTEND: _("延长了办理时间"),
    Step.PROPOSE: _("初步审核完成，由另一人复核"),
    Step.DECIDE: _("作出了决定"),
    Step.SECOND: _("复核通过，作出了决定"),
    Step.PREPARE: _("结果做好了，可以领取"),
    Step.DELIVER: _("结果送达"),
    Step.SIGN: _("签收了结果"),
    Step.WITHDRAW: _("撤回了申请"),
    Step.APPEAL: _("提出了申诉，重新办理"),
}
# Whose notes are for the person to read.
_TOLD = frozenset(
    {
        *(Step.NOTIFY_AGAIN, Step.NOT_ACCEPT, Step.REVOKE, Step.LAPSE, Step.ASK, Step.ANSWER),
        *(Step.SUSPEND, Step.EXTEND, Step.WITHDRAW, Step.APPEAL),
    }
)
NEXT: Mapping[str, Promise] = {
    CaseState.DRAFT: _("接着填写，然后提交"),
    CaseState.SUBMITTED: _("工作人员核对材料，1 个工作日内受理或告知要补什么"),
    CaseState.INCOMPLETE: _("请您补齐材料"),
    CaseState.ACCEPTED: _("办理单位审核"),
    CaseState.CONDITIONAL: _("请您按承诺补交材料，同时照常审核"),
    CaseState.HANDLING: _("审核后作出决定"),
    CaseState.ASKED: _("请您说明情况，说明后接着办"),
    CaseState.SUSPENDED: _("等暂停的原因消除后接着办"),
    CaseState.REVIEW: _("复核后作出决定"),
    CaseState.DECIDED: _("制作结果"),
    CaseState.READY: _("领取结果"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline."""

    words: Promise
    at: datetime
    note: str
    tone: str


def events_of(spans: tuple[SpanLine, ...]) -> list[Event]:
    """Return what happened, the latest first."""
    return [
        Event(
            HAPPENED[span.step],
            span.begun_at,
            span.note if span.step in _TOLD else "",
            "bad" if TONES.get(span.state) == "bad" else "",
        )
        for span in reversed(spans)
        if span.step in HAPPENED
    ]


def next_of(view: CaseView) -> Promise | None:
    """Say what comes next; None at the end."""
    return NEXT.get(view.line.state)


def tone_of(state: str, outcome: str) -> str:
    """Return the tone of a state; a refusal is never shown as good."""
    is_over = TONES.get(state) == "good"
    return "bad" if is_over and outcome == Outcome.REFUSED else TONES.get(state, "idle")
