"""The parts of boards in words: those of the site, else of the nearest area above, else ours."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.audit.actions import record
from circle15.audit.masks import masked
from circle15.cases.service_models import TEXT_LENGTH, BoardText
from circle15.core.text import without_invisible
from circle15.standards.services import BoardPart, board_parts

_SHORT = 16
# The number in the register of sites, in place of the path of an area.
REGISTERED = "register"


class UnusableText(Refused):
    """Too long a text, or a phone number without digits."""


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of the board as an area shows it; `set_by_path` is "" where the words are ours."""

    part: BoardPart
    text: str
    set_by_path: str
    set_at: datetime | None

    @property
    def digest(self) -> str:
        """Tell the words that hang on a wall from newer ones, whatever the language of today."""
        words = self.text if self.set_by_path else self.part.text.zh
        return hashlib.sha256(words.encode()).hexdigest()[:_SHORT]


def parts_of(area_path: str, *, phone: str = "") -> tuple[PartShown, ...]:
    """Return the parts as an area shows them, in the present scope (one query).

    `phone` is the site's own number: it answers questions unless somebody has set another.
    """
    rows = BoardText.objects.filter(area_path__in=paths_to(area_path))
    newest = rows.order_by("area_path", "key", "-id").distinct("area_path", "key")
    # The nearest last; one that was emptied leaves the word to those above.
    found = {row.key: row for row in newest if row.text}
    return tuple(_shown(part, found, phone) for part in board_parts().values())


def _shown(part: BoardPart, found: Mapping[str, BoardText], phone: str) -> PartShown:
    row = found.get(part.key)
    if row is not None and row.text:
        return PartShown(part, row.text, row.area_path, row.set_at)
    if part.key == "consult-phone" and phone:
        return PartShown(part, phone, REGISTERED, None)
    return PartShown(part, part.text.in_language(get_language() or ""), "", None)


@transaction.atomic
def set_text(*, area_path: str, key: str, text: str, by: Actor, at: datetime) -> BoardText:
    """Put a part of the board into the words of an area; "" goes back to those above.

    Raises NotAllowed, NotFound, UnusableText.
    """
    demand(by, Permission.SUPERVISE_CASES)
    demand_area(by, area_path)
    if key not in board_parts():
        raise NotFound
    text = without_invisible(" ".join(text.split()))
    # A posted number is no secret; numbers of persons have no place on a board.
    text = text if key.endswith("-phone") else masked(text)
    if len(text) > TEXT_LENGTH:
        raise UnusableText(_("最多写 %(most)s 个字。") % {"most": TEXT_LENGTH})
    if text and key.endswith("-phone") and not any(sign.isdigit() for sign in text):
        raise UnusableText(_("请填写电话号码。"))
    row = BoardText.objects.create(
        area_path=area_path, key=key, text=text, set_at=at, set_by=by.name[:80]
    )
    record(
        who=by.who,
        verb="board.set_text",
        target_kind="board",
        target_id=key,
        area_path=area_path,
        at=at,
        new={"key": key, "length": len(text)},
    )
    return row


def parts_anywhere(area_path: str, *, phone: str = "") -> tuple[PartShown, ...]:
    """Return the parts of an area for everybody to read."""
    with area_scope(EVERYWHERE):
        return parts_of(area_path, phone=phone)
