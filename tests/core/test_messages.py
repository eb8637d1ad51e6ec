"""Messages are Chinese texts that keep what they were made of."""

import json
import pickle
from copy import deepcopy
from decimal import Decimal

import pytest

from circle15.core.messages import Message, joined, message_from_json, message_to_json

NAMED = Message("没有“%(typed)s”这一项，可填：%(choices)s", typed="丙", choices=["甲", "乙"])
NESTED = Message("%(what)s为空，第%(row)s行", what=Message("区划代码"), row=7)
MESSAGES = [
    Message(""),
    Message("只有100%"),
    Message("%(number)s", number=Decimal("0.10")),
    NAMED,
    NESTED,
    Message("可填：%(choices)s", choices=[NAMED, "丁"]),
    joined([NAMED, NESTED, Message("完")]),
]


def test_a_message_is_its_chinese_text() -> None:
    assert NAMED == "没有“丙”这一项，可填：甲、乙"
    assert NESTED == "区划代码为空，第7行"
    assert joined([NAMED]) is NAMED
    assert joined([Message("一"), Message("二"), Message("三")]) == "一；二；三"


def told(message: Message) -> object:
    """Give all a message holds, down to its parts."""
    return (str(message), message_to_json(message))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_survives_its_record_and_copies(message: Message) -> None:
    stored = json.loads(json.dumps(message_to_json(message)))

    for back in (message_from_json(stored), deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert told(back) == told(message)


def test_a_text_stored_as_it_was_said_stays_that_text() -> None:
    assert message_from_json("第1行 100% 错") == Message("第1行 100% 错")


def test_a_missing_part_is_noticed_where_the_message_is_made() -> None:
    with pytest.raises(KeyError):
        Message("第%(row)s行", line=3)
