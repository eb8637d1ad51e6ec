"""Steps of a case from its page: the question, and the one action behind each button."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.cases.actions import deciding, delivery, handling, intake, notices, promises
from circle15.cases.choices import colleagues, offices
from circle15.cases.lines import CaseView
from circle15.cases.states import Outcome, Step
from circle15.web.bureau.cases.forms import (
    AnswerForm,
    AskForm,
    BasisForm,
    ChooseForm,
    ConditionalForm,
    DecideForm,
    DeliverForm,
    ExtendForm,
    ReasonForm,
    SecondForm,
    SignForm,
)
from circle15.web.bureau.cases.keys import ASIDE, FINISH, KEYS, Key
from circle15.web.bureau.cases.words import said

_PLAIN: Final[dict[str, type[forms.Form]]] = {
    Step.NOTIFY_AGAIN: ReasonForm,
    Step.NOT_ACCEPT: BasisForm,
    Step.DECIDE: DecideForm,
    Step.PROPOSE: DecideForm,
    Step.SECOND: SecondForm,
    Step.ANSWER: AnswerForm,
    Step.DELIVER: DeliverForm,
    Step.ASK: AskForm,
    Step.EXTEND: ExtendForm,
    Step.SUSPEND: ReasonForm,
    Step.REVOKE: ReasonForm,
    Step.APPEAL: ReasonForm,
    Step.WITHDRAW: ReasonForm,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One press of a button: about which case, with which answers, by whom and when."""

    uid: UUID
    given: dict[str, Any]
    by: Actor
    at: datetime

    @property
    def here(self) -> dict[str, Any]:
        """Return which case and who, as every action takes it."""
        return {"case_uid": self.uid, "by": self.by, "at": self.at}


@dataclass(frozen=True, slots=True)
class StepShown:
    """A button with its question."""

    key: Key
    form: forms.Form | None
    told: str
    css: str


def form_of(
    step: str, view: CaseView, actor: Actor, data: Any = None, *, initial: Any = None
) -> forms.Form | None:
    """Return what a step asks; None for one that acts at once."""
    auto_id = f"{step}-%s"
    if step == Step.HAND_OVER:
        choices = colleagues(view, by=actor, on=timezone.localdate())
        return ChooseForm(data, choices=choices, auto_id=auto_id)
    if step == Step.REROUTE:
        return ChooseForm(data, choices=offices(view), auto_id=auto_id)
    if step == Step.ACCEPT_CONDITIONALLY:
        wanted = initial or [key for key, _name in deferrable(view)]
        return ConditionalForm(
            data,
            papers=deferrable(view),
            wanted=wanted,
            today=timezone.localdate(),
            auto_id=auto_id,
        )
    if step == Step.SIGN:
        return SignForm(data, organisation=bool(view.line.organisation_uid), auto_id=auto_id)
    plain = _PLAIN.get(step)
    return plain(data, auto_id=auto_id) if plain else None


def deferrable(view: CaseView) -> list[tuple[str, str]]:
    """Return the missing papers that may follow later."""
    return [(line.key, said(line.name)) for line in view.missing if line.is_deferrable]


def possible(view: CaseView, actor: Actor) -> frozenset[str]:
    """Return the steps of the table that make sense for this case as it stands."""
    steps = view.may - frozenset(_senseless(view, actor))
    return steps | {FINISH} if _is_instant(view, actor) else steps


def _is_instant(view: CaseView, actor: Actor) -> bool:
    """Tell whether the window that took a matter in may do all the rest of it at once."""
    line = view.line
    is_here = line.handler_path == line.area_path and actor.covers(line.area_path)
    is_here = is_here and bool(line.site_name)  # what came in online has no window
    may = bool(view.may & {Step.CLAIM, Step.DECIDE}) and is_here
    return may and view.item.limit.is_instant and not needs_two(view) and view.promise is None


def needs_two(view: CaseView) -> bool:
    """Tell whether a second person has to confirm the conclusion."""
    return view.item.is_four_eyes or view.appeals > 0


def _senseless(view: CaseView, actor: Actor) -> Iterator[Step]:
    """Yield what the table allows and this case does not need."""
    yield from _senseless_at_intake(view, actor)
    yield Step.DECIDE if needs_two(view) else Step.PROPOSE
    if view.line.owner_id != actor.user_id and not actor.can(Permission.SUPERVISE_CASES):
        yield from (Step.DECIDE, Step.PROPOSE, Step.ASK, Step.SUSPEND)
    if view.promise is None:
        yield from (Step.FULFIL, Step.REVOKE)
    elif view.missing:
        yield Step.FULFIL
    if view.line.handler_path:
        yield Step.SEND_UP
    else:
        yield Step.CLAIM
    if view.decided_by_name == actor.name:
        yield Step.SECOND
    if view.line.outcome != Outcome.REFUSED or view.appeals:
        yield Step.APPEAL


