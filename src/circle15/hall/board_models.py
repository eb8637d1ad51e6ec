"""What a hall puts on its displays between the calls."""

from django.db import models
from django.db.models import F, Q

NOTICE_LENGTH = 80


class BoardNotice(models.Model):
    """A notice, shown on the displays from one day to another."""

    hall = models.ForeignKey("hall.Hall", on_delete=models.PROTECT, related_name="notices")
    area_path = models.CharField(max_length=120)
    text = models.CharField(max_length=NOTICE_LENGTH)
    shown_from = models.DateField()
    shown_until = models.DateField()  # this day included
    put_up_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hall_notice_forward", condition=Q(shown_until__gte=F("shown_from"))
            ),
        )

    def __str__(self) -> str:
        return self.text
