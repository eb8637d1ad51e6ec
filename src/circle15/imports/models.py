"""An import between its check and its end: what was checked is exactly what is applied."""

import uuid

from django.db import models

from circle15.imports.states import Kind, Mode, RunState


class ImportRun(models.Model):
    """One uploaded file, its report and what became of it. The file itself lies sealed in var."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    coordinate_system = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.CHECKED)
    mode = models.CharField(max_length=14, choices=Mode.choices, blank=True)
    report = models.JSONField()
    # The area of who checked it: colleagues of the same area may apply it.
    area_path = models.CharField(max_length=120)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)
    checked_by_id = models.BigIntegerField(null=True)
    # Who wants a waiting run worked on; the timer acts in that name.
    asked_by = models.CharField(max_length=80, blank=True)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    asked_by_role = models.CharField(max_length=20, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (models.Index(fields=["-checked_at", "-id"], name="imports_run_checked"),)
        constraints = (
            models.CheckConstraint(
                name="imports_run_applied_whole",
                condition=models.Q(applied_at__isnull=True, applied_by="")
                & ~models.Q(state=RunState.APPLIED)
                | models.Q(applied_at__isnull=False, state=RunState.APPLIED)
                & ~models.Q(applied_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name} {self.state}"
