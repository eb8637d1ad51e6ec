"""Appraisals, awards, who was at a training, what a year's result leads to, and typical cases."""

from django.db import models
from django.db.models import F, Q

from circle15.assessments.appraisal_states import AppraisalState, AwardState, TypicalState
from circle15.core.uids import new_uid
from circle15.ledger.models import Training
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
KEY_LENGTH = 20
WORDS_LENGTH = 600


def _site() -> "models.ForeignKey[Site | None, Site | None]":
    return models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


class Appraisal(models.Model):
    """What a person's work of a quarter, or with quarter 0 of a year, is found to be."""

    user_id = models.BigIntegerField()
    name = models.CharField(max_length=NAME_LENGTH)  # masked
    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AppraisalState.choices)
    grade = models.CharField(max_length=KEY_LENGTH)
    comment = models.CharField(max_length=WORDS_LENGTH)
    # The sheet as it was when the grade was proposed.
    sheet = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True, blank=True)
    proposed_by = models.CharField(max_length=NAME_LENGTH)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    object_until = models.DateField(null=True, blank=True)
    objection = models.CharField(max_length=WORDS_LENGTH, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=WORDS_LENGTH, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["area_path", "year", "quarter"], name="assessments_appraisal_area"
            ),
            models.Index(
                fields=["object_until"],
                name="assessments_appraisal_open",
                condition=Q(state=AppraisalState.CONFIRMED),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["user_id", "year", "quarter"], name="assessments_appraisal_once"
            ),
            models.CheckConstraint(
                name="assessments_appraisal_quarter", condition=Q(quarter__gte=0, quarter__lte=4)
            ),
            models.CheckConstraint(
                name="assessments_appraisal_by_others",
                condition=~Q(proposed_by_id=F("user_id"))
                & (
                    Q(confirmed_by_id__isnull=True)
                    | ~Q(confirmed_by_id=F("user_id")) & ~Q(confirmed_by_id=F("proposed_by_id"))
                )
                & (
                    Q(decided_by_id__isnull=True)
                    | ~Q(decided_by_id=F("user_id"))
                    & ~Q(decided_by_id=F("confirmed_by_id"))
                    & ~Q(decided_by_id=F("proposed_by_id"))
                ),
            ),
            models.CheckConstraint(
                name="assessments_appraisal_closed_so",
                condition=Q(state=AppraisalState.CLOSED, closed_at__isnull=False)
                | ~Q(state=AppraisalState.CLOSED) & Q(closed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.year}Q{self.quarter}"


class Award(models.Model):
    """A star of service or a model window of a quarter, proposed by one and approved by another."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=KEY_LENGTH)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    window_number = models.PositiveSmallIntegerField(null=True, blank=True)
    window_name = models.CharField(max_length=40, blank=True)
    user_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)  # masked
    reason = models.CharField(max_length=WORDS_LENGTH)
    state = models.CharField(max_length=10, choices=AwardState.choices)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True, blank=True)
    proposed_by = models.CharField(max_length=NAME_LENGTH)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "year", "quarter"], name="assessments_award_area"),
            models.Index(fields=["site", "-year", "-quarter"], name="assessments_award_site"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "site", "year", "quarter", "window_number", "user_id"],
                name="assessments_award_once",
                condition=Q(state__in=[AwardState.PROPOSED, AwardState.APPROVED]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="assessments_award_one_holder",
                condition=Q(window_number__isnull=True, user_id__isnull=False)
                | Q(window_number__isnull=False, user_id__isnull=True),
            ),
            models.CheckConstraint(
                name="assessments_award_by_others",
                condition=Q(decided_by_id__isnull=True)
                | ~Q(decided_by_id=F("proposed_by_id"))
                & (Q(user_id__isnull=True) | ~Q(decided_by_id=F("user_id"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.year}Q{self.quarter}"


class Presence(models.Model):
    """Somebody was at a training."""

    training = models.ForeignKey(
        Training, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user_id = models.BigIntegerField()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["training", "user_id"], name="assessments_presence_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.training_id} {self.user_id}"


class YearResult(models.Model):
    """A site's result of a year and what it is used for; a newer decision stands in its place.

    One officer proposes, another agrees: from then on it is current and counts.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    year = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=KEY_LENGTH)
    uses = models.JSONField(default=list)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    decided_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by = models.CharField(max_length=NAME_LENGTH)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by_id = models.BigIntegerField(null=True, blank=True)
    agreed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    # The one proposal that waits for the second officer.
    is_proposed = models.BooleanField(default=True)
    is_current = models.BooleanField(default=False)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "year"], name="assessments_result_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=["site", "year"],
                name="assessments_result_once",
                condition=Q(is_current=True),
            ),
            models.UniqueConstraint(
                fields=["site", "year"],
                name="assessments_result_one_proposed",
                condition=Q(is_proposed=True),
            ),
            models.CheckConstraint(
                name="assessments_result_by_two",
                condition=Q(is_current=False)
                | Q(is_proposed=False, agreed_at__isnull=False)
                & (Q(agreed_by_id__isnull=True) | ~Q(agreed_by_id=F("decided_by_id"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.site_id} {self.year} {self.result}"


class TypicalCase(models.Model):
    """What worked well, told for others: no person is named in it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = _site()
    site_name = models.CharField(max_length=120, blank=True)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=TypicalState.choices)
    # Grows with each change: who edits an older one is told so.
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True, blank=True)
    written_by = models.CharField(max_length=NAME_LENGTH)
    # Who wrote last, where somebody changed the draft.
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by_id = models.BigIntegerField(null=True, blank=True)
    changed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    chosen_by_id = models.BigIntegerField(null=True, blank=True)
    chosen_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-year"], name="assessments_typical_area"),)
        constraints = (
            models.CheckConstraint(
                name="assessments_typical_chosen_by_another",
                condition=Q(chosen_by_id__isnull=True)
                | (Q(written_by_id__isnull=True) | ~Q(chosen_by_id=F("written_by_id")))
                & (Q(changed_by_id__isnull=True) | ~Q(chosen_by_id=F("changed_by_id"))),
            ),
        )

    def __str__(self) -> str:
        return self.title


class TypicalFile(models.Model):
    """A checked photo or PDF beside a typical case."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    case = models.ForeignKey(
        TypicalCase, on_delete=models.CASCADE, related_name="files", db_index=False
    )
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "digest"], name="assessments_typical_file"),
        )

    def __str__(self) -> str:
        return self.name
