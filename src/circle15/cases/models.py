"""Cases with their papers, clocks, notices, promises and deliveries, and every span of their life.

People and tickets are named by their uid, not joined: whoever takes a case in anywhere in the city
need not see the person's own area, and the case outlives both.
"""

from django.db import models
from django.db.models import F, Q

from circle15.cases.states import (
    OPEN,
    WAITING,
    CaseState,
    Channel,
    ClockKind,
    DeliveryWay,
    MaterialState,
    Mode,
    Outcome,
    PromiseState,
    Step,
)
from circle15.core.uids import new_uid
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
NOTE_LENGTH = 500
_IS_OPEN = Q(state__in=list(OPEN))


class Case(models.Model):
    """One matter of one person or organisation, from the first question to the result in hand."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    # County, day and a number without gaps; from the first submission on.
    number = models.CharField(max_length=24, blank=True)
    item_key = models.CharField(max_length=60)
    # The edition of the catalogue it was opened under: later editions change nothing for it.
    item_version_id = models.BigIntegerField()

    person_uid = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=NAME_LENGTH, blank=True)  # masked: 王*
    # Where the person is at home: decides which county's back office it goes to.
    person_path = models.CharField(max_length=AREA_LENGTH, blank=True)
    organisation_uid = models.UUIDField(null=True, blank=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    # Who acts for the person with a mandate (代办人).
    agent_uid = models.UUIDField(null=True, blank=True)
    agent_name = models.CharField(max_length=NAME_LENGTH, blank=True)  # masked

    channel = models.CharField(max_length=10, choices=Channel.choices)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.ORDINARY)
    # Where it was taken in; none for what came in online.
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    site_name = models.CharField(max_length=120, blank=True)
    ticket_uid = models.UUIDField(null=True, blank=True)
    # What that place may do with the item: handle, take_in or assist.
    authority = models.CharField(max_length=8, blank=True)

    # Seen by whom it was taken in with, and by the back office: row-level security reads both.
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    # "" until it is sent up.
    handler_path = models.CharField(max_length=AREA_LENGTH, db_collation="C", blank=True)

    state = models.CharField(max_length=16, choices=CaseState.choices)
    since = models.DateTimeField()
    # 首问负责: whoever spoke with the person first follows the case to its end.
    first_owner_id = models.BigIntegerField(null=True, blank=True)
    first_owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    owner_id = models.BigIntegerField(null=True, blank=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    # A/B 岗: whose place the owner takes while that one is absent.
    covered_id = models.BigIntegerField(null=True, blank=True)
    covered_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    answers = models.JSONField(default=dict)  # keys of questions and choices only
    form_sealed = models.TextField(blank=True)

    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    # All papers are there: from here on the proxy clock runs.
    complete_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    submitted_up_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # Copies of what the clocks say, for the lists.
    due_on = models.DateField(null=True, blank=True)
    is_forecast = models.BooleanField(default=False)
    statutory_on = models.DateField(null=True, blank=True)
    promise_due_on = models.DateField(null=True, blank=True)
    # Once late, always late (超期), whatever comes after.
    overdue_at = models.DateTimeField(null=True, blank=True)
    # The day it is wanted by, or where there is none the day it began to wait: orders the lists.
    urgent_on = models.DateField()

    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    basis = models.CharField(max_length=NOTE_LENGTH, blank=True)
    decision_note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    # Who wrote the conclusion a second person confirms.
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    result_number = models.CharField(max_length=30, blank=True)
    appeals = models.PositiveSmallIntegerField(default=0)

    # Whose submission it was, under which key: the same again is the same case.
    once_holder = models.CharField(max_length=160, blank=True)
    once_key = models.CharField(max_length=64, blank=True)
    is_synthetic = models.BooleanField(default=False)
    # In which the person filled it in at home: messages go out in it.
    language = models.CharField(max_length=8, default="zh-hans", db_default="zh-hans")

    class Meta:
        indexes = (
            models.Index(fields=["urgent_on", "id"], name="cases_case_urgent", condition=_IS_OPEN),
            models.Index(
                fields=["area_path", "urgent_on", "id"],
                name="cases_case_area_open",
                condition=_IS_OPEN,
            ),
            models.Index(
                fields=["handler_path", "urgent_on", "id"],
                name="cases_case_office_open",
                condition=_IS_OPEN,
            ),
            # Short lists that would have to be looked for among all that is open.
            models.Index(
                fields=["handler_path", "urgent_on", "id"],
                name="cases_case_queue",
                condition=Q(state__in=list(WAITING), owner_id__isnull=True) & ~Q(handler_path=""),
            ),
            models.Index(
                fields=["state", "urgent_on", "id"], name="cases_case_state", condition=_IS_OPEN
            ),
            models.Index(
                fields=["promise_due_on"],
                name="cases_case_promised",
                condition=Q(promise_due_on__isnull=False),
            ),
            models.Index(fields=["area_path", "id"], name="cases_case_area"),
            models.Index(fields=["handler_path", "id"], name="cases_case_office"),
            models.Index(
                fields=["owner_id", "urgent_on", "id"],
                name="cases_case_owner",
                condition=_IS_OPEN & Q(owner_id__isnull=False),
            ),
            models.Index(
                fields=["first_owner_id", "urgent_on", "id"],
                name="cases_case_first_owner",
                condition=_IS_OPEN & Q(first_owner_id__isnull=False),
            ),
            models.Index(
                fields=["person_uid", "id"],
                name="cases_case_person",
                condition=Q(person_uid__isnull=False),
            ),
            models.Index(
                fields=["organisation_uid", "id"],
                name="cases_case_organisation",
                condition=Q(organisation_uid__isnull=False),
            ),
            models.Index(
                fields=["agent_uid", "id"],
                name="cases_case_agent",
                condition=Q(agent_uid__isnull=False),
            ),
            models.Index(
                fields=["state", "since"],
                name="cases_case_before",
                condition=Q(state__in=["draft", "incomplete", "asked", "delivered"]),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["number"], name="cases_case_number_once", condition=~Q(number="")
            ),
            models.UniqueConstraint(
                fields=["once_holder", "once_key"],
                name="cases_case_once",
                condition=~Q(once_key=""),
            ),
            models.CheckConstraint(
                name="cases_case_of_somebody",
                condition=Q(person_uid__isnull=False) | Q(organisation_uid__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_case_numbered",
                condition=Q(state__in=["draft", "withdrawn", "lapsed"]) | ~Q(number=""),
            ),
            models.CheckConstraint(
                name="cases_case_decided_with_outcome",
                condition=Q(decided_at__isnull=True) | ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="cases_case_refused_with_basis",
                condition=~Q(outcome=Outcome.REFUSED) | ~Q(basis=""),
            ),
        )

    def __str__(self) -> str:
        return self.number or str(self.uid)


class CaseCounter(models.Model):
    """The last number of a county and day; the next is `last + 1` under the row's lock."""

    area_path = models.CharField(max_length=AREA_LENGTH)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_path", "day"], name="cases_counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.area_path} {self.day}: {self.last}"


