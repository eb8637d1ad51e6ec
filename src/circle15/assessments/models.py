"""Editions kept in the database, stored score sheets, and the live score of every site."""

from django.db import models

from circle15.assessments.states import COUNTING, EditionState, Purpose
from circle15.sites.models import Site


class StoredEdition(models.Model):
    """An edition as text, from draft to published; one that has scored is frozen.

    A published one counts from `in_force_from` until the day before the next of its book.
    """

    book = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    is_built_in = models.BooleanField(default=False)
    change_note = models.CharField(max_length=300, blank=True)
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    # Who asked for its withdrawal; another person has to agree.
    leaving_by_id = models.BigIntegerField(null=True)
    leaving_by = models.CharField(max_length=80, blank=True)
    leaving_at = models.DateTimeField(null=True, blank=True)
    first_scored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["book", "version"], name="assessments_edition_once"),
            models.UniqueConstraint(
                fields=["book", "in_force_from"],
                condition=models.Q(state__in=COUNTING),
                name="assessments_edition_one_a_day",
            ),
            models.CheckConstraint(
                name="assessments_edition_published_by",
                condition=models.Q(
                    published_at__isnull=True, published_by="", in_force_from__isnull=True
                )
                | models.Q(published_at__isnull=False, in_force_from__isnull=False)
                & ~models.Q(published_by=""),
            ),
            models.CheckConstraint(
                name="assessments_edition_counts_from_a_day",
                condition=~models.Q(state__in=COUNTING) | models.Q(in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="assessments_edition_leaving_by",
                condition=models.Q(leaving_at__isnull=True, leaving_by="")
                & ~models.Q(state=EditionState.LEAVING)
                | models.Q(leaving_at__isnull=False) & ~models.Q(leaving_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.book} {self.version}"

    @property
    def counts(self) -> bool:
        return self.state in COUNTING


class StoredSheet(models.Model):
    """A score sheet kept whole with the digest of its edition: replaying must give the same."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sheets")
    edition = models.ForeignKey(StoredEdition, on_delete=models.PROTECT)
    edition_digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    scored_on = models.DateField()
    facts = models.JSONField()
    vetoes = models.JSONField(default=list)
    sheet = models.JSONField()
    total = models.DecimalField(max_digits=6, decimal_places=1)
    max_total = models.DecimalField(max_digits=6, decimal_places=1)
    result = models.CharField(max_length=20)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)
    stored_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["site", "-scored_on", "-id"], name="assessments_sheet_of"),)

    def __str__(self) -> str:
        return f"{self.site_id} {self.edition_id} {self.total}"


class SecondWord(models.Model):
    """What a second officer says of the vetoes of a stored sheet; said once, never changed."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    sheet = models.OneToOneField(StoredSheet, on_delete=models.PROTECT, related_name="word")
    agrees = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)
    said_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="assessments_word_declined_with_reason",
                condition=models.Q(agrees=True) | ~models.Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.agrees}"


class LiveScore(models.Model):
    """The present score of a site under an edition, for lists, the map and the board."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="live_scores")
    book = models.CharField(max_length=60)
    profile = models.CharField(max_length=20, blank=True)
    total = models.DecimalField(max_digits=6, decimal_places=1)
    max_total = models.DecimalField(max_digits=6, decimal_places=1)
    unit = models.CharField(max_length=16)
    result = models.CharField(max_length=20)
    unknown = models.PositiveSmallIntegerField(default=0)
    # {clause id: points lost as text}: the board's weakest clauses.
    lost = models.JSONField(default=dict)
    facts_version = models.PositiveBigIntegerField()
    edition_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    scored_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "book"], name="assessments_live_once"),
        )
        indexes = (models.Index(fields=["book", "total"], name="assessments_live_total"),)

    def __str__(self) -> str:
        return f"{self.site_id} {self.book} {self.total}"


# What hangs on sites beside their scores has its tables apart; Django looks here.
from circle15.assessments import appraisal_models as _appraisal_models  # noqa: E402, F401
from circle15.assessments import campaign_models as _campaign_models  # noqa: E402, F401
from circle15.assessments import inspection_models as _inspection_models  # noqa: E402, F401
from circle15.assessments import monitoring_models as _monitoring_models  # noqa: E402, F401
from circle15.assessments import report_models as _report_models  # noqa: E402, F401
from circle15.assessments import setup_models as _setup_models  # noqa: E402, F401
