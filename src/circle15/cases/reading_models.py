"""Photos to be read, and what was read: sealed, for whoever asked, for an hour at most."""

from django.db import models
from django.db.models import Q

from circle15.cases.models import Case, CaseFile
from circle15.cases.reading_states import ReadingState
from circle15.core.uids import new_uid


class Reading(models.Model):
    """One photo. It is a page kept with a case, or a picture of its own that goes with the row."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=120, db_collation="C")
    # Who asked: user:<id> or person:<uid>. Nobody else gets it to see.
    holder = models.CharField(max_length=60)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    file = models.ForeignKey(
        CaseFile, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    # Sealed, too, but not anew when the key changes: for so short a life it is asked for again.
    picture = models.BinaryField(null=True, blank=True)
    state = models.CharField(
        max_length=8, choices=ReadingState.choices, default=ReadingState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    answer_sealed = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="cases_reading_one_picture",
                condition=Q(file__isnull=False, picture__isnull=True)
                | Q(file__isnull=True, picture__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_reading_answered",
                condition=Q(state=ReadingState.DONE) ^ Q(answer_sealed=""),
            ),
        )
        indexes = (
            models.Index(
                fields=["id"],
                name="cases_reading_open",
                condition=Q(state__in=[ReadingState.WAITING, ReadingState.WORKING]),
            ),
            models.Index(fields=["holder", "-id"], name="cases_reading_holder"),
        )

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"