def _senseless_at_intake(view: CaseView, actor: Actor) -> Iterator[Step]:
    office = view.line.handler_path
    if view.is_assisted and not (office and actor.covers(office)):
        yield from (Step.ACCEPT, Step.ACCEPT_CONDITIONALLY, Step.NOT_ACCEPT)
    is_told = bool(view.notices)
    if view.missing:
        yield Step.ACCEPT
        yield Step.NOTIFY if is_told else Step.NOTIFY_AGAIN
    else:
        yield from (Step.NOTIFY, Step.NOTIFY_AGAIN)
    if not (is_told and view.missing):
        yield Step.RETURN
    is_all_later = bool(view.missing) and len(deferrable(view)) == len(view.missing)
    if not (view.item.is_conditional_intake_allowed and is_all_later):
        yield Step.ACCEPT_CONDITIONALLY


def steps_of(view: CaseView, actor: Actor) -> tuple[StepShown, ...]:
    """Return the buttons an actor may press now, the first of them strong."""
    return tuple(_steps(view, actor))


def _steps(view: CaseView, actor: Actor) -> Iterator[StepShown]:
    first, steps = True, possible(view, actor)
    for key in KEYS:
        if key.step not in steps:
            continue
        is_strong = first and not key.tone and key.step not in ASIDE
        css = key.tone or ("btn-primary" if is_strong else "")
        first = first and not is_strong
        form = form_of(key.step, view, actor) if key.asks else None
        yield StepShown(key, form, told_before(key.step, view), css)


def told_before(step: str, view: CaseView) -> str:
    """Return what one has to know of this case before a step."""
    if step == Step.SECOND and view.line.outcome:
        return _("拟定的结论：%(outcome)s。%(basis)s %(note)s") % {
            "outcome": view.line.outcome_name,
            "basis": view.basis,
            "note": view.decision_note,
        }
    return ""


def _notice(asked: Asked) -> None:
    notices.issue_notice(**asked.here)


def _notice_again(asked: Asked) -> None:
    notices.issue_notice(reason=asked.given["reason"], **asked.here)


def _conditional(asked: Asked) -> None:
    promises.accept_conditionally(
        deferred=tuple(asked.given["deferred"]), due_on=asked.given["due_on"], **asked.here
    )


def _decide(asked: Asked) -> None:
    given = asked.given
    deciding.decide(
        outcome=given["outcome"], basis=given["basis"], note=given["note"], **asked.here
    )


def _second(asked: Asked) -> None:
    deciding.second(agree=asked.given["agree"] == "yes", note=asked.given["note"], **asked.here)


def _deliver(asked: Asked) -> None:
    given = asked.given
    delivery.deliver(way=given["way"], tracking=given["tracking"], note=given["note"], **asked.here)


DO: Final[dict[str, Callable[[Asked], Any]]] = {
    Step.SUBMIT: lambda asked: intake.submit(**asked.here),
    Step.ACCEPT: lambda asked: intake.accept(**asked.here),
    Step.ACCEPT_CONDITIONALLY: _conditional,
    Step.NOTIFY: _notice,
    Step.NOTIFY_AGAIN: _notice_again,
    Step.RETURN: lambda asked: notices.send_back(**asked.here),
    Step.NOT_ACCEPT: lambda asked: intake.refuse_intake(basis=asked.given["basis"], **asked.here),
    FINISH: lambda asked: deciding.finish_at_window(**asked.here),
    Step.CLAIM: lambda asked: handling.claim(**asked.here),
    Step.FULFIL: lambda asked: promises.fulfil(**asked.here),
    Step.SEND_UP: lambda asked: handling.send_up(**asked.here),
    Step.DECIDE: _decide,
    Step.PROPOSE: _decide,
    Step.SECOND: _second,
    Step.ANSWER: lambda asked: handling.answer_question(text=asked.given["text"], **asked.here),
    Step.RESUME: lambda asked: handling.resume(**asked.here),
    Step.PREPARE: lambda asked: delivery.ready(**asked.here),
    Step.DELIVER: _deliver,
    Step.SIGN: lambda asked: delivery.sign_receipt(
        signed_by=asked.given["signed_by"], signature=asked.given["signature"], **asked.here
    ),
    Step.ASK: lambda asked: handling.ask(lines=asked.given["lines"], **asked.here),
    Step.EXTEND: lambda asked: handling.extend(
        days=asked.given["days"], reason=asked.given["reason"], **asked.here
    ),
    Step.SUSPEND: lambda asked: handling.suspend(reason=asked.given["reason"], **asked.here),
    Step.HAND_OVER: lambda asked: handling.hand_over(
        to_user_id=int(asked.given["to"]), reason=asked.given["reason"], **asked.here
    ),
    Step.REROUTE: lambda asked: handling.reroute(
        to_path=asked.given["to"], reason=asked.given["reason"], **asked.here
    ),
    Step.REVOKE: lambda asked: promises.revoke(reason=asked.given["reason"], **asked.here),
    Step.APPEAL: lambda asked: delivery.appeal(reason=asked.given["reason"], **asked.here),
    Step.WITHDRAW: lambda asked: delivery.withdraw(reason=asked.given["reason"], **asked.here),
}
# After these a paper goes to the printer at once.
PRINTED_AFTER: Final[dict[str, str]] = {
    Step.ACCEPT: "receipt",
    Step.ACCEPT_CONDITIONALLY: "receipt",
    Step.NOTIFY: "notice",
    Step.NOTIFY_AGAIN: "notice-2",
    Step.NOT_ACCEPT: "result",
    Step.PREPARE: "result",
    FINISH: "result",
}
