"""Registers of activities as one table, and incidents with everything said of them."""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.programme.activities_states import IncidentState, NoteKind
from circle15.sites.models import Site

_AREA_LENGTH, NAME_LENGTH, WORDS_LENGTH = 120, 80, 600


class Activity(models.Model):
    """One record of a register; what it consists of is said by its kind in the data."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    kind = models.CharField(max_length=20)
    done_on = models.DateField()
    given = models.JSONField()
    evidence = models.ManyToManyField(Evidence, related_name="activities", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=NAME_LENGTH)
    recorded_by_id = models.BigIntegerField(null=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    struck_why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["site", "kind", "-done_on", "-id"], name="activities_of_site"),
            models.Index(fields=["area_path", "-done_on", "-id"], name="activities_of_area"),
        )
        constraints = (
            models.CheckConstraint(
                name="activities_struck_why",
                condition=Q(struck_at__isnull=True) | ~Q(struck_why="") & ~Q(struck_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.done_on}"


class Incident(models.Model):
    """Something grave, reported at once; closed by another than who reported it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    words = models.CharField(max_length=WORDS_LENGTH)
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=NAME_LENGTH)
    reported_by_id = models.BigIntegerField(null=True)
    is_late = models.BooleanField()
    state = models.CharField(
        max_length=6, choices=IncidentState.choices, default=IncidentState.OPEN
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    closed_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "state", "-reported_at"], name="incidents_of_area"),
        )
        constraints = (
            models.CheckConstraint(
                name="incidents_after_the_event", condition=Q(reported_at__gte=F("happened_at"))
            ),
            models.CheckConstraint(
                name="incidents_closed_by_another",
                condition=Q(state=IncidentState.OPEN, closed_at__isnull=True)
                | Q(state=IncidentState.CLOSED, closed_at__isnull=False)
                & ~Q(closed_by=F("reported_by"), closed_by_id__isnull=True)
                & (Q(reported_by_id__isnull=True) | ~Q(closed_by_id=F("reported_by_id"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%F %R}"


class IncidentNote(models.Model):
    """What was said of an incident later, by whom and when. Only ever added."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    kind = models.CharField(max_length=10, choices=NoteKind.choices)
    words = models.CharField(max_length=WORDS_LENGTH)
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME_LENGTH)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(name="incidents_note_says", condition=~Q(words="")),)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"


class AwarenessSurvey(models.Model):
    """How many of those asked know of something, and how many of these have used it, on a day."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    # None where a whole area was asked.
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=20)
    way = models.CharField(max_length=20)
    done_on = models.DateField()
    asked = models.PositiveIntegerField()
    knowing = models.PositiveIntegerField()
    used = models.PositiveIntegerField()
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=NAME_LENGTH)
    recorded_by_id = models.BigIntegerField(null=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    struck_why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-done_on", "-id"], name="surveys_of_area"),)
        constraints = (
            models.CheckConstraint(
                name="surveys_counts_fit",
                condition=Q(asked__gt=0, knowing__lte=F("asked"), used__lte=F("knowing")),
            ),
            models.CheckConstraint(
                name="surveys_struck_why",
                condition=Q(struck_at__isnull=True) | ~Q(struck_why="") & ~Q(struck_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.done_on}"
