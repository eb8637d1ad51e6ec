"""Ratings, their running sums, work orders with every state they were in, and appeals.

A rating does not point at its ticket or case: it keeps a keyed digest of it, so that there is one
for each handling and nobody who reads the table learns who gave it.
"""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.ratings.states import (
    OPEN,
    CameFrom,
    Finding,
    OrderKind,
    OrderState,
    OrderStep,
    RatedBy,
    Remedy,
    Told,
)
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
TEXT_LENGTH = 200
WORDS_LENGTH = 600
_IS_OPEN = Q(state__in=list(OPEN))


def _site() -> "models.ForeignKey[Site | None, Site | None]":
    return models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


class Rating(models.Model):
    """What somebody thought of one handling: the item, and at a window the person apart."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    # Keyed digest of the ticket or of the case and its round: one rating each.
    handling = models.CharField(max_length=64, unique=True)
    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    # The day of the service, never the hour.
    served_on = models.DateField()
    item_key = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=8, choices=RatedBy.choices)
    labels_version = models.CharField(max_length=8)
    item_grade = models.PositiveSmallIntegerField()
    person_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    labels = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)  # numbers masked
    # Given by nobody: the window of time had passed. Never counted as given.
    is_default = models.BooleanField(default=False)
    is_real_name = models.BooleanField(default=False)
    # Mistaken or malicious, as somebody else decided.
    is_excluded = models.BooleanField(default=False)
    # In the sums and the lists; one given after the day of the service comes in the next day.
    is_summed = models.BooleanField(default=True)
    # Who was rated; for the figures of staff only.
    staff_id = models.BigIntegerField(null=True, blank=True)
    entered_by_id = models.BigIntegerField(null=True, blank=True)
    entered_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    recorded_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["area_path", "-served_on"], name="ratings_rating_area"),
            models.Index(fields=["site", "served_on"], name="ratings_rating_site"),
            models.Index(
                fields=["recorded_at"], condition=Q(is_summed=False), name="ratings_rating_waits"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="ratings_rating_grades",
                condition=Q(item_grade__gte=1, item_grade__lte=5)
                & (Q(person_grade__isnull=True) | Q(person_grade__gte=1, person_grade__lte=5)),
            ),
            models.CheckConstraint(
                name="ratings_rating_not_by_the_rated",
                condition=Q(entered_by_id__isnull=True)
                | Q(staff_id__isnull=True)
                | ~Q(entered_by_id=F("staff_id")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.served_on} {self.item_grade}"


class Tally(models.Model):
    """Running sums of the ratings of a site, day and channel; a recount gives the same."""

    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    day = models.DateField()
    channel = models.CharField(max_length=8, choices=RatedBy.choices)
    is_default = models.BooleanField(default=False)
    item_1 = models.IntegerField(default=0)
    item_2 = models.IntegerField(default=0)
    item_3 = models.IntegerField(default=0)
    item_4 = models.IntegerField(default=0)
    item_5 = models.IntegerField(default=0)
    person_1 = models.IntegerField(default=0)
    person_2 = models.IntegerField(default=0)
    person_3 = models.IntegerField(default=0)
    person_4 = models.IntegerField(default=0)
    person_5 = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["day", "area_path"], name="ratings_tally_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "site", "day", "channel", "is_default"],
                name="ratings_tally_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class MarkTally(models.Model):
    """How often a label was ticked, or a topic spoken of, at a site on a day."""

    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    day = models.DateField()
    kind = models.CharField(max_length=5)  # label, topic
    key = models.CharField(max_length=20)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["day", "area_path"], name="ratings_mark_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "site", "day", "kind", "key"],
                name="ratings_mark_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.key}"


class PartTally(models.Model):
    """Running sums of an item's grades, and apart of a person's, at a site on a day."""

    site = _site()
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    day = models.DateField()
    kind = models.CharField(max_length=6)  # item, person
    key = models.CharField(max_length=60)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["day", "area_path"], name="ratings_part_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=["area_path", "site", "day", "kind", "key"],
                name="ratings_part_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}"


class DueDay(models.Model):
    """How many handlings of a site on a finished day could have been rated (应评价办件数)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["site", "day"], name="ratings_due_once"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.visits + self.cases}"


class OrderCounter(models.Model):
    """The last number of a county and day."""

    area_path = models.CharField(max_length=AREA_LENGTH)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_path", "day"], name="ratings_counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.area_path} {self.day}: {self.last}"


