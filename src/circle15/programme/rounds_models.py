"""Rounds of a year, the applications of sites in them, and whatever was said of each.

A round shows nothing of a site: whoever works below its area may read it. Whatever belongs to an
application hangs on it, and it on its site.
"""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.programme.rounds_states import ApplicationState, ApplicationStep
from circle15.sites.models import Site

NAME_LENGTH = 80
WORDS_LENGTH = 600


class Round(models.Model):
    """One round of a year: what for, when one may file, how many are chosen by what."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    area_path = models.CharField(max_length=80, db_collation="C")
    area_name = models.CharField(max_length=80)
    opens_on = models.DateField()
    closes_on = models.DateField()
    # By when what was selected is to be built; None where the round says nothing.
    built_by = models.DateField(null=True, blank=True)
    quota = models.PositiveSmallIntegerField()
    # Keys of the conditions, in the order of the rules.
    conditions = models.JSONField()
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    # Whom applicants ask: an office and its phone, never a person.
    contact = models.CharField(max_length=NAME_LENGTH, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=NAME_LENGTH)
    opened_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-year"], name="programme_round_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "kind", "year", "opens_on"], name="programme_round_once"
            ),
            models.CheckConstraint(
                name="programme_round_window", condition=Q(closes_on__gte=F("opens_on"))
            ),
            models.CheckConstraint(name="programme_round_quota", condition=Q(quota__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.kind}"

    @property
    def is_of_city(self) -> bool:
        """Tell whether a city opened it: then its counties give their opinion first."""
        return self.area_path.count("/") == 2  # noqa: PLR2004 -- a slash before and after one code


class CountyPlan(models.Model):
    """How a county means to carry out a city's round (实施方案), and what the city says of it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plans")
    area_path = models.CharField(max_length=80, db_collation="C")
    area_name = models.CharField(max_length=80)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=NAME_LENGTH)
    submitted_by_id = models.BigIntegerField(null=True)
    is_approved = models.BooleanField(null=True, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    judged_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            # What was returned makes room for the next one.
            models.UniqueConstraint(
                fields=["round", "area_path"],
                name="programme_county_plan_once",
                condition=Q(is_approved__isnull=True) | Q(is_approved=True),
            ),
            models.CheckConstraint(
                name="programme_county_plan_by_two",
                condition=Q(judged_at__isnull=True, is_approved__isnull=True)
                | Q(judged_at__isnull=False, is_approved__isnull=False)
                & (Q(submitted_by_id__isnull=True) | ~Q(judged_by_id=F("submitted_by_id"))),
            ),
            models.CheckConstraint(
                name="programme_county_plan_why",
                condition=~Q(is_approved=False) | ~Q(why=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.area_name}"


class Application(models.Model):
    """The application of a site in a round."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(
        max_length=10, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    since = models.DateTimeField()
    started_by = models.CharField(max_length=NAME_LENGTH)
    started_by_id = models.BigIntegerField(null=True)
    # A member of staff; the name is never copied from the register of staff.
    contact_uid = models.UUIDField(null=True, blank=True)
    profile = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    # For each task that was saved: how often, when, by whom.
    saved = models.JSONField(default=dict)
    # The values of the lines as they stood when it was filed.
    form = models.JSONField(default=dict)
    attempt = models.PositiveSmallIntegerField(default=0)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    filed_by_id = models.BigIntegerField(null=True)
    is_late = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True, blank=True)
    # What the county says: its words, which conditions it confirms, who signed as what.
    opinion = models.TextField(blank=True)
    confirmed = models.JSONField(default=list)
    signed_as = models.CharField(max_length=NAME_LENGTH, blank=True)
    signed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    signed_by_id = models.BigIntegerField(null=True)
    signed_on = models.DateField(null=True, blank=True)
    awarded_on = models.DateField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["round", "site"],
                name="programme_application_once",
                condition=~Q(state=ApplicationState.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="programme_application_signed_by_another",
                condition=Q(signed_by_id__isnull=True)
                | Q(filed_by_id__isnull=True)
                | ~Q(signed_by_id=F("filed_by_id")),
            ),
            models.CheckConstraint(
                name="programme_application_awarded",
                condition=~Q(state__in=["awarded", "revoked"]) | Q(awarded_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.site_id}"


class ApplicationSpan(models.Model):
    """One step of an application: where it led, when, by whom, with what words."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="spans")
    step = models.CharField(max_length=16, choices=ApplicationStep.choices)
    state = models.CharField(max_length=10, choices=ApplicationState.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME_LENGTH)
    by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)

    def __str__(self) -> str:
        return f"{self.application_id} {self.step}"


class ApplicationRemark(models.Model):
    """Why a line of the form was returned."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="remarks")
    attempt = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=20)
    reason = models.CharField(max_length=WORDS_LENGTH)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["application", "attempt", "field"], name="programme_remark_once"
            ),
            models.CheckConstraint(name="programme_remark_why", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.field}"


class ApplicationFile(models.Model):
    """A file attached to an application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="files")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["application", "evidence"], name="programme_application_file_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.evidence_id}"


class AwardProposal(models.Model):
    """An award, or its end, proposed by one officer and judged by another."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="proposals")
    is_award = models.BooleanField()
    # The acceptance it rests on: which, with what, from when; and the day construction ended.
    acceptance = models.JSONField(default=dict)
    built_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=NAME_LENGTH)
    proposed_by_id = models.BigIntegerField(null=True)
    is_agreed = models.BooleanField(null=True, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    judged_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["application"],
                name="programme_award_one_open",
                condition=Q(judged_at__isnull=True),
            ),
            models.CheckConstraint(
                name="programme_award_by_two",
                condition=Q(judged_at__isnull=True, is_agreed__isnull=True)
                | Q(judged_at__isnull=False, is_agreed__isnull=False)
                & ~Q(judged_by=F("proposed_by"), judged_by_id__isnull=True)
                & (Q(proposed_by_id__isnull=True) | ~Q(judged_by_id=F("proposed_by_id"))),
            ),
            models.CheckConstraint(
                name="programme_award_rests_on",
                condition=Q(is_award=False) & ~Q(reason="")
                | Q(is_award=True, built_on__isnull=False) & ~Q(acceptance={}),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.is_award}"
