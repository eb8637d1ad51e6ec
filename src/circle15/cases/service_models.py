"""What is done beside cases, day figures of a site, and the texts and postings of its board."""

from django.db import models
from django.db.models import F, Q

from circle15.cases.service_states import AskedBy, Ending, Reply, ServiceKind
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
NOTE_LENGTH = 300
QUESTION_LENGTH = 300
ANSWER_LENGTH = 500
TEXT_LENGTH = 1_000

_STRUCK = Q(struck_at__isnull=True, struck_by="", struck_why="") | (
    Q(struck_at__isnull=False) & ~Q(struck_by="") & ~Q(struck_why="")
)


class Entry(models.Model):
    """A line of a register: who wrote it when; nothing is rewritten, a wrong one is struck out."""

    uid = models.UUIDField(unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    site_name = models.CharField(max_length=120)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    done_on = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Somebody in the registers, or nobody known by name.
    person_uid = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=NAME_LENGTH, blank=True)  # masked
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=NAME_LENGTH)
    recorded_by_id = models.BigIntegerField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    struck_why = models.CharField(max_length=200, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        abstract = True


class ServiceRecord(Entry):
    """Somebody was helped: what with, which way, how long it took."""

    kind = models.CharField(max_length=12, choices=ServiceKind.choices)
    # A key of the kind's ways in services.yaml.
    way = models.CharField(max_length=20)
    item_key = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=24, blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    # On behalf: since when all papers were there, and when they were handed up.
    complete_on = models.DateField(null=True, blank=True)
    handed_on = models.DateField(null=True, blank=True)
    # A home visit: how it ended, of which task, whether to somebody old.
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    follow_up_uid = models.UUIDField(null=True, blank=True)
    is_elder = models.BooleanField(default=False)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "-done_on", "-id"], name="cases_service_area"),
            models.Index(fields=["site", "done_on"], name="cases_service_site"),
        )
        constraints = (
            models.CheckConstraint(name="cases_service_struck", condition=_STRUCK),
            models.CheckConstraint(
                name="cases_service_handed_forward",
                condition=Q(handed_on__isnull=True) | Q(handed_on__gte=F("complete_on")),
            ),
            models.CheckConstraint(
                name="cases_service_visit_ends",
                condition=Q(kind=ServiceKind.HOME_VISIT) & ~Q(ending="")
                | ~Q(kind=ServiceKind.HOME_VISIT) & Q(ending=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.done_on}"


class Consultation(Entry):
    """A question and what it was answered; numbers of persons in either are masked."""

    topic = models.CharField(max_length=24)
    asked_by = models.CharField(max_length=10, choices=AskedBy.choices)
    question = models.CharField(max_length=QUESTION_LENGTH)
    answer = models.CharField(max_length=ANSWER_LENGTH, blank=True)
    reply = models.CharField(max_length=10, choices=Reply.choices)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "-done_on", "-id"], name="cases_consultation_area"),
            models.Index(fields=["site", "done_on"], name="cases_consultation_site"),
        )
        constraints = (
            models.CheckConstraint(name="cases_consultation_struck", condition=_STRUCK),
            models.CheckConstraint(
                name="cases_consultation_answered",
                condition=~Q(reply=Reply.ANSWERED) | ~Q(answer=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.done_on}"


class SiteDay(models.Model):
    """What cases and services of a site came to on a day; the names are those of figures.py."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    day = models.DateField()
    figures = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["site", "day"], name="cases_site_day_once"),)

    def __str__(self) -> str:
        return f"{self.day}"


class BoardText(models.Model):
    """A part of the board in the words of an area; the newest row of the nearest area counts."""

    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    key = models.CharField(max_length=40)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        indexes = (models.Index(fields=["area_path", "key", "-id"], name="cases_board_text"),)

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """What hangs on the wall of a site: the digest of each item and part as they were put up."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    posted_on = models.DateField()
    items = models.JSONField()
    parts = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        indexes = (models.Index(fields=["site", "-id"], name="cases_posting_site"),)

    def __str__(self) -> str:
        return f"{self.posted_on}"
