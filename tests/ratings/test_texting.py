"""Who asked is told by text message: once, by day, with the link, and nothing of the matter."""

import re
from datetime import timedelta

from tests.factories import AT
from tests.ratings.conftest import fresh
from tests.ratings.test_orders import answered

from circle15.accounts.sms import NotSent
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ratings.orders import steps
from circle15.ratings.orders.opening import Asker, secret_of
from circle15.ratings.states import OrderState, OrderStep
from circle15.ratings.texting import sending
from circle15.ratings.texting.queries import texts_of
from circle15.standards.rating_messages import rating_messages

NEXT = AT + timedelta(days=1)


class Phone:
    """A way of sending that refuses as often as told."""

    def __init__(self, refusals=0):
        self.refusals, self.got = refusals, {}

    def send(self, *, phone, text, key):
        if self.refusals:
            self.refusals -= 1
            raise NotSent
        self.got[key] = (phone, text)


def lines(order):
    with area_scope(EVERYWHERE):
        return [(line.step, line.state, line.why) for line in texts_of(order)]


def test_an_answer_is_texted_once_with_its_link(place, settings):
    settings.PUBLIC_URL = "https://circle15.example"
    order, phone = place.bad(), Phone(refusals=1)
    answered(place, order)
    night = NEXT.replace(hour=22)
    assert sending.send_due_by(phone, at=night) == 0
    for minutes in (0, 0, 2):
        sending.send_due_by(phone, at=NEXT + timedelta(minutes=minutes))
    [(number, words)] = phone.got.values()
    assert number == "13800138000"
    assert f"https://circle15.example/feedback/{order.uid}/{secret_of(order.uid)}/" in words
    assert not any(told in words for told in ("太慢", "张", "certificate", "1380"))
    assert lines(order) == [("answer", "sent", "")]
    with area_scope(EVERYWHERE):
        [event] = Event.objects.filter(verb="order.text")
    assert "13800138000" not in str(event.new)


def test_the_end_is_texted_and_what_is_overtaken_is_not(place):
    order, phone = place.bad(), Phone()
    answered(place, order)
    steps.confirm(uid=order.uid, secret=secret_of(order.uid), is_satisfied=True, at=NEXT)
    place.do("carol", steps.close, at=NEXT, uid=order.uid, note="办好了")
    sending.send_due_by(phone, at=NEXT)
    place.do("carol", steps.publish, at=NEXT, uid=order.uid, words="加强窗口培训")
    sending.send_due_by(phone, at=NEXT)
    assert [state for _event, state, _why in lines(order)] == ["needless", "sent", "sent"]
    assert [order.number in words for _to, words in phone.got.values()] == [True, True]


def test_nobody_is_texted_who_left_no_mobile_number(place):
    unknown = place.bad(known=False)
    answered(place, unknown)
    landline = place.rate(1, labels=["115"], asker=Asker(phone="0513-83312345"), at=AT)
    answered(place, fresh(landline.order_uid))
    phone = Phone()
    assert sending.send_due_by(phone, at=NEXT) == 0
    assert (lines(unknown), phone.got) == ([], {})
    assert lines(fresh(landline.order_uid)) == [("answer", "withheld", "no_mobile")]


def test_words_follow_steps_there_are_and_tell_nothing_but_number_and_link():
    rules = rating_messages().rules.values()
    assert {step for rule in rules for step in rule.steps} <= set(OrderStep.values)
    assert {state for rule in rules for state in rule.states} <= set(OrderState.values)
    texts = [rule.text for rule in rules] + [rating_messages().link]
    asked = {name for text in texts for name in re.findall(r"\{(\w+)\}", text.zh + text.en)}
    assert asked == {"number", "link"}
