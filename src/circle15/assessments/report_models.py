"""Reports as they were issued, and information reports as they were handed in."""

import uuid

from django.db import models
from django.db.models import Q

from circle15.assessments.report_states import HandInState, ReportKind
from circle15.ledger.models import Evidence
from circle15.sites.models import Site

_AREA_LENGTH, _NAME_LENGTH = 120, 80
_REASON_LENGTH = 300


class Report(models.Model):
    """A report kept whole under its number: what is issued again gets a new one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Numbers run by who issues, which may be above whom it is about.
    issuer_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    number = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    # What it is about: an order, a campaign, a quarter. The same again is a new issue of it.
    subject = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField()
    # The whole paper as plain values, and its digest.
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=_NAME_LENGTH)
    issued_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "-issued_at", "-id"], name="assessments_report_area"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["issuer_path", "kind", "year", "serial"], name="assessments_report_once"
            ),
        )

    def __str__(self) -> str:
        return self.number


class ReportDuty(models.Model):
    """From which day on the sites or counties of an area owe a kind of report."""

    kind = models.CharField(max_length=20)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    begins_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=_NAME_LENGTH)
    set_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "area_path"], name="assessments_duty_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.area_path}"


class HandIn(models.Model):
    """One hand-in of an information report; after a return comes the next attempt."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=8)
    attempt = models.PositiveSmallIntegerField()
    # Whose it is: the path of a site, or of a county.
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner_name = models.CharField(max_length=120)
    due_on = models.DateField()
    handed_at = models.DateTimeField()
    handed_by = models.CharField(max_length=_NAME_LENGTH)
    handed_by_id = models.BigIntegerField(null=True)
    is_late = models.BooleanField()
    note = models.CharField(max_length=_REASON_LENGTH, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10, choices=HandInState.choices, default=HandInState.HANDED_IN
    )
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=_NAME_LENGTH, blank=True)
    judged_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=_REASON_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["kind", "area_path", "period"], name="assessments_handin_of"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "period", "area_path", "attempt"], name="assessments_handin_once"
            ),
            models.CheckConstraint(
                name="assessments_handin_has_something",
                condition=Q(evidence__isnull=False) | Q(report__isnull=False),
            ),
            models.CheckConstraint(
                name="assessments_handin_judged",
                condition=Q(state=HandInState.HANDED_IN, judged_at__isnull=True)
                | ~Q(state=HandInState.HANDED_IN) & Q(judged_at__isnull=False) & ~Q(judged_by=""),
            ),
            models.CheckConstraint(
                name="assessments_handin_returned_with_reason",
                condition=~Q(state=HandInState.RETURNED) | ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.attempt}"
