"""What waits for the core platform and for partners, written in the transaction of its cause."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from circle15.cases.exchange_states import (
    IN_WORK,
    CallState,
    DifferenceKind,
    HookAlgorithm,
    HookEvent,
    MessageState,
)
from circle15.cases.models import Case


class CoreNumber(models.Model):
    """The last number of a message given under a code: never one twice, whatever the clock says."""

    fixmedins_code = models.CharField(max_length=12, primary_key=True)
    second = models.DateTimeField()
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.fixmedins_code} {self.second} {self.last}"


class CoreLine(models.Model):
    """How the line to the platform fares. One row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=80, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(name="cases_core_line_one", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"answered {self.answered_at}, failed {self.failed_at}"


class CoreMessage(models.Model):
    """One transaction of a case. What names or describes the person is sealed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="core_messages", db_index=False
    )
    infno = models.CharField(max_length=4)
    # The filing this one takes back.
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    # A case decided again after an appeal may file again.
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=8, choices=MessageState.choices, default=MessageState.WAITING
    )
    values_sealed = models.TextField(blank=True)
    # Number, kind of insurance and place of the person at the platform, once it has told.
    person_sealed = models.TextField(blank=True)
    # Given before the first sending, kept for every one after it.
    msgid = models.CharField(max_length=30, blank=True)
    enqueued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    infcode = models.IntegerField(null=True, blank=True)
    reply_id = models.CharField(max_length=30, blank=True)
    # The number under which the platform keeps the filing.
    declaration = models.CharField(max_length=30, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_core_due",
                condition=Q(state__in=list(IN_WORK)),
            ),
            models.Index(fields=["case", "id"], name="cases_core_of_case"),
            models.Index(
                fields=["checked_on", "id"],
                name="cases_core_check",
                condition=Q(state=MessageState.DONE, undoes__isnull=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case", "infno", "round"], name="cases_core_once_a_round"
            ),
            models.UniqueConstraint(
                fields=["msgid"], name="cases_core_msgid_once", condition=~Q(msgid="")
            ),
            models.CheckConstraint(
                name="cases_core_sent_with_msgid",
                condition=~Q(state__in=["sending", "unsure"]) | ~Q(msgid=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.infno} {self.state}"


class CoreTakeBack(models.Model):
    """A wish to undo what was filed by mistake, until somebody carries it out or turns it down."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="core_take_backs", db_index=False
    )
    message = models.ForeignKey(
        CoreMessage, on_delete=models.CASCADE, related_name="take_backs", db_index=False
    )
    reason = models.CharField(max_length=200)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["case", "id"], name="cases_core_back_of_case"),)
        constraints = (
            models.UniqueConstraint(
                fields=["case"], name="cases_core_back_once", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="cases_core_back_ended_by_somebody",
                condition=Q(ended_at__isnull=True, agreed__isnull=True)
                | Q(ended_at__isnull=False, agreed__isnull=False) & ~Q(ended_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"take back {self.message_id}"

    def end(self, *, agreed: bool, by_id: int | None, by: str, at: datetime) -> None:
        """Say who ended it and how; the caller saves."""
        self.agreed, self.ended_by_id, self.ended_by, self.ended_at = agreed, by_id, by[:80], at


class CoreDifference(models.Model):
    """What the daily comparison found, until somebody settles it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="core_differences", db_index=False
    )
    message = models.ForeignKey(
        CoreMessage, on_delete=models.CASCADE, related_name="differences", db_index=False
    )
    kind = models.CharField(max_length=8, choices=DifferenceKind.choices)
    # Names of fields and numbers of filings; never what they say of the person.
    detail = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["id"], name="cases_core_diff_open", condition=Q(settled_at__isnull=True)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["message", "kind", "detail"],
                name="cases_core_diff_once",
                condition=Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_core_diff_settled_by_somebody",
                condition=Q(settled_at__isnull=True) | ~Q(settled_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class Webhook(models.Model):
    """Where the holder of a token wants to be told what happens to the cases of the area."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # It lives as long as the token it was made with.
    token_uid = models.UUIDField()
    user_id = models.BigIntegerField()
    area_path = models.CharField(max_length=120, db_collation="C")
    url = models.CharField(max_length=300)
    events = models.JSONField()
    algorithm = models.CharField(max_length=12, choices=HookAlgorithm.choices)
    secret_sealed = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["area_path"], name="cases_hook_area", condition=Q(ended_at__isnull=True)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["token_uid", "url"],
                name="cases_hook_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_hook_forward",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")),
            ),
        )

    def __str__(self) -> str:
        return self.url


class WebhookCall(models.Model):
    """One thing to be told to one partner, until it says it has it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="calls", db_index=False
    )
    area_path = models.CharField(max_length=120)  # of the webhook
    event = models.CharField(max_length=20, choices=HookEvent.choices)
    # As it is signed and sent: numbers and states, no person.
    body = models.TextField()
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=CallState.choices, default=CallState.WAITING)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_hook_due",
                condition=Q(state=CallState.WAITING),
            ),
            models.Index(fields=["webhook", "id"], name="cases_hook_calls"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
