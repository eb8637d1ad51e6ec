"""A message is written in the transaction of the step it tells of; one for each step."""

from datetime import datetime

from circle15.cases.texting.queueing import by_day
from circle15.ratings.models import Order, OrderSpan
from circle15.ratings.texting_models import OrderText
from circle15.standards.rating_messages import rating_messages


def queue(order: Order, span: OrderSpan, *, at: datetime) -> None:
    """Write down what is to be told of a step just done, to somebody who can be told."""
    rule = rating_messages().after(span.step)
    if rule is None or not order.is_real_name:
        return
    due_at = by_day(at)
    OrderText.objects.create(
        order=order, span=span, event=rule.event, due_at=due_at, next_try_at=due_at
    )
