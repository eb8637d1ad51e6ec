"""Say messages in the language of whoever reads them."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext, override

from circle15.core.messages import Message


def worded(
    text: str, *, words: Callable[[str], str] = str, data: Callable[[str], str] = str
) -> str:
    """Say a message in the present language; `words` shapes what is ours, `data` what is not.

    A text that is no message is data.
    """
    if not isinstance(text, Message):
        return data(text)
    said = words(gettext(text.template)) if text.template else ""
    if not text.params:
        return said
    comma = words(gettext("、"))
    return said % {
        name: comma.join(worded(one, words=words, data=data) for one in part)
        if isinstance(part, tuple)
        else worded(part, words=words, data=data)
        for name, part in text.params.items()
    }


def named(label: str | Promise) -> Message:
    """Give a label that is translated when shown as a message, which can be stored."""
    with override(None):
        return Message(str(label))
