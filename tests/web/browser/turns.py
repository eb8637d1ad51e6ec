"""Views take turns: a page is looked at in one of them here, in all by the long campaigns."""

import os
import zlib
from collections.abc import Sequence
from itertools import product
from typing import TypeVar

View = TypeVar("View")
EVERY_VIEW = os.environ.get("CIRCLE15_EVERY_VIEW") == "1"


def whose_turn(name: str, views: Sequence[View]) -> Sequence[View]:
    """Return the view a name is looked at in, always the same one; or all of them."""
    return views if EVERY_VIEW else (views[zlib.crc32(name.encode()) % len(views)],)


def is_turn(name: str, *, of: int) -> bool:
    """Tell whether it is the name's turn, one of so many; or everybody's."""
    return EVERY_VIEW or zlib.crc32(name.encode()) % of == 0


def over(cases: Sequence[tuple[object, ...]], views: Sequence[object]) -> list[tuple[object, ...]]:
    """Give each case its view, one after the other; or each case every view."""
    if EVERY_VIEW:
        return [(*case, view) for case, view in product(cases, views)]
    return [(*case, views[number % len(views)]) for number, case in enumerate(cases)]
