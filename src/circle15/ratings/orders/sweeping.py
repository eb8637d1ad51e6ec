"""Mark what is past its day: once late, always late."""

from datetime import datetime

from django.utils import timezone

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ratings.models import Order
from circle15.ratings.orders.life import tell
from circle15.ratings.states import OPEN

_AT_ONCE = 200


def mark_overdue(*, at: datetime) -> int:
    """Mark the orders whose day has passed; return how many. May be cut off and run again."""
    today = timezone.localdate(at)
    by = system_actor("circle15")
    with area_scope(EVERYWHERE):
        rows = Order.objects.select_for_update(skip_locked=True).filter(
            state__in=OPEN, due_on__lt=today, overdue_at__isnull=True
        )
        late = list(rows.order_by("due_on", "id")[:_AT_ONCE])
        for order in late:
            order.overdue_at = at
            order.save(update_fields=["overdue_at"])
            tell(order, "overdue", by=by, at=at, state=order.state, due_on=order.due_on)
    return len(late)
