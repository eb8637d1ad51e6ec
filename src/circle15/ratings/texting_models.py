"""Text messages to who asked, written in the transaction of the step they tell of."""

from django.db import models
from django.db.models import Q

from circle15.cases.texting_models import Text
from circle15.cases.texting_states import TextState
from circle15.ratings.models import Order, OrderSpan


class OrderText(Text):
    """One message about an order. Its words hold a link, so they are made when it goes."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="texts", db_index=False)
    # The step it tells of.
    span = models.OneToOneField(OrderSpan, on_delete=models.CASCADE, related_name="text_of")
    event = models.CharField(max_length=12)  # of rating_messages.yaml

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="ratings_text_due",
                condition=Q(state=TextState.WAITING),
            ),
            models.Index(fields=["order", "id"], name="ratings_text_of_order"),
        )
        constraints = (
            models.CheckConstraint(
                name="ratings_text_settled",
                condition=Q(state=TextState.WAITING, settled_at__isnull=True)
                | ~Q(state=TextState.WAITING) & Q(settled_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
