"""What waits for the house of 12345, and what came back from there."""

from django.db import models
from django.db.models import Q

from circle15.core.uids import new_uid
from circle15.ratings.hotline_states import CityState
from circle15.ratings.models import WORDS_LENGTH, Order, OrderSpan


class CityMessage(models.Model):
    """One step of an order to be told, written in the transaction of the step; nobody is named."""

    # Its idempotency key: the same whenever it is tried again.
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="city_messages", db_index=False
    )
    span = models.OneToOneField(OrderSpan, on_delete=models.CASCADE, related_name="city_message")
    event = models.CharField(max_length=20)
    body = models.TextField()  # as it is signed and sent
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=CityState.choices, default=CityState.WAITING)
    problem = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="ratings_city_due",
                condition=Q(state=CityState.WAITING),
            ),
            models.Index(fields=["order", "id"], name="ratings_city_of_order"),
        )
        constraints = (
            models.CheckConstraint(
                name="ratings_city_ended",
                condition=Q(state=CityState.WAITING, ended_at__isnull=True)
                | ~Q(state=CityState.WAITING) & Q(ended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.state}"


class CityWord(models.Model):
    """What the person told the other house when asked again: taken once, whatever is repeated."""

    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="city_words", db_index=False
    )
    is_satisfied = models.BooleanField()
    note = models.CharField(max_length=WORDS_LENGTH)
    taken_at = models.DateTimeField()
    # False: the order was being worked on, there was nothing to open anew.
    had_effect = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=["order", "id"], name="ratings_word_of_order"),)

    def __str__(self) -> str:
        return f"{self.key} {self.is_satisfied}"
