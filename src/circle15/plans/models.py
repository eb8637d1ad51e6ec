"""Road networks and plans: the question, the inputs as they were, the answer and its digest."""

import uuid

from django.db import models

from circle15.areas.models import Division
from circle15.plans.states import PlanKind, PlanState


class RoadNetwork(models.Model):
    """A road network file under var, by its digest. Roads are public: no area holds them."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="networks")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    node_count = models.PositiveIntegerField()
    arc_count = models.PositiveIntegerField()
    modes = models.JSONField()
    # What it was made from: file, profiles, pieces that hang loose, what is left out.
    source = models.JSONField()
    is_synthetic = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        indexes = (
            models.Index(fields=["division", "-added_at", "-id"], name="plans_network_newest"),
        )
        constraints = (
            models.UniqueConstraint(fields=["division", "digest"], name="plans_network_once"),
        )

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """One run: repeated on the same inputs it gives the same bytes, so it can be replayed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=PlanKind.choices)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.WAITING)
    network = models.ForeignKey(
        RoadNetwork, on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    question = models.JSONField()
    # People and sites as they were when asked; the register goes on changing.
    inputs = models.JSONField()
    inputs_digest = models.CharField(max_length=64)
    result = models.JSONField(null=True, blank=True)
    result_digest = models.CharField(max_length=64, blank=True)
    # What stood in the way, each in both languages.
    problems = models.JSONField(default=list)
    area_path = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    todo = models.PositiveIntegerField(default=0)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["-asked_at", "-id"], name="plans_plan_asked"),
            models.Index(
                fields=["asked_at", "id"],
                name="plans_plan_waiting",
                condition=models.Q(state=PlanState.WAITING),
            ),
            models.Index(
                fields=["area_path"], name="plans_plan_path_like", opclasses=["varchar_pattern_ops"]
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="plans_plan_answer_when_done",
                condition=models.Q(state=PlanState.DONE, result__isnull=False)
                & ~models.Q(result_digest="")
                | ~models.Q(state=PlanState.DONE) & models.Q(result__isnull=True, result_digest=""),
            ),
        )

    def __str__(self) -> str:
        return self.title
