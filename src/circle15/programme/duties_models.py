"""Duties: the task force and its members, what was given to whom, what was said, notices."""

from django.db import models
from django.db.models import F, Q

from circle15.accounts.models import Organisation
from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.programme.duties_states import AssignmentState, AssignmentStep

AREA_LENGTH, NAME_LENGTH, WORDS_LENGTH = 80, 80, 600


class TaskForce(models.Model):
    """The body an area set up for the work (工作专班): roles and agencies, never persons."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=AREA_LENGTH, unique=True, db_collation="C")
    name = models.CharField(max_length=NAME_LENGTH)
    lead = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class ForceMember(models.Model):
    """An agency of a task force; its liaison works for the organisation named here."""

    force = models.ForeignKey(TaskForce, on_delete=models.CASCADE, related_name="members")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=NAME_LENGTH)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["force", "key"], name="duties_member_once"),)

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """What is to be done, as it was given; who owes it are its assignments."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    # Whose duty it is: who gave it first.
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    # Template, duty and year; "" for an own one.
    origin = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=NAME_LENGTH)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    basis = models.CharField(max_length=NAME_LENGTH, blank=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=NAME_LENGTH)
    given_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "origin"], name="duties_given_once", condition=~Q(origin="")
            ),
        )

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A duty of somebody: reported as done by who owes it, confirmed by who gave it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="assignments")
    # What it was passed on from.
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    # An agency of the area; without one the area itself (its bureau, its town government).
    member = models.ForeignKey(
        ForceMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_name = models.CharField(max_length=NAME_LENGTH)
    giver_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    given_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.GIVEN
    )
    # Reported done and confirmed done are two facts of two people.
    reported_on = models.DateField(null=True, blank=True)
    reported_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    reported_by_id = models.BigIntegerField(null=True)
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    returned = models.PositiveSmallIntegerField(default=0)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "state", "due_on"], name="duties_assignment_area"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["duty", "area_path", "member"],
                name="duties_assigned_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="duties_reported",
                condition=Q(state__in=["reported", "confirmed"], reported_on__isnull=False)
                | Q(state__in=["given", "withdrawn"], reported_on__isnull=True),
            ),
            models.CheckConstraint(
                name="duties_confirmed_by_another",
                condition=Q(state="confirmed", confirmed_on__isnull=False)
                & ~Q(confirmed_by=F("reported_by"), confirmed_by_id__isnull=True)
                & (
                    Q(confirmed_by_id__isnull=True)
                    | Q(reported_by_id__isnull=True)
                    | ~Q(confirmed_by_id=F("reported_by_id"))
                )
                | ~Q(state="confirmed") & Q(confirmed_on__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.duty_id} {self.owner_name}"


class DutyWord(models.Model):
    """What was said and done about an assignment, with a file. Only ever added."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="words")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    step = models.CharField(max_length=10, choices=AssignmentStep.choices)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    old_due_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME_LENGTH)
    by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.step}"


class DutyNotice(models.Model):
    """A monthly notice (通报) as it was issued, whole with its digest. Never changed."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    number = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    month = models.CharField(max_length=7)
    title = models.CharField(max_length=120)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=NAME_LENGTH)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "year", "serial"], name="duties_notice_number_once"
            ),
        )

    def __str__(self) -> str:
        return self.number
