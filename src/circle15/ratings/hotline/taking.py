"""Take what people told 12345 when asked again: once each, and a no opens the order anew."""

import logging
from datetime import datetime

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ratings.hotline.port import Word
from circle15.ratings.hotline_models import CityWord
from circle15.ratings.models import Order
from circle15.ratings.orders.life import said
from circle15.ratings.orders.steps import revisited_elsewhere
from circle15.ratings.refusals import NeedsWords

logger = logging.getLogger(__name__)
_UNSAID = {True: "12345 回访：满意", False: "12345 回访：不满意"}


def take(word: Word, *, at: datetime) -> bool:
    """Take one word; tell whether it was new and of an order there is."""
    with area_scope(EVERYWHERE):
        rows = Order.objects.select_for_update(no_key=True, of=("self",))
        order = rows.filter(uid=word.order_uid).first()
        if order is None:
            logger.warning("12345 speaks of an order that is none: %s", word.order_uid)
            return False
        if CityWord.objects.filter(key=word.key).exists():
            return False
        note = _note(word)
        had_effect = revisited_elsewhere(order, is_satisfied=word.is_satisfied, note=note, at=at)
        CityWord.objects.create(
            key=word.key,
            order=order,
            is_satisfied=word.is_satisfied,
            note=note,
            taken_at=at,
            had_effect=had_effect,
        )
    return True


def _note(word: Word) -> str:
    try:
        return said(word.note)
    except NeedsWords:
        return _UNSAID[word.is_satisfied]
