"""Text messages about cases, written in the transaction of the step that causes them."""

from django.db import models
from django.db.models import Q

from circle15.cases.models import Case, CaseSpan, new_uid
from circle15.cases.texting_states import TextEvent, TextState, WhyWithheld


class TextMessage(models.Model):
    """One message to one phone; the words are those that go out, the number is sealed."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="texts", db_index=False)
    # The step it tells of.
    span = models.ForeignKey(CaseSpan, on_delete=models.CASCADE, related_name="+", db_index=False)
    event = models.CharField(max_length=12, choices=TextEvent.choices)
    # A reminder so many working days before the last; 0 for the message itself.
    days_before = models.PositiveSmallIntegerField(default=0)
    until = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=TextState.choices, default=TextState.WAITING)
    why = models.CharField(max_length=9, choices=WhyWithheld.choices, blank=True)
    phone_sealed = models.TextField(blank=True)
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_text_due",
                condition=Q(state=TextState.WAITING),
            ),
            models.Index(fields=["case", "id"], name="cases_text_of_case"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["span", "event", "days_before"], name="cases_text_once"
            ),
            models.CheckConstraint(
                name="cases_text_settled",
                condition=Q(state=TextState.WAITING, settled_at__isnull=True)
                | ~Q(state=TextState.WAITING) & Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_text_withheld_why",
                condition=Q(state=TextState.WITHHELD) & ~Q(why="")
                | ~Q(state=TextState.WITHHELD) & Q(why=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
