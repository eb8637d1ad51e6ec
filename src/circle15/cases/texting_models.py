"""Text messages about cases, written in the transaction of the step that causes them."""

from django.db import models
from django.db.models import Q

from circle15.cases.models import NAME_LENGTH, NOTE_LENGTH, Case, CaseSpan
from circle15.cases.texting_states import CallOutcome, TextEvent, TextState, WhyWithheld
from circle15.core.uids import new_uid


class Text(models.Model):
    """A message to one phone, until it has gone or is not needed any more."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=TextState.choices, default=TextState.WAITING)
    why = models.CharField(max_length=9, choices=WhyWithheld.choices, blank=True)
    phone_masked = models.CharField(max_length=20, blank=True, default="", db_default="")
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class TextMessage(Text):
    """One message about a case; the words are those that go out, the number is sealed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="texts", db_index=False)
    # The step it tells of.
    span = models.ForeignKey(CaseSpan, on_delete=models.CASCADE, related_name="+", db_index=False)
    event = models.CharField(max_length=12, choices=TextEvent.choices)
    # A reminder so many working days before the last; 0 for the message itself.
    days_before = models.PositiveSmallIntegerField(default=0)
    until = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=400)
    # Only while it waits; what is shown afterwards is the number masked.
    phone_sealed = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_text_due",
                condition=Q(state=TextState.WAITING),
            ),
            models.Index(fields=["case", "id"], name="cases_text_of_case"),
            models.Index(
                fields=["settled_at", "id"],
                name="cases_text_untold",
                condition=Q(state__in=["failed", "withheld"]),
            ),
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
                name="cases_text_number_while_waiting",
                condition=Q(state=TextState.WAITING) | Q(phone_sealed=""),
            ),
            models.CheckConstraint(
                name="cases_text_withheld_why",
                condition=Q(state=TextState.WITHHELD) & ~Q(why="")
                | ~Q(state=TextState.WITHHELD) & Q(why=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.state}"


class CaseCall(models.Model):
    """A call to tell what no message told: who rang when, and whether somebody answered."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="calls", db_index=False)
    outcome = models.CharField(max_length=8, choices=CallOutcome.choices)
    # The events told, as their messages name them.
    events = models.JSONField()
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    called_at = models.DateTimeField()
    called_by_id = models.BigIntegerField(null=True)
    called_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        indexes = (models.Index(fields=["case", "id"], name="cases_call_of_case"),)

    def __str__(self) -> str:
        return f"{self.outcome} {self.called_at}"
