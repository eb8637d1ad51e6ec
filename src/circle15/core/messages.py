"""Texts that remember how they were put together, so that they can be said in another language.

Nothing here knows a language but Chinese; `circle15.areas.wording` looks the others up.
"""

from collections.abc import Mapping, Sequence
from typing import Self

Part = str | tuple[str, ...]


class Message(str):
    """A text in Chinese, with its template and what was put in the places `%(name)s` of it.

    Wherever a text is wanted it is the Chinese one. What is put in may be messages too, and
    several texts are listed. The template is written out where a message is made, so that
    `tools/messages.py` finds it.
    """

    __slots__ = ("params", "template")

    params: Mapping[str, Part]
    template: str

    def __new__(cls, template: str, **params: object) -> Self:
        parts = {name: _part(value) for name, value in params.items()}
        message = super().__new__(cls, template % _in_chinese(parts) if parts else template)
        message.template, message.params = template, parts
        return message


NOTHING = Message("")


def _part(value: object) -> Part:
    if isinstance(value, list | tuple):
        return tuple(one if isinstance(one, str) else str(one) for one in value)
    return value if isinstance(value, str) else str(value)


def _in_chinese(parts: Mapping[str, Part]) -> dict[str, str]:
    return {
        name: "、".join(part) if isinstance(part, tuple) else part for name, part in parts.items()
    }


def joined(messages: Sequence[Message]) -> Message:
    """Make one message of one or more."""
    first, *rest = messages
    return Message("%(first)s；%(rest)s", first=first, rest=joined(rest)) if rest else first


def message_to_json(text: str) -> object:
    """Give the form that is stored: plain text as it is, a message as its template and parts."""
    if not isinstance(text, Message):
        return text
    parts = {
        name: [message_to_json(one) for one in part]
        if isinstance(part, tuple)
        else message_to_json(part)
        for name, part in text.params.items()
    }
    return {"text": text.template, "parts": parts}


def message_from_json(raw: object) -> Message:
    """Give a stored message back; text that was stored as it was said stays that text."""
    if not isinstance(raw, dict):
        return Message(str(raw))
    return Message(raw["text"], **{name: _stored(part) for name, part in raw["parts"].items()})


def _stored(raw: object) -> object:
    if isinstance(raw, list):
        return [_stored(one) for one in raw]
    return message_from_json(raw) if isinstance(raw, dict) else raw
