"""On-site checks: who looks at what, what was handed in, how it was merged, and what was found.

Every row has the area of its site. Who does a check in another county sees its own by the seat.
"""

from django.db import models
from django.db.models import Q

from circle15.assessments.inspection_states import (
    FindingKind,
    FindingState,
    InspectionState,
    InspectionStep,
    LineState,
    Verdict,
)
from circle15.assessments.models import StoredEdition
from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
WORDS_LENGTH = 500


class InspectionDraw(models.Model):
    """A random sample anybody can draw again: a published text, a list, an order by SHA-256."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    title = models.CharField(max_length=120)
    # Where the text was published, and the text itself: whose digest is the seed.
    document = models.CharField(max_length=160)
    text = models.TextField()
    seed = models.CharField(max_length=64)
    # {"kinds": [...], "per_county": n}: what was asked for.
    asked = models.JSONField()
    # [{code, name, county, county_name, kind, digest, rank, drawn}], in the order of the draw.
    listed = models.JSONField()
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=NAME_LENGTH)
    drawn_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "-id"], name="assessments_draw_area"),)

    def __str__(self) -> str:
        return self.title


class Inspection(models.Model):
    """A check of one site under one edition, by one or two people."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    edition = models.ForeignKey(StoredEdition, on_delete=models.PROTECT, related_name="+")
    edition_digest = models.CharField(max_length=64)
    profile = models.CharField(max_length=20)
    draw = models.ForeignKey(
        InspectionDraw, on_delete=models.PROTECT, null=True, blank=True, related_name="checks"
    )
    reason = models.CharField(max_length=WORDS_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=InspectionState.choices)
    since = models.DateTimeField()
    due_on = models.DateField()
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=NAME_LENGTH)
    planned_by_id = models.BigIntegerField(null=True)
    merged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "state", "due_on"], name="assessments_check_area"),
            models.Index(fields=["site", "-closed_at"], name="assessments_check_site"),
        )
        constraints = (
            models.CheckConstraint(
                name="assessments_check_closed",
                condition=Q(state=InspectionState.CLOSED) ^ Q(closed_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["draw", "site"],
                condition=~Q(state=InspectionState.CANCELLED),
                name="assessments_check_once_a_draw",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"JC{self.planned_at:%Y}-{self.pk:05}"


class InspectionSeat(models.Model):
    """Who does a check, and what the ledger said when the check was downloaded."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="seats")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=NAME_LENGTH)
    organisation = models.CharField(max_length=120)
    place = models.PositiveSmallIntegerField()
    assigned_at = models.DateTimeField()
    # {fact: {value, observed_on, origin}} as of `taken_at`.
    ledger = models.JSONField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["user_id", "-id"], name="assessments_seat_user"),)
        constraints = (
            models.UniqueConstraint(fields=["inspection", "user_id"], name="assessments_seat_once"),
            models.UniqueConstraint(fields=["inspection", "place"], name="assessments_seat_place"),
            models.CheckConstraint(
                name="assessments_seat_two", condition=Q(place__gte=1, place__lte=2)
            ),
            models.CheckConstraint(
                name="assessments_seat_taken",
                condition=Q(taken_at__isnull=True, ledger__isnull=True)
                | Q(taken_at__isnull=False, ledger__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.place}"


class InspectionSpan(models.Model):
    """A state a check was in, from when, by whom."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="spans")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    state = models.CharField(max_length=10, choices=InspectionState.choices)
    step = models.CharField(max_length=10, choices=InspectionStep.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.state}"


class InspectionPhoto(models.Model):
    """A photo as it came from the tablet; its pixels are a piece of evidence of the site."""

    uid = models.UUIDField(unique=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    seat = models.ForeignKey(InspectionSeat, on_delete=models.PROTECT, related_name="photos")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    rule_id = models.CharField(max_length=60)
    # Of the file as it was sent; the evidence is written anew and has a digest of its own.
    sha256 = models.CharField(max_length=64)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.uid)


class InspectionSubmission(models.Model):
    """What an inspector handed in, whole and sealed as it came, and its lines for reading."""

    uid = models.UUIDField(unique=True)
    seat = models.OneToOneField(InspectionSeat, on_delete=models.PROTECT, related_name="submission")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="submissions")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    # The request's JSON with the signatures, which show names.
    sent_sealed = models.TextField()
    answers_sha256 = models.CharField(max_length=64)
    # By rule: verdict, facts, remark, photos, answered_at.
    answers = models.JSONField()
    vetoes = models.JSONField(default=list)
    device = models.CharField(max_length=NAME_LENGTH, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # How far the tablet's clock was ahead of ours, in seconds.
    skew_s = models.IntegerField()
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    distance_m = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.uid)


class InspectionLine(models.Model):
    """A rule of a merged check: what both say, or what a supervisor settled."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="lines")
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    rule_id = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=LineState.choices)
    verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    facts = models.JSONField(default=dict)
    # Whose answer counts: the seat's place.
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    settled_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["inspection", "rule_id"], name="assessments_line_once"),
            models.CheckConstraint(
                name="assessments_line_settled",
                condition=Q(state=LineState.SETTLED, settled_at__isnull=False) & ~Q(why="")
                | ~Q(state=LineState.SETTLED) & Q(settled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.rule_id}"


class Finding(models.Model):
    """What was seen against what the ledger claimed, or a case of a veto: for officers to judge."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    kind = models.CharField(max_length=14, choices=FindingKind.choices)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    rule_id = models.CharField(max_length=60, blank=True)
    # The veto it may come to; "" where the edition knows none.
    veto = models.CharField(max_length=20, blank=True)
    # One for each fact: its name, what the ledger said and since when, and what was seen.
    differences = models.JSONField(default=list)
    points = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    remark = models.CharField(max_length=WORDS_LENGTH, blank=True)
    found_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True, blank=True)
    said_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    said_by_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "state", "-id"], name="assessments_finding_area"),
            models.Index(fields=["site", "-id"], name="assessments_finding_site"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["inspection", "kind", "rule_id", "veto"], name="assessments_finding_once"
            ),
            models.CheckConstraint(
                name="assessments_finding_said",
                condition=Q(state=FindingState.OPEN, said_at__isnull=True)
                | ~Q(state=FindingState.OPEN) & Q(said_at__isnull=False) & ~Q(why=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.rule_id}"
