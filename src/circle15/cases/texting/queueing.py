"""A message is written in the transaction of the step it tells of; one for each, whatever happens.

Only inserts: a message on its way never holds a case up.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from circle15.accounts.sealing import seal
from circle15.cases.models import Case, CaseSpan, Delivery
from circle15.cases.states import Step
from circle15.cases.texting.reaching import Recipient, recipient
from circle15.cases.texting_models import Text, TextMessage
from circle15.cases.texting_states import TextState
from circle15.core.deadlines import Term, standard_reckoner
from circle15.core.masking import mask_phone
from circle15.standards.case_messages import MessageRule, case_messages
from circle15.standards.case_rules import case_rules

KIND, PHONE = "case_text", "phone"
_DAY = timedelta(days=1)


# Clauses: W-77, J-36
def queue(case: Case, span: CaseSpan, *, at: datetime) -> None:
    """Write down what has to be told of a step just done, and the reminders that follow."""
    delivery = _delivery(case) if span.step == Step.DELIVER else None
    rule = _rule(case, span.step, delivery.way if delivery else "")
    if rule is None or not case.number:
        return
    on = timezone.localdate(at)
    until = _until(rule, case, on)
    tracking = delivery.tracking if delivery else ""
    rows = [_message(case, span, rule, until=until, tracking=tracking, at=at)]
    _address(rows[0], recipient(case, on=on), at=at)
    rows += _reminders(case, span, rule, until=until, on=on)
    TextMessage.objects.bulk_create(rows, ignore_conflicts=True)


def by_day(at: datetime) -> datetime:
    """Return a moment, or where it falls into the night the next morning."""
    first, last = case_messages().hours
    local = timezone.localtime(at)
    if first <= local.hour < last:
        return at
    return _morning(local.date() + _DAY * (local.hour >= last))


def seal_phone(message: TextMessage, phone: str) -> None:
    message.phone_sealed = seal(phone, field=PHONE, uid=message.uid, kind=KIND)
    message.phone_masked = mask_phone(phone)


def settle(message: Text, state: TextState, *, at: datetime, why: str = "") -> None:
    """End a message for good; the number it went to is kept masked, of what never went not at all.

    `why`: of what was withheld.
    """
    message.state, message.settled_at, message.why = state, at, why
    if isinstance(message, TextMessage):
        message.phone_sealed = ""
    if state not in {TextState.SENT, TextState.FAILED}:
        message.phone_masked = ""


def _delivery(case: Case) -> Delivery | None:
    return Delivery.objects.filter(case=case).order_by("-id").first()


def _rule(case: Case, step: str, way: str) -> MessageRule | None:
    for rule in case_messages().rules:
        is_so = not rule.outcome or rule.outcome == case.outcome
        is_way = not rule.ways or way in rule.ways
        if step in rule.after and is_so and is_way:
            return rule
    return None


def _until(rule: MessageRule, case: Case, on: date) -> date | None:
    days = case_rules()
    match rule.until:
        case "promise":
            return case.promise_due_on
        case "correction":
            return on + days.correction_calendar_days * _DAY
        case "answer":
            return on + days.answer_calendar_days * _DAY
        case _:
            return None


def _message(  # noqa: PLR0913 -- what a message consists of
    case: Case,
    span: CaseSpan,
    rule: MessageRule,
    *,
    until: date | None,
    at: datetime,
    tracking: str = "",
    days_before: int = 0,
) -> TextMessage:
    text = rule.reminder if days_before else rule.text
    assert text is not None
    due_at = by_day(at + rule.wait)
    return TextMessage(
        case=case,
        span=span,
        event=rule.event,
        days_before=days_before,
        until=until,
        text=case_messages().words(
            text, case.language, number=case.number, until=until, tracking=tracking
        ),
        due_at=due_at,
        next_try_at=due_at,
    )


def _address(message: TextMessage, to: Recipient, *, at: datetime) -> None:
    if to.phone:
        seal_phone(message, to.phone)
    else:
        settle(message, TextState.WITHHELD, at=at, why=to.why)


def _reminders(
    case: Case, span: CaseSpan, rule: MessageRule, *, until: date | None, on: date
) -> Iterator[TextMessage]:
    """Yield the reminders of a last day, so many working days before; none on the first day."""
    if until is None or rule.reminder is None:
        return
    reckoner = standard_reckoner()
    left = reckoner.used(Term(on, 0), until)
    for days in case_messages().remind_days:
        if days < left:
            at = _morning(reckoner.due(on, left - days))
            yield _message(case, span, rule, until=until, at=at, days_before=days)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(case_messages().hours[0])))
