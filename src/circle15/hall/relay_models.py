"""The line from a hall's own instance to the city: what waits to be sent, what has arrived."""

from django.db import models
from django.db.models import Q


class Uplink(models.Model):
    """This instance runs one hall and reports to the city at `city_url`. One row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    area_path = models.CharField(max_length=120)
    site_code = models.CharField(max_length=24)
    city_url = models.CharField(max_length=200)
    token_sealed = models.TextField()
    # Names this instance to the city; a number of it is taken in once.
    origin = models.UUIDField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(name="hall_uplink_one", condition=Q(id=1)),)

    def __str__(self) -> str:
        return self.city_url


class Outgoing(models.Model):
    """Something new to be told to the city: a trigger writes it, the city's answer removes it."""

    kind = models.CharField(max_length=5)
    ref = models.BigIntegerField()
    area_path = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Received(models.Model):
    """A number of an instance that has been taken in."""

    origin = models.UUIDField()
    seq = models.BigIntegerField()
    area_path = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["origin", "seq"], name="hall_received_once"),
        )

    def __str__(self) -> str:
        return f"{self.origin} {self.seq}"
