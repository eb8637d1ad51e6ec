"""The score of each day, early warnings, and supervision orders with every state they were in."""

from django.db import models
from django.db.models import F, Q

from circle15.assessments.monitoring_states import (
    STANDING,
    UNDER_WAY,
    SupervisionState,
    SupervisionStep,
    WarningState,
    WarningStep,
)
from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
WORDS_LENGTH = 600
_ENDED = Q(state__in=[SupervisionState.CLOSED, SupervisionState.WITHDRAWN])


def _site() -> "models.ForeignKey[Site, Site]":
    return models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)


class DayScore(models.Model):
    """The live score of a site under a book as a day left it."""

    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    book = models.CharField(max_length=60)
    day = models.DateField()
    total = models.DecimalField(max_digits=6, decimal_places=1)
    max_total = models.DecimalField(max_digits=6, decimal_places=1)
    unknown = models.PositiveSmallIntegerField(default=0)
    # {clause id: points lost as text}, as in LiveScore.
    lost = models.JSONField(default=dict)
    # Days under another edition are not compared.
    edition_digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["site", "book", "day"], name="assessments_day_score_once"
            ),
        )
        indexes = (models.Index(fields=["day", "area_path"], name="assessments_day_score_area"),)

    def __str__(self) -> str:
        return f"{self.day} {self.book} {self.total}"


class EarlyWarning(models.Model):
    """Something about a site that will cost points, or does already, while it can be mended."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    kind = models.CharField(max_length=30)
    # What of the site it is about: a device, a report; "" where it is the site itself.
    object = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=10, decimal_places=1)
    # Names of facts it lists: pieces, documents.
    facts = models.JSONField(default=list)
    # {book: [{"clause", "lost", "held"}]}, points as text; `points` are those of the first book.
    stakes = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    # The veto it suggests, "" for none; people decide.
    veto = models.CharField(max_length=20, blank=True)

    state = models.CharField(max_length=8, choices=WarningState.choices, default=WarningState.OPEN)
    since = models.DateTimeField()
    found_on = models.DateField()
    seen_on = models.DateField()
    gone_on = models.DateField(null=True, blank=True)
    plan = models.CharField(max_length=WORDS_LENGTH, blank=True)
    plan_by = models.DateField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["site", "kind", "object"],
                name="assessments_warning_once",
                condition=Q(state__in=list(STANDING)),
            ),
            models.CheckConstraint(
                name="assessments_warning_gone_so",
                condition=Q(state=WarningState.GONE, gone_on__isnull=False)
                | ~Q(state=WarningState.GONE) & Q(gone_on__isnull=True),
            ),
            models.CheckConstraint(
                name="assessments_warning_planned_so",
                condition=~Q(state=WarningState.PLANNED) | Q(plan_by__isnull=False) & ~Q(plan=""),
            ),
        )
        indexes = (
            models.Index(
                fields=["area_path", "-points", "id"],
                name="assessments_warning_open",
                condition=Q(state__in=list(STANDING)),
            ),
            models.Index(fields=["site", "-found_on"], name="assessments_warning_site"),
        )

    def __str__(self) -> str:
        return f"{self.site_id} {self.kind} {self.state}"


class WarningSpan(models.Model):
    """A warning in one state, from when to when, and who brought it there."""

    warning = models.ForeignKey(
        EarlyWarning, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    state = models.CharField(max_length=8, choices=WarningState.choices)
    step = models.CharField(max_length=8, choices=WarningStep.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["warning", "id"], name="assessments_span_of_warning"),)
        constraints = (
            models.UniqueConstraint(
                fields=["warning"],
                name="assessments_warning_span_open",
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.begun_at}"


class SupervisionOrder(models.Model):
    """What an officer asks of a site, until when, and whether it was done (督办)."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    warning = models.ForeignKey(
        EarlyWarning, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    task = models.CharField(max_length=WORDS_LENGTH)
    # Who is asked to answer; anybody who leads the site may.
    owner_id = models.BigIntegerField(null=True, blank=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    issued_on = models.DateField()
    issued_by_id = models.BigIntegerField(null=True, blank=True)
    # The last day of the site's turn, and of whoever has the turn now.
    answer_by = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=9, choices=SupervisionState.choices, default=SupervisionState.ISSUED
    )
    since = models.DateTimeField()
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    # Once late, always late.
    overdue_at = models.DateTimeField(null=True, blank=True)
    returned = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["warning"],
                name="assessments_order_of_warning",
                condition=Q(state__in=list(UNDER_WAY)),
            ),
            models.CheckConstraint(
                name="assessments_order_closed_so",
                condition=_ENDED & Q(closed_at__isnull=False) | ~_ENDED & Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="assessments_order_forward", condition=Q(answer_by__gte=F("issued_on"))
            ),
        )
        indexes = (
            models.Index(fields=["area_path", "due_on", "id"], name="assessments_order_area"),
            models.Index(fields=["site", "-id"], name="assessments_order_site"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return what people call it by."""
        return f"DB{self.issued_on:%Y%m%d}-{self.pk}"


class SupervisionSpan(models.Model):
    """An order in one state, who brought it there, with what words and file."""

    order = models.ForeignKey(
        SupervisionOrder, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    state = models.CharField(max_length=9, choices=SupervisionState.choices)
    step = models.CharField(max_length=9, choices=SupervisionStep.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    actor_role = models.CharField(max_length=20)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=["order", "id"], name="assessments_span_of_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=["order"],
                name="assessments_order_span_open",
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.begun_at}"
