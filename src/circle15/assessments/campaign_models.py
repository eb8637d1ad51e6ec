"""Campaigns, their sites with every state and line, objections, adjustments, and titles.

Whatever belongs to a site hangs on it, or on its entry in a campaign. A campaign itself shows
nothing of a site: whoever works inside its area may read its name and days.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from circle15.assessments.campaign_states import (
    EntryState,
    EntryStep,
    Outcome,
    Review,
    Seen,
    TitleKind,
)
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.assessments.states import Purpose
from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.sites.models import Site

if TYPE_CHECKING:
    from decimal import Decimal

NAME_LENGTH = 80
WORDS_LENGTH = 600


def _points() -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)


def _known_points() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=6, decimal_places=1)


class Campaign(models.Model):
    """One round of assessing sites under one edition, with its days."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Purpose.choices)
    area_path = models.CharField(max_length=120, db_collation="C")
    edition = models.ForeignKey(StoredEdition, on_delete=models.PROTECT, related_name="+")
    freeze_on = models.DateField()
    objection_days = models.PositiveSmallIntegerField()
    # Never a hidden default: without one there are points and no pass or fail.
    pass_mark = _points()
    # Where a clause names ledger and site, a line needs both (J12, all-of).
    needs_both = models.BooleanField(default=True)
    # What a site that passes is granted; "" grants nothing.
    title = models.CharField(max_length=14, choices=TitleKind.choices, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    made_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-id"], name="campaigns_campaign_area"),)
        constraints = (
            models.CheckConstraint(
                name="campaigns_title_for_acceptance",
                condition=Q(title="") | Q(kind=Purpose.ACCEPTANCE),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """A site in a campaign, from being chosen to a published result."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="entries")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=EntryState.choices)
    since = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    # The sheet of the frozen facts; with vetoes found, another of the same facts.
    sheet = models.ForeignKey(
        StoredSheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    vetoed = models.ForeignKey(
        StoredSheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # {fact: {origin, observed_on, fact_id}} of the frozen values, which stand on the sheet.
    origins = models.JSONField(default=dict)
    frozen_digest = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    total = _points()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # What was published, whole; the digest stands on the trail too.
    result = models.JSONField(null=True, blank=True)
    result_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (models.Index(fields=["site", "-published_at"], name="campaigns_entry_of_site"),)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "site"], name="campaigns_entry_once"),
            models.CheckConstraint(
                name="campaigns_entry_frozen",
                condition=Q(state__in=["chosen", "dropped"])
                | Q(sheet__isnull=False) & ~Q(frozen_digest=""),
            ),
            models.CheckConstraint(
                name="campaigns_entry_decided",
                condition=~Q(state__in=["decided", "published"])
                | Q(total__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="campaigns_entry_published",
                condition=Q(state="published", published_at__isnull=False, result__isnull=False)
                & ~Q(result_digest="")
                | ~Q(state="published") & Q(published_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.site_id}"


class EntrySpan(models.Model):
    """An entry in one state, from when to when, and who brought it there."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="spans")
    state = models.CharField(max_length=10, choices=EntryState.choices)
    step = models.CharField(max_length=10, choices=EntryStep.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["entry"], name="campaigns_span_one_open", condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"


class EntryLine(models.Model):
    """One rule of a frozen sheet: what the desk, the site and the visit say of it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="lines")
    rule_id = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField()
    computed = _known_points()
    most = _known_points()
    methods = models.JSONField()
    self_points = _points()
    self_words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    review = models.CharField(max_length=10, choices=Review.choices, blank=True)
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    reviewed_by_id = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=WORDS_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    seen = models.CharField(max_length=8, choices=Seen.choices, blank=True)
    # What the rule pays by what was seen, and the facts seen.
    seen_points = _points()
    seen_facts = models.JSONField(default=dict)
    seen_words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    seen_by_id = models.BigIntegerField(null=True)
    # The check it was taken from; null for what an officer wrote down.
    inspection = models.ForeignKey(
        "assessments.Inspection", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "rule_id"], name="campaigns_line_once"),
            models.CheckConstraint(
                name="campaigns_line_questioned_why",
                condition=~Q(review=Review.QUESTIONED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="campaigns_line_seen_pays",
                condition=Q(seen="", seen_points__isnull=True)
                | ~Q(seen="") & Q(seen_points__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.rule_id}"


class Objection(models.Model):
    """What a site says against a line, with a file; decided by who did not review the line."""

    line = models.ForeignKey(EntryLine, on_delete=models.CASCADE, related_name="objections")
    text = models.CharField(max_length=WORDS_LENGTH)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    made_by_id = models.BigIntegerField(null=True)
    is_upheld = models.BooleanField(null=True, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["line"],
                name="campaigns_objection_one_open",
                condition=Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="campaigns_objection_decided",
                condition=Q(decided_at__isnull=True, is_upheld__isnull=True)
                | Q(decided_at__isnull=False, is_upheld__isnull=False) & ~Q(why=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id}"


class Adjustment(models.Model):
    """Other points for a line than computed: proposed by one, approved by another, with a file."""

    line = models.ForeignKey(EntryLine, on_delete=models.CASCADE, related_name="adjustments")
    points = _known_points()
    reason = models.CharField(max_length=WORDS_LENGTH)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    objection = models.OneToOneField(
        Objection, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustment"
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=NAME_LENGTH)
    proposed_by_id = models.BigIntegerField(null=True)
    is_approved = models.BooleanField(null=True, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    judged_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["line"],
                name="campaigns_adjustment_one_open",
                condition=Q(judged_at__isnull=True),
            ),
            models.CheckConstraint(
                name="campaigns_adjustment_by_two",
                condition=Q(judged_at__isnull=True, is_approved__isnull=True)
                | Q(judged_at__isnull=False, is_approved__isnull=False)
                & ~Q(judged_by=F("proposed_by"), judged_by_id__isnull=True)
                & (Q(proposed_by_id__isnull=True) | ~Q(judged_by_id=F("proposed_by_id"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id} {self.points}"


class VetoFile(models.Model):
    """The file that shows why the vetoes of a sheet were found, in a campaign or without one."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="veto_files"
    )
    sheet = models.OneToOneField(StoredSheet, on_delete=models.PROTECT, related_name="veto_file")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)

    def __str__(self) -> str:
        return f"{self.sheet_id}"


class SiteTitle(models.Model):
    """A title of a site from a day on; withdrawn by two people, and kept in its history."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=14, choices=TitleKind.choices)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="titles")
    since = models.DateField()
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=NAME_LENGTH)
    # One asks for the withdrawal, another agrees; a confirmed veto has had its two already.
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_for = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=["site", "-since"], name="campaigns_title_of_site"),)
        constraints = (
            models.UniqueConstraint(
                fields=["site", "kind"],
                name="campaigns_title_one",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="campaigns_title_withdrawn_why",
                condition=Q(withdrawn_at__isnull=True, withdrawn_on__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_on__isnull=False)
                & ~Q(reason="")
                & ~Q(withdrawn_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.site_id} {self.kind}"
