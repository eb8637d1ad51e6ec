"""The audit trail: events, the chain that seals them, and the heads of the sealed batches.

Nothing here has a foreign key, and a database trigger refuses every change: the trail must
outlive what it tells about.
"""

from django.db import models


class Event(models.Model):
    """One thing somebody did. Rows are written by `actions.record` only."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    actor_role = models.TextField()
    verb = models.TextField()
    target_kind = models.TextField()
    target_id = models.TextField()
    area_path = models.TextField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    clause = models.TextField()
    request_id = models.TextField()

    class Meta:
        indexes = (
            models.Index(fields=["at", "id"], name="audit_event_at"),
            models.Index(fields=["actor_id", "at"], name="audit_event_actor"),
            models.Index(fields=["target_kind", "target_id", "at"], name="audit_event_target"),
            models.Index(
                fields=["area_path"], name="audit_event_area", opclasses=["text_pattern_ops"]
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="audit_event_area_is_path",
                condition=models.Q(area_path__regex="^/([^/]+/)*$"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.target_kind} {self.target_id}"


class Link(models.Model):
    """One event's place in the chain: positions count 1, 2, 3 … in the order of sealing."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    mac = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="audit_link_position_from_1", condition=models.Q(position__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.event_id}"


class Head(models.Model):
    """One sealed batch: the positions it covers and the chain's value at its end."""

    last = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField(unique=True)
    chain_mac = models.BinaryField()
    sealed_at = models.DateTimeField()
    # Over all fields above, so that a head cannot be made without the key.
    mac = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="audit_head_positions_in_order",
                condition=models.Q(last__gte=models.F("first")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"
