"""What a step of an order means to others: told to 12345 and to the phone of who asked."""

from datetime import datetime

from circle15.ratings.hotline.telling import enqueue
from circle15.ratings.models import Order, OrderSpan
from circle15.ratings.texting.queueing import queue


def follow(order: Order, span: OrderSpan, *, at: datetime) -> None:
    """Enqueue what follows from a step just done, in its transaction; `span` is what it began."""
    enqueue(order, span, at=at)
    queue(order, span, at=at)
