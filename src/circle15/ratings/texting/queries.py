"""What was told by text message about an order, for its page."""

from dataclasses import dataclass
from datetime import datetime

from circle15.cases.texting_states import TextState, WhyWithheld
from circle15.ratings.models import Order
from circle15.ratings.texting_models import OrderText


@dataclass(frozen=True, slots=True)
class TextLine:
    """A message as staff see it, without the number."""

    step: str  # the one it tells of
    state: str
    why: str
    settled_at: datetime | None

    @property
    def state_name(self) -> str:
        return str(TextState(self.state).label)

    @property
    def why_words(self) -> str:
        return str(WhyWithheld(self.why).label) if self.why else ""


def texts_of(order: Order) -> tuple[TextLine, ...]:
    """Return the messages of an order the actor sees, the oldest first."""
    rows = OrderText.objects.filter(order=order).select_related("span").order_by("id")
    return tuple(TextLine(row.span.step, row.state, row.why, row.settled_at) for row in rows)
