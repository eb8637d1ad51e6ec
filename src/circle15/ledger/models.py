"""The electronic ledger (电子台账): dated facts with evidence, and trainings held."""

from django.db import models

from circle15.areas.models import Division
from circle15.ledger.states import Source, TrainingKind
from circle15.sites.models import Site

_OF_ONE = models.Q(site__isnull=False, division__isnull=True) | models.Q(
    site__isnull=True, division__isnull=False
)


class Evidence(models.Model):
    """A photo or PDF, checked and re-encoded, kept under its digest and never changed."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="evidence")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    storage_name = models.CharField(max_length=120)
    taken_at = models.DateTimeField(null=True, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=80)

    class Meta:
        constraints = (models.CheckConstraint(name="ledger_evidence_of_one", condition=_OF_ONE),)

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """What was found true of a site, or of a town and thus of all its sites, on a day.

    Rows are appended only. A correction names the row it corrects; the newest uncorrected row
    observed on or before a day is the fact of that day.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="facts")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, related_name="facts"
    )
    name = models.CharField(max_length=80)
    # true/false, a whole number, or a decimal as text: exact, as typed.
    value = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    observed_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    recorded_by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    evidence = models.ManyToManyField(Evidence, related_name="facts", blank=True)

    class Meta:
        constraints = (models.CheckConstraint(name="ledger_fact_of_one", condition=_OF_ONE),)
        indexes = (
            models.Index(fields=["site", "name", "-observed_on", "-id"], name="ledger_fact_site"),
            models.Index(
                fields=["division", "name", "-observed_on", "-id"], name="ledger_fact_division"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Measure(models.Model):
    """A figure of a site's running that is watched, up to a day: how many of how many.

    Rows are appended only, and only when a figure changes: the newest row of the newest day on or
    before a day is the figure of that day. `whole` is None for what is only counted.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=120, db_collation="C")
    name = models.CharField(max_length=40)
    observed_on = models.DateField()
    part = models.DecimalField(max_digits=16, decimal_places=3)
    whole = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField()
    # Of the same day: counted again when something came to light late.
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["site", "name", "observed_on"],
                condition=models.Q(corrects__isnull=True),
                name="ledger_measure_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["site", "name", "-observed_on", "-id"], name="ledger_measure_site"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}={self.part}/{self.whole}"


class Training(models.Model):
    """A training held for the staff of a site, or of all sites of a division."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="trainings")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True)
    held_on = models.DateField()
    kind = models.CharField(max_length=10, choices=TrainingKind.choices)
    topic = models.CharField(max_length=120)
    attendees = models.PositiveSmallIntegerField()
    evidence = models.ManyToManyField(Evidence, related_name="trainings", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.CheckConstraint(name="ledger_training_of_one", condition=_OF_ONE),
            models.UniqueConstraint(
                fields=["site", "division", "held_on", "kind", "topic"],
                name="ledger_training_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"


# Those served have their tables apart; Django looks here.
from circle15.ledger.people import mandate_models as _mandate_models  # noqa: E402, F401
from circle15.ledger.people import models as _people_models  # noqa: E402, F401
