"""What people say of the set-up of a city and no table shows, such as its backups."""

from django.db import models
from django.db.models import Q


class SetupConfirmation(models.Model):
    """Somebody says that a step is done; the newest counts, and only for a time."""

    area_path = models.CharField(max_length=80, db_collation="C")
    step = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    note = models.CharField(max_length=500)

    class Meta:
        indexes = (
            models.Index(fields=["step", "area_path", "-at"], name="assessments_setup_newest"),
        )
        constraints = (
            models.CheckConstraint(name="assessments_setup_says_what", condition=~Q(note="")),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.at:%F}"
