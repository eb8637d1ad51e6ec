"""Messages about cases go out with the sweep: by day, each once, tried again for a day."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from circle15.accounts import sms
from circle15.accounts.actors import system_actor
from circle15.accounts.sms import NeverSent, NotSent, Sender
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.cases.texting.queueing import by_day, seal_phone, withhold
from circle15.cases.texting.reaching import recipient
from circle15.cases.texting_models import TextMessage
from circle15.cases.texting_states import TextEvent, TextState
from circle15.ledger.people.texting import note_text
from circle15.standards.case_messages import case_messages

MOST_AT_ONCE = 200
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_BY = system_actor("cases")


def send_due(*, at: datetime) -> int:
    """Send what is due, each in a transaction of its own; return how many went out."""
    return send_due_by(sms.way(), at=at)


def send_due_by(sender: Sender, *, at: datetime) -> int:
    """Send what is due by a way of sending; return how many went out.

    Ends with the first that could not be handed over: the gateway is away, others would fail too.
    """
    sent = 0
    if by_day(at) != at:
        return 0
    for _each in range(MOST_AT_ONCE):
        with area_scope(EVERYWHERE):
            message = _next_due(at)
            if message is None:
                break
            _work_off(message, sender, at)
        sent += message.state == TextState.SENT
        if message.state == TextState.WAITING:
            break
    return sent


def _next_due(at: datetime) -> TextMessage | None:
    rows = TextMessage.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = rows.filter(state=TextState.WAITING, next_try_at__lte=at)
    return waiting.select_related("case").order_by("next_try_at", "id").first()


def _work_off(message: TextMessage, sender: Sender, at: datetime) -> None:
    on = timezone.localdate(at)
    to = recipient(message.case, on=on)
    if not _holds(message, on):
        _settle(message, TextState.NEEDLESS, at)
    elif not to.phone:
        withhold(message, to.why, at=at)
    else:
        seal_phone(message, to.phone)
        _send(message, to.phone, sender, at)
    if message.state == TextState.SENT and to.person_uid is not None:
        note_text(to.person_uid, who=_BY.who, at=at)
    message.save()
    if message.state not in {TextState.WAITING, TextState.NEEDLESS}:
        _record(message, at)


def _holds(message: TextMessage, on: date) -> bool:
    """Tell whether a message is still true: the case stands so, nothing newer was said of it."""
    case, rule = message.case, case_messages().of_event(message.event)
    if message.until is not None and message.until < on:
        return False
    if rule is None or (rule.states and case.state not in rule.states):
        return False
    if message.event == TextEvent.CONDITIONAL and case.promise_due_on != message.until:
        return False
    newer = TextMessage.objects.filter(case=case, event=message.event, span_id__gt=message.span_id)
    return not (rule.states and newer.exists())


def _send(message: TextMessage, phone: str, sender: Sender, at: datetime) -> None:
    message.tries += 1
    try:
        sender.send(phone=phone, text=message.text, key=str(message.uid))
    except NeverSent:
        _settle(message, TextState.FAILED, at)
    except NotSent:
        if at - message.due_at >= case_messages().give_up_after:
            _settle(message, TextState.FAILED, at)
        else:
            pause = min(_FIRST_PAUSE * 2 ** min(message.tries - 1, 10), _LONGEST_PAUSE)
            message.next_try_at = at + pause
    else:
        _settle(message, TextState.SENT, at)


def _settle(message: TextMessage, state: TextState, at: datetime) -> None:
    message.state, message.settled_at = state, at
    if state == TextState.NEEDLESS:
        message.phone_sealed = ""


def _record(message: TextMessage, at: datetime) -> None:
    record(
        who=_BY.who,
        verb="case.text",
        target_kind="case",
        target_id=str(message.case.uid),
        area_path=message.case.area_path,
        at=at,
        new={"number": message.case.number, "event": message.event, "state": message.state},
    )