class CaseSpan(models.Model):
    """A case in one state and in one person's hands, from when to when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="spans", db_index=False)
    state = models.CharField(max_length=16, choices=CaseState.choices)
    step = models.CharField(max_length=20, choices=Step.choices)  # what began it
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    actor_role = models.CharField(max_length=20)
    owner_id = models.BigIntegerField(null=True, blank=True)
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        indexes = (models.Index(fields=["case", "id"], name="cases_span_of_case"),)
        constraints = (
            models.UniqueConstraint(
                fields=["case"], name="cases_span_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="cases_span_forward",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.begun_at}"


class CaseMaterial(models.Model):
    """One paper a case asks for, and how it stands."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="materials", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    is_required = models.BooleanField()
    state = models.CharField(max_length=10, choices=MaterialState.choices)
    # Why a paper was not good enough, or how it was given from home.
    note = models.CharField(max_length=200, blank=True)
    # The system or register shared data was looked up in, and the day.
    source = models.CharField(max_length=60, blank=True, default="", db_default="")
    looked_up_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "key"], name="cases_material_once"),
            models.CheckConstraint(
                name="cases_material_shared_from",
                condition=~Q(state=MaterialState.SHARED)
                | ~Q(source="") & Q(looked_up_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class CaseFile(models.Model):
    """A photo or PDF, made safe, then sealed before it touched the disk."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files", db_index=False)
    # Of which paper; "" for a signature or a result.
    material_key = models.CharField(max_length=60, blank=True)
    # material, signature, result, notice, receipt
    purpose = models.CharField(max_length=10)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    # Keyed, so that it tells nothing about the contents to whoever reads the disk.
    digest = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=NAME_LENGTH)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["case", "id"], name="cases_file_of_case"),)

    def __str__(self) -> str:
        return str(self.uid)


class Notice(models.Model):
    """A one-time notice (一次性告知书): everything that is missing, once per case.

    A second one needs a supervisor and a reason, and is a finding.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices", db_index=False)
    seq = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=30, unique=True)
    # [{"key", "zh", "en", "why"}]: as printed, whatever becomes of the catalogue.
    lines = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=NAME_LENGTH)
    supervisor_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=NOTE_LENGTH, blank=True)
    is_finding = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "seq"], name="cases_notice_once"),
            models.CheckConstraint(
                name="cases_notice_second_explained",
                condition=Q(seq=1, is_finding=False)
                | Q(seq__gt=1, is_finding=True, supervisor_id__isnull=False) & ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Promise(models.Model):
    """Conditional intake (容缺受理): which papers follow, by when, on whose written word."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    # Of the person, for the record: who broke one gets none for a while.
    person_uid = models.UUIDField(null=True, blank=True)
    keys = models.JSONField()
    due_on = models.DateField()
    remind_on = models.DateField()  # the working day before
    state = models.CharField(max_length=8, choices=PromiseState.choices)
    made_at = models.DateTimeField()
    taken_by = models.CharField(max_length=NAME_LENGTH)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["due_on", "id"],
                name="cases_promise_due",
                condition=Q(state=PromiseState.OPEN),
            ),
            models.Index(
                fields=["person_uid"],
                name="cases_promise_person",
                condition=Q(state__in=[PromiseState.BROKEN, PromiseState.REVOKED]),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case"], name="cases_promise_one_open", condition=Q(state=PromiseState.OPEN)
            ),
            models.CheckConstraint(
                name="cases_promise_ended",
                condition=Q(state=PromiseState.OPEN, ended_at__isnull=True)
                | ~Q(state=PromiseState.OPEN) & Q(ended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.due_on} {self.state}"


class Clock(models.Model):
    """A deadline of a case in working days, with the days the person owed something left out."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=10, choices=ClockKind.choices)
    # 1 for the case itself, 2 for what an appeal began anew.
    round = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField()
    is_calendar = models.BooleanField(default=False)
    extended_days = models.PositiveSmallIntegerField(default=0)
    begun_on = models.DateField()
    pauses = models.JSONField(default=list)  # [["2026-03-02", "2026-03-05"], ["2026-03-09", null]]
    is_paused = models.BooleanField(default=False)
    # None while it stands still before its end.
    due_on = models.DateField(null=True, blank=True)
    half_on = models.DateField(null=True, blank=True)
    eve_on = models.DateField(null=True, blank=True)
    is_forecast = models.BooleanField(default=False)
    # Of the year tables it was counted with: others are known now, so it is counted again.
    calendar = models.CharField(max_length=16)
    warned_half_at = models.DateTimeField(null=True, blank=True)
    warned_eve_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    # The day it came to an end, in time or late; void for what was withdrawn or lapsed.
    stopped_on = models.DateField(null=True, blank=True)
    is_void = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["half_on"],
                name="cases_clock_half",
                condition=Q(stopped_on__isnull=True, warned_half_at__isnull=True, is_paused=False),
            ),
            models.Index(
                fields=["eve_on"],
                name="cases_clock_eve",
                condition=Q(stopped_on__isnull=True, warned_eve_at__isnull=True, is_paused=False),
            ),
            models.Index(
                fields=["due_on"],
                name="cases_clock_due",
                condition=Q(stopped_on__isnull=True, overdue_at__isnull=True),
            ),
            models.Index(
                fields=["calendar"],
                name="cases_clock_calendar",
                condition=Q(stopped_on__isnull=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["case", "kind", "round"], name="cases_clock_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class Delivery(models.Model):
    """How a result came to the person, and that it did."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    way = models.CharField(max_length=10, choices=DeliveryWay.choices)
    site_name = models.CharField(max_length=120, blank=True)
    tracking = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField()
    delivered_by = models.CharField(max_length=NAME_LENGTH)
    signed_at = models.DateTimeField(null=True, blank=True)
    # Who took it: the person, or the agent.
    signed_by = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        indexes = (models.Index(fields=["case", "id"], name="cases_delivery_of_case"),)
        constraints = (
            models.CheckConstraint(
                name="cases_delivery_post_tracked",
                condition=~Q(way=DeliveryWay.POST) | ~Q(tracking=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.way} {self.delivered_at}"


class Absence(models.Model):
    """Somebody is away from a day on, until a day: who has the B-post (B岗) takes over."""

    user_id = models.BigIntegerField()
    name = models.CharField(max_length=NAME_LENGTH)
    area_path = models.CharField(max_length=AREA_LENGTH)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=NAME_LENGTH)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["user_id", "since"],
                name="cases_absence_user",
                condition=Q(cancelled_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="cases_absence_forward",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.since}"


# What goes to the core platform and to partners, what is written and signed, what belongs together
# and what is done beside cases, has its tables apart, and so have their sums; Django looks here.
from circle15.cases import exchange_models as _exchange_models  # noqa: E402, F401
from circle15.cases import joint_models as _joint_models  # noqa: E402, F401
from circle15.cases import paper_models as _paper_models  # noqa: E402, F401
from circle15.cases import reading_models as _reading_models  # noqa: E402, F401
from circle15.cases import service_models as _service_models  # noqa: E402, F401
from circle15.cases import tally_models as _tally_models  # noqa: E402, F401
from circle15.cases import texting_models as _texting_models  # noqa: E402, F401
