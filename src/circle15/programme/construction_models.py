"""Construction: a project of a site, its milestones with files, guarantees, progress reports."""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.programme.construction_states import (
    GuaranteeState,
    MilestoneState,
    Phase,
    ProjectState,
)
from circle15.sites.models import Site

AREA_LENGTH, NAME_LENGTH, WORDS_LENGTH = 120, 80, 600


class Project(models.Model):
    """The building of one site, from its first milestone to being confirmed as built."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    name = models.CharField(max_length=120)
    # The template its milestones came from; "" for days of its own.
    template = models.CharField(max_length=40, blank=True)
    # How often is reported: a key of the rules.
    report = models.CharField(max_length=20)
    # The application it was selected by, where there was one.
    application_uid = models.UUIDField(null=True, blank=True)
    # The special project of a government's plan it belongs to (专项); "" for none.
    special = models.CharField(max_length=40, blank=True)
    start_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=ProjectState.choices, default=ProjectState.RUNNING
    )
    ended_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    made_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-id"], name="construction_project_area"),)
        constraints = (
            # What is stopped may be resumed: it keeps its place.
            models.UniqueConstraint(
                fields=["site"],
                name="construction_one_at_a_time",
                condition=~Q(state=ProjectState.FINISHED),
            ),
            models.CheckConstraint(
                name="construction_ended",
                condition=Q(state=ProjectState.RUNNING, ended_on__isnull=True)
                | ~Q(state=ProjectState.RUNNING) & Q(ended_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A step of a project: who carries it, the days planned, the last day, the day it was done."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    place = models.PositiveSmallIntegerField()
    # Of the template; "" for an own one.
    key = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=NAME_LENGTH)
    # A role or an organisation, never a person.
    owner = models.CharField(max_length=NAME_LENGTH)
    from_on = models.DateField()
    to_on = models.DateField()
    hard_on = models.DateField(null=True, blank=True)
    after = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    needs = models.CharField(max_length=6, choices=Phase.choices, blank=True)
    state = models.CharField(
        max_length=10, choices=MilestoneState.choices, default=MilestoneState.PLANNED
    )
    begun_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "place"], name="construction_place_once"),
            models.CheckConstraint(
                name="construction_days_forward",
                condition=Q(to_on__gte=F("from_on"))
                & (Q(hard_on__isnull=True) | Q(hard_on__gte=F("to_on"))),
            ),
            models.CheckConstraint(
                name="construction_done_on_a_day",
                condition=Q(state=MilestoneState.DONE, done_on__isnull=False)
                | ~Q(state=MilestoneState.DONE) & Q(done_on__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.name


class MilestoneEvent(models.Model):
    """What became of a milestone: a step, or other days with a reason. Only ever added."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="events")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    what = models.CharField(max_length=10)
    old = models.JSONField()
    new = models.JSONField()
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME_LENGTH)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="construction_moved_why", condition=~Q(what="move") | ~Q(reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.what}"


class MilestoneFile(models.Model):
    """A photo before or after, or a paper, with the day it shows."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="files")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=6, choices=Phase.choices)
    taken_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["milestone", "evidence", "phase"], name="construction_file_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.phase}"


class Guarantee(models.Model):
    """One line of a project's checklist: money, premises, equipment, network, staff, training."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="guarantees")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20)
    state = models.CharField(
        max_length=10, choices=GuaranteeState.choices, default=GuaranteeState.OPEN
    )
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField(null=True, blank=True)
    said_by = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "key"], name="construction_guarantee_once"),
            models.CheckConstraint(
                name="construction_guarantee_shown",
                condition=~Q(state=GuaranteeState.IN_PLACE)
                | ~Q(note="")
                | Q(evidence__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.key}"


class ProgressReport(models.Model):
    """What a site reported of a period. Only ever added, one for each period."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    period = models.CharField(max_length=12)
    due_on = models.DateField()
    words = models.CharField(max_length=WORDS_LENGTH)
    is_late = models.BooleanField()
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME_LENGTH)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "period"], name="construction_report_once"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.period}"
