"""The gateway for short messages over real HTTP, and its troubles."""

import pytest

from circle15.accounts import sms
from circle15.accounts.sms import GatewaySender, NeverSent, NotSent
from circle15.ops.simulators.sms import KEY, SmsSimulator


def send(gateway, key=KEY, to="13800000000", text="你好", once="1"):
    GatewaySender(gateway.url, key).send(phone=to, text=text, key=once)


def test_a_message_is_taken_once_for_each_key():
    with SmsSimulator() as gateway:
        for once in ("1", "1", "2"):
            send(gateway, once=once)
    assert [(each.key, each.to, each.text) for each in gateway.messages] == [
        ("1", "13800000000", "你好"),
        ("2", "13800000000", "你好"),
    ]


def test_a_lost_answer_is_tried_again_without_a_second_message():
    with SmsSimulator(loses_answers=True) as gateway:
        with pytest.raises(NotSent):
            send(gateway)
        gateway.loses_answers = False
        send(gateway)
    assert len(gateway.messages) == 1


@pytest.mark.parametrize(
    ("trouble", "error"),
    [({"to": "abc"}, NeverSent), ({"text": ""}, NeverSent), ({"key": bytes(32)}, NotSent)],
)
def test_what_the_gateway_refuses(trouble, error):
    with SmsSimulator() as gateway, pytest.raises(error) as refused:
        send(gateway, **trouble)
    assert (refused.type, gateway.messages) == (error, [])


def test_a_gateway_that_is_down_is_tried_again():
    with SmsSimulator(is_up=False) as gateway, pytest.raises(NotSent):
        send(gateway)
    with pytest.raises(NotSent):
        send(gateway)  # nobody listens any more


def test_the_installation_decides_how_it_sends(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert isinstance(sms.way(), sms.FileSender)
    assert sms.filed() == ()
    settings.SMS_URL, settings.SMS_KEY = "http://127.0.0.1:9/", KEY
    assert isinstance(sms.way(), GatewaySender)
