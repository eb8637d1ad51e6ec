"""Messages about cases go out with the sweep: by day, each once, tried again for a day."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from circle15.accounts import sms
from circle15.accounts.actors import system_actor
from circle15.accounts.sms import NeverSent, NotSent, Sender
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.cases.texting.holding import still_true
from circle15.cases.texting.queueing import by_day, seal_phone, settle
from circle15.cases.texting.reaching import recipient
from circle15.cases.texting_models import Text, TextMessage
from circle15.cases.texting_states import UNTOLD, TextState
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
    drop_untrue(at=at)
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


def drop_untrue(*, at: datetime) -> int:
    """Give up telling by a call what is no longer true; return how many."""
    with area_scope(EVERYWHERE):
        untold = TextMessage.objects.filter(state__in=UNTOLD)
        held = untold.filter(still_true(timezone.localdate(at)))
        gone = untold.exclude(pk__in=held.values("pk"))
        return gone.update(state=TextState.NEEDLESS, why="", settled_at=at, phone_masked="")


def hand_over(message: Text, words: str, phone: str, *, sender: Sender, at: datetime) -> None:
    """Try once, under the message's own key; what can't go now is tried again for a day."""
    message.tries += 1
    try:
        sender.send(phone=phone, text=words, key=str(message.uid))
    except NeverSent:
        settle(message, TextState.FAILED, at=at)
    except NotSent:
        if at - message.due_at >= case_messages().give_up_after:
            settle(message, TextState.FAILED, at=at)
        else:
            pause = min(_FIRST_PAUSE * 2 ** min(message.tries - 1, 10), _LONGEST_PAUSE)
            message.next_try_at = at + pause
    else:
        settle(message, TextState.SENT, at=at)


def _next_due(at: datetime) -> TextMessage | None:
    rows = TextMessage.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = rows.filter(state=TextState.WAITING, next_try_at__lte=at)
    return waiting.select_related("case").order_by("next_try_at", "id").first()


def _work_off(message: TextMessage, sender: Sender, at: datetime) -> None:
    on = timezone.localdate(at)
    to = recipient(message.case, on=on)
    if not _holds(message, on):
        settle(message, TextState.NEEDLESS, at=at)
    elif not to.phone:
        settle(message, TextState.WITHHELD, at=at, why=to.why)
    else:
        seal_phone(message, to.phone)
        hand_over(message, message.text, to.phone, sender=sender, at=at)
    if message.state == TextState.SENT and to.person_uid is not None:
        note_text(to.person_uid, who=_BY.who, at=at)
    message.save()
    if message.state not in {TextState.WAITING, TextState.NEEDLESS}:
        _record(message, at)


def _holds(message: TextMessage, on: date) -> bool:
    return TextMessage.objects.filter(still_true(on), pk=message.pk).exists()


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
