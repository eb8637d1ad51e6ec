"""The first look at any identifier: empty, or typed with full-width characters."""

from circle15.core.text import cell_text, to_half_width


def read_typed(value: object, name: str) -> tuple[str, tuple[str, ...]]:
    """Give the half-width, upper-case text and the problems seen so far; "" when it is empty."""
    text = cell_text(value).strip()
    half = to_half_width(text)
    if not half:
        return "", (f"{name}为空",)
    return half.upper(), (f"{name}含全角字符，应改为半角",) if half != text else ()
