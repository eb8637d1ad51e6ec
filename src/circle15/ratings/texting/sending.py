"""Messages about orders go out with the sweep: by day, each once, tried again for a day.

The number is the one left with the order, else the register's; it stands in no message.
"""

from contextlib import suppress
from datetime import datetime

from django.conf import settings

from circle15.accounts import sms
from circle15.accounts.actors import system_actor
from circle15.accounts.sealing import unseal
from circle15.accounts.sms import Sender
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.texting.queueing import by_day, settle
from circle15.cases.texting.sending import MOST_AT_ONCE, hand_over
from circle15.cases.texting_states import TextState, WhyWithheld
from circle15.core.ciphers import CannotOpen
from circle15.core.identifiers.mobile import canonical_mobile, is_mobile
from circle15.core.masking import mask_phone
from circle15.ledger.people.texting import Reach, note_text, reach_person
from circle15.ratings.models import Order
from circle15.ratings.orders.life import tell
from circle15.ratings.orders.opening import KIND, secret_of
from circle15.ratings.texting_models import OrderText
from circle15.standards.rating_messages import rating_messages

# The page `feedback_order`; asked by name it would load all pages into the sweep.
_PAGE = "/feedback/{uid}/{secret}/"
_BY = system_actor("ratings")


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


def words_of(message: OrderText) -> str:
    """Return the words of a message, with the link of the order where an address is set."""
    order = message.order
    path = _PAGE.format(uid=order.uid, secret=secret_of(order.uid))
    link = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""
    return rating_messages().words(message.event, number=order.number, link=link)


def reach(order: Order) -> Reach:
    """Return the mobile number somebody left with an order, else that of who signed in."""
    with suppress(CannotOpen):
        left = unseal(order.phone_sealed, field="phone", uid=order.uid, kind=KIND)
        number = canonical_mobile(left)
        if is_mobile(number):
            return Reach(number)
    return reach_person(order.person_uid) if order.person_uid else Reach()


def _next_due(at: datetime) -> OrderText | None:
    rows = OrderText.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = rows.filter(state=TextState.WAITING, next_try_at__lte=at)
    return waiting.select_related("order").order_by("next_try_at", "id").first()


def _work_off(message: OrderText, sender: Sender, at: datetime) -> None:
    order, to = message.order, reach(message.order)
    if order.state not in rating_messages().rules[message.event].states:
        settle(message, TextState.NEEDLESS, at=at)
    elif not to.phone:
        why = WhyWithheld.OPTED_OUT if to.is_unwanted else WhyWithheld.NO_MOBILE
        settle(message, TextState.WITHHELD, at=at, why=why)
    else:
        message.phone_masked = mask_phone(to.phone)
        hand_over(message, words_of(message), to.phone, sender=sender, at=at)
    message.save()
    if message.state == TextState.SENT and not order.phone_sealed and order.person_uid:
        note_text(order.person_uid, who=_BY.who, at=at)
    if message.state not in {TextState.WAITING, TextState.NEEDLESS}:
        tell(order, "text", by=_BY, at=at, event=message.event, state=message.state)
