"""Running sums of cases, written in the transaction of each change; a recount gives the same."""

from django.db import models

from circle15.cases.states import Channel
from circle15.sites.models import Site

AREA_LENGTH = 120


class CaseTally(models.Model):
    """What came in and what was decided at a site on a day, by item and channel.

    `open` and `open_late` stand on the day a case came in and fall again when it is decided: over
    all days they are what is open now.
    """

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    day = models.DateField()
    item_key = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    received = models.IntegerField(default=0)
    open = models.IntegerField(default=0)
    open_late = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)
    decided_late = models.IntegerField(default=0)
    handled_s = models.BigIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=["day", "area_path"], name="cases_tally_day"),
            # What is open now is asked of all days; few rows have any.
            models.Index(
                fields=["area_path"], name="cases_tally_open", condition=~models.Q(open=0)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "site", "day", "item_key", "channel"],
                name="cases_tally_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.item_key}"
