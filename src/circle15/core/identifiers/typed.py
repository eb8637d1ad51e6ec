"""The first look at any identifier: empty, or typed with full-width characters."""

from circle15.core.messages import Message
from circle15.core.text import cell_text, to_half_width


def read_typed(value: object, name: Message) -> tuple[str, tuple[Message, ...]]:
    """Give the half-width, upper-case text and the problems seen so far; "" when it is empty."""
    text = cell_text(value).strip()
    half = to_half_width(text)
    if not half:
        return "", (Message("%(what)s为空", what=name),)
    if half == text:
        return half.upper(), ()
    return half.upper(), (Message("%(what)s含全角字符，应改为半角", what=name),)