class Order(models.Model):
    """A bad rating, complaint, opinion or suggestion on its way to an end."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=10, choices=OrderKind.choices)
    came_from = models.CharField(max_length=8, choices=CameFrom.choices)
    # The number another house knows it by.
    external_number = models.CharField(max_length=40, blank=True)
    rating = models.OneToOneField(
        Rating, on_delete=models.PROTECT, null=True, blank=True, related_name="order"
    )
    site = _site()
    site_name = models.CharField(max_length=120, blank=True)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    item_key = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=WORDS_LENGTH, blank=True)  # numbers masked
    topics = models.JSONField(default=list)

    # Whom it is about; that one decides nothing of it.
    about_id = models.BigIntegerField(null=True, blank=True)
    # Who asked, if that is known: shown to supervisors alone, and told to the trail.
    is_real_name = models.BooleanField(default=False)
    person_uid = models.UUIDField(null=True, blank=True)
    name_sealed = models.TextField(blank=True)
    phone_sealed = models.TextField(blank=True)
    # The case it is about, of who is known anyway: it would tell who somebody unnamed is.
    case_sealed = models.TextField(blank=True, default="", db_default="")

    state = models.CharField(max_length=10, choices=OrderState.choices)
    since = models.DateTimeField()
    received_on = models.DateField()
    is_complex = models.BooleanField(default=False)
    # The last working day of the present state, and of the answer.
    due_on = models.DateField(null=True, blank=True)
    answer_due_on = models.DateField()
    # Once late, always late.
    overdue_at = models.DateTimeField(null=True, blank=True)
    owner_id = models.BigIntegerField(null=True, blank=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    finding = models.CharField(max_length=14, choices=Finding.choices, blank=True)
    verified_by_id = models.BigIntegerField(null=True, blank=True)
    remedy = models.CharField(max_length=10, choices=Remedy.choices, blank=True)
    rectify_by = models.DateField(null=True, blank=True)
    # Three facts: it was handled, the person confirms, the supervisor confirms.
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by_id = models.BigIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=WORDS_LENGTH, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_how = models.CharField(max_length=6, choices=Told.choices, blank=True)
    is_satisfied = models.BooleanField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.BigIntegerField(null=True, blank=True)
    closing_note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_text = models.CharField(max_length=WORDS_LENGTH, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    is_excluded = models.BooleanField(default=False)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["area_path", "due_on", "id"], name="ratings_order_open", condition=_IS_OPEN
            ),
            models.Index(fields=["area_path", "-received_on", "-id"], name="ratings_order_area"),
            models.Index(
                fields=["owner_id", "due_on"], name="ratings_order_owner", condition=_IS_OPEN
            ),
            models.Index(
                fields=["due_on"],
                name="ratings_order_due",
                condition=_IS_OPEN & Q(overdue_at__isnull=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["came_from", "external_number"],
                name="ratings_order_external_once",
                condition=~Q(external_number=""),
            ),
            models.CheckConstraint(
                name="ratings_order_bad_rating_has_one",
                condition=Q(kind=OrderKind.BAD_RATING) | Q(rating__isnull=True),
            ),
            models.CheckConstraint(
                name="ratings_order_answer_has_words",
                condition=Q(answered_at__isnull=True) | ~Q(answer="") & Q(handled_at__isnull=False),
            ),
            # Closed is solved: handled and answered, and the person content, unless there is
            # nobody to ask or it was done anew twice.
            models.CheckConstraint(
                name="ratings_order_closed_is_solved",
                condition=Q(closed_at__isnull=True)
                | Q(answered_at__isnull=False, handled_at__isnull=False)
                & ~Q(closing_note="")
                & (
                    Q(confirmed_at__isnull=False, is_satisfied=True)
                    | Q(is_real_name=False)
                    | Q(reopened__gte=2)
                ),
            ),
            models.CheckConstraint(
                name="ratings_order_closed_so",
                condition=Q(state__in=["closed", "published"], closed_at__isnull=False)
                | ~Q(state__in=["closed", "published"]) & Q(closed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.number


class OrderSpan(models.Model):
    """An order in one state, from when to when, and who brought it there."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="spans", db_index=False)
    state = models.CharField(max_length=10, choices=OrderState.choices)
    step = models.CharField(max_length=10, choices=OrderStep.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    actor_role = models.CharField(max_length=20)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)

    class Meta:
        indexes = (models.Index(fields=["order", "id"], name="ratings_span_of_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=["order"], name="ratings_span_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="ratings_span_forward",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.begun_at}"


class Appeal(models.Model):
    """Somebody does not agree with a finding: the person, or who was rated; another decides."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="appeals", db_index=False
    )
    by_person = models.BooleanField()
    wanted = models.CharField(max_length=14, choices=Finding.choices)
    reason = models.CharField(max_length=WORDS_LENGTH)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True, blank=True)
    made_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    is_upheld = models.BooleanField(null=True, blank=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)

    class Meta:
        indexes = (models.Index(fields=["order", "id"], name="ratings_appeal_of_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=["order"],
                name="ratings_appeal_one_open",
                condition=Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="ratings_appeal_decided_by_another",
                condition=Q(decided_by_id__isnull=True)
                | Q(made_by_id__isnull=True)
                | ~Q(decided_by_id=F("made_by_id")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.wanted} {self.made_at}"


# What goes to 12345 and to phones has its tables apart; Django looks here.
from circle15.ratings import hotline_models as _hotline_models  # noqa: E402, F401
from circle15.ratings import texting_models as _texting_models  # noqa: E402, F401
