"""Each step of an order that concerns 12345 is written down for it in the transaction of the step.

Those are bad ratings (Jiangsu, 2019) and the orders that came from there. Numbers, states, masked
words: neither name nor number of anybody goes along.
"""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.uids import new_uid
from circle15.ratings.hotline_models import CityMessage
from circle15.ratings.models import Order, OrderSpan
from circle15.ratings.orders.known import as_known
from circle15.ratings.states import ENDED, OPEN, CameFrom, OrderKind

AT_ONCE = 200
# What ended before that is history when a line is set up.
LOOK_BACK = timedelta(days=31)
_THEIRS = Q(kind=OrderKind.BAD_RATING) | Q(came_from=CameFrom.CITY_LINE)


def enqueue(order: Order, span: OrderSpan, *, at: datetime) -> None:
    """Write down a step just done, where a line is set up and the order concerns it."""
    concerns = order.kind == OrderKind.BAD_RATING or order.came_from == CameFrom.CITY_LINE
    if settings.HOTLINE_URL and concerns:
        _message(order, span, at).save(force_insert=True)


def enqueue_untold(*, at: datetime) -> int:
    """Write down where orders stand of which the last step was never told: the line is new.

    Returns how many; a few hundred at once.
    """
    with area_scope(EVERYWHERE):
        theirs = Order.objects.filter(_THEIRS)
        now = Q(order__state__in=OPEN) | Q(order__state__in=ENDED, begun_at__gte=at - LOOK_BACK)
        spans = OrderSpan.objects.filter(now, ended_at__isnull=True, city_message__isnull=True)
        rows = spans.filter(order__in=theirs).select_related("order__rating", "order__site")
        found = [_message(span.order, span, at) for span in rows.order_by("id")[:AT_ONCE]]
        # Of two who write at once the second has nothing to add.
        CityMessage.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def _message(order: Order, span: OrderSpan, at: datetime) -> CityMessage:
    uid, event = new_uid(), f"order.{span.step}"
    told = {
        "id": str(uid),
        "event": event,
        "at": span.begun_at.isoformat(timespec="seconds"),
        "order": _told(order),
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)
    return CityMessage(
        uid=uid, order=order, span=span, event=event, body=body, made_at=at, next_try_at=at
    )


def _told(order: Order) -> dict[str, object]:
    rating = order.rating
    return {
        **as_known(order),
        "came_from": order.came_from,
        "site": {"code": order.site.code, "name": order.site_name} if order.site else None,
        "area": order.area_path.strip("/").rpartition("/")[2],
        "item": order.item_key,
        "grade": rating.item_grade if rating else None,
        "person_grade": rating.person_grade if rating else None,
        "labels": rating.labels if rating else [],
        "text": order.text,
        "remedy": order.remedy,
        "rectify_by": order.rectify_by,
        "is_excluded": order.is_excluded,
        "published": order.published_text,
    }
