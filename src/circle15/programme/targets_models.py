"""Targets of a city or county for a year, and every change of one with its reason."""

from django.db import models
from django.db.models import Q

from circle15.core.uids import new_uid
from circle15.programme.targets_states import Force, Op

WORDS_LENGTH = 600


class Target(models.Model):
    """What an area is to reach by a day; what it counts is named in the table of metrics."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=80, db_collation="C")
    area_name = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    # The target of a plan it was made from; "" for an own one.
    template = models.CharField(max_length=40, blank=True)
    metric = models.CharField(max_length=40)
    op = models.CharField(max_length=10, choices=Op.choices)
    value = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    due_on = models.DateField()
    force = models.CharField(max_length=6, choices=Force.choices)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    dropped_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "year"], name="programme_target_area"),)
        constraints = (
            models.CheckConstraint(
                name="programme_target_value",
                condition=Q(op=Op.ALL, value__isnull=True) | Q(op=Op.AT_LEAST, value__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.name


class TargetChange(models.Model):
    """One change of a target: what stood before, what since, and why. Only ever added."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="changes")
    area_path = models.CharField(max_length=80, db_collation="C")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    old = models.JSONField()
    new = models.JSONField()
    reason = models.CharField(max_length=WORDS_LENGTH)

    class Meta:
        constraints = (
            models.CheckConstraint(name="programme_target_change_why", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.target_id} {self.at:%F}"
