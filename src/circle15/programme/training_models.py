"""Trainings: the year's plan, duties from new policies, sessions, who came, questions, papers.

What is planned in an area is seen by everybody inside it; who came and how they answered belongs
to the site they serve at.
"""

from secrets import token_bytes

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.programme.training_states import (
    Phase,
    QuestionKind,
    SessionKind,
    SessionState,
    SignWay,
)
from circle15.sites.models import Site

_AREA_LENGTH, NAME_LENGTH, TITLE_LENGTH, WORDS_LENGTH = 120, 80, 120, 300


def new_secret() -> str:
    """Return what the codes of a session are made from."""
    return token_bytes(16).hex()


class TrainingPlanLine(models.Model):
    """A topic of an area's plan for a year, and the months in which a session of it is due."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    area_name = models.CharField(max_length=NAME_LENGTH)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=SessionKind.choices)
    topic = models.CharField(max_length=TITLE_LENGTH)
    months = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=NAME_LENGTH)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "year"], name="training_line_area"),)
        constraints = (
            models.CheckConstraint(
                name="training_line_dropped_why",
                condition=Q(dropped_at__isnull=True) | ~Q(dropped_why=""),
            ),
        )

    def __str__(self) -> str:
        return self.topic


class PolicyNotice(models.Model):
    """A new policy that asks for a special training; without days set nothing is late."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    area_name = models.CharField(max_length=NAME_LENGTH)
    title = models.CharField(max_length=TITLE_LENGTH)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField()
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=NAME_LENGTH)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-issued_on"], name="training_notice_area"),)
        constraints = (
            models.CheckConstraint(
                name="training_notice_days_and_day",
                condition=Q(days__isnull=True, due_on__isnull=True)
                | Q(days__isnull=False, due_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title


class TrainingSession(models.Model):
    """A training or contest: where, when, by whom, and what became of it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    area_name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=10, choices=SessionKind.choices)
    state = models.CharField(
        max_length=10, choices=SessionState.choices, default=SessionState.PLANNED
    )
    topic = models.CharField(max_length=TITLE_LENGTH)
    place = models.CharField(max_length=TITLE_LENGTH)
    # An organisation and a function, no person's name.
    trainer = models.CharField(max_length=TITLE_LENGTH)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    line = models.ForeignKey(
        TrainingPlanLine, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    # Questions of which part of the bank, and how many; "" is a session without a quiz.
    pool = models.CharField(max_length=NAME_LENGTH, blank=True)
    draws = models.PositiveSmallIntegerField(default=0)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    made_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-starts_at"], name="training_session_area"),)
        constraints = (
            models.CheckConstraint(
                name="training_session_forward", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="training_session_ended",
                condition=Q(state=SessionState.PLANNED, ended_at__isnull=True)
                | ~Q(state=SessionState.PLANNED) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="training_session_cancelled_why",
                condition=~Q(state=SessionState.CANCELLED) | ~Q(why=""),
            ),
        )

    def __str__(self) -> str:
        return self.topic


class TrainingMaterial(models.Model):
    """A file handed out at a session, checked and kept under its digest."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="materials")
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120)
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["session", "digest"], name="training_material_once"),
        )

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """Somebody at a session, by the code shown there or written down by who held it."""

    session = models.ForeignKey(
        TrainingSession, on_delete=models.PROTECT, related_name="attendances"
    )
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=NAME_LENGTH)
    way = models.CharField(max_length=6, choices=SignWay.choices)
    signed_at = models.DateTimeField()
    is_late = models.BooleanField()
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)
    added_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["user_id", "-id"], name="training_attendance_user"),)
        constraints = (
            models.UniqueConstraint(fields=["session", "user_id"], name="training_attendance_once"),
            models.CheckConstraint(
                name="training_attendance_added_why",
                condition=~Q(way=SignWay.HOLDER) | ~Q(reason="") & ~Q(added_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.name}"


class SignTry(models.Model):
    """How often an account typed a wrong code, and since when it is counted."""

    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    user_id = models.BigIntegerField(unique=True)
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.tries}"


class Question(models.Model):
    """A question of the bank; what was asked once is never changed, only taken out."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    pool = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    text = models.CharField(max_length=WORDS_LENGTH)
    options = models.JSONField()
    # Places of the right options, counted from 0.
    right = models.JSONField()
    explanation = models.CharField(max_length=WORDS_LENGTH, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=NAME_LENGTH)
    retired_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "pool"], name="training_question_pool"),)

    def __str__(self) -> str:
        return self.text


class QuizPaper(models.Model):
    """The questions one person drew in one phase by a stored seed, and the answers."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="papers")
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=NAME_LENGTH)
    site_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    phase = models.CharField(max_length=8, choices=Phase.choices)
    seed = models.BigIntegerField()
    question_ids = models.JSONField()
    answers = models.JSONField(default=dict)
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    total = models.PositiveSmallIntegerField()
    handed_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["session", "phase", "user_id"], name="training_paper_once"
            ),
            models.CheckConstraint(
                name="training_paper_counted",
                condition=Q(handed_at__isnull=True, right__isnull=True)
                | Q(handed_at__isnull=False, right__isnull=False, right__lte=F("total")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.phase} {self.name}"
