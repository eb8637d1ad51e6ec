"""Money: rounds, movements with their papers, accounts and their journal, looks at anomalies.

The database holds the books itself (migration of the same name): a movement never changes but to
be judged once, by another than who proposed it; lines are appended only and balance to the cent;
an account's balance follows its lines, and no account but a source goes below zero.
"""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.programme.funds_states import AccountKind, AnomalyAct, MoveKind, MoveState
from circle15.programme.rounds_models import Round
from circle15.sites.models import Site

_AREA_LENGTH, NAME_LENGTH, WORDS_LENGTH, KEY_LENGTH = 120, 80, 300, 24


class FundRound(models.Model):
    """A year or programme whose money is kept apart, of an area and everything below it.

    One asks to close it and says where the rest goes, another does: then nothing moves any more.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    begins_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    made_by_id = models.BigIntegerField(null=True)
    # The round of applications whose sites this money is for.
    applications = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, blank=True, related_name="fund_rounds"
    )
    # What is left in all hands, and where it goes: said by who asks to close.
    rest = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    rest_words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    closed_by_id = models.BigIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_path", "name"], name="funds_round_once"),
            models.CheckConstraint(
                name="funds_round_forward", condition=Q(ends_on__gt=F("begins_on"))
            ),
            models.CheckConstraint(
                name="funds_round_asked",
                condition=Q(asked_at__isnull=True, rest__isnull=True, asked_by="")
                | Q(asked_at__isnull=False, rest__gte=0) & ~Q(asked_by=""),
            ),
            models.CheckConstraint(
                name="funds_round_rest_said",
                condition=Q(rest__isnull=True) | Q(rest=0) | ~Q(rest_words=""),
            ),
            models.CheckConstraint(
                name="funds_round_closed_by_two",
                condition=Q(closed_at__isnull=True, closed_by="")
                | Q(closed_at__isnull=False, asked_at__isnull=False)
                & ~Q(closed_by="")
                & ~Q(closed_by=F("asked_by"), closed_by_id__isnull=True)
                & (
                    Q(asked_by_id__isnull=True)
                    | Q(closed_by_id__isnull=True)
                    | ~Q(closed_by_id=F("asked_by_id"))
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name


class FundMove(models.Model):
    """A movement of money with its paper: proposed by one, booked when another approves.

    Paths name who gives and who gets: a county, a city, or a site; "" is the source itself.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    # What was submitted twice has the same key and is one movement.
    key = models.CharField(max_length=64, unique=True)
    round = models.ForeignKey(FundRound, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10, choices=MoveKind.choices)
    # For a reversal the kind of what it takes back, else the kind.
    counts_as = models.CharField(max_length=10, choices=MoveKind.choices)
    state = models.CharField(max_length=10, choices=MoveState.choices, default=MoveState.PROPOSED)
    # The lower of both ends: who may see it.
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    from_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C", blank=True)
    to_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C", blank=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=KEY_LENGTH, blank=True)
    purpose = models.CharField(max_length=KEY_LENGTH, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    # The day of the paper: of the voucher, of the document that grants the money.
    dated_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    payee = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # SM3 of the file as it was handed in.
    file_digest = models.CharField(max_length=64, blank=True)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversals"
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=NAME_LENGTH)
    proposed_by_id = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    judged_by_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    booked_on = models.DateField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["round", "state", "kind"], name="funds_move_round"),
            models.Index(fields=["area_path", "-id"], name="funds_move_area"),
        )
        constraints = (
            models.CheckConstraint(name="funds_move_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="funds_move_reversal_of_one",
                condition=Q(kind=MoveKind.REVERSAL, reverses__isnull=False)
                | ~Q(kind=MoveKind.REVERSAL) & Q(reverses__isnull=True, counts_as=F("kind")),
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                name="funds_move_reversed_once",
                condition=Q(state__in=[MoveState.PROPOSED, MoveState.APPROVED]),
            ),
            models.CheckConstraint(
                name="funds_move_use_is_shown",
                condition=~Q(kind=MoveKind.USE)
                | ~Q(number="") & ~Q(payee="") & ~Q(purpose="") & ~Q(file_digest=""),
            ),
            models.CheckConstraint(
                name="funds_move_judged",
                condition=Q(state=MoveState.PROPOSED, judged_at__isnull=True)
                | ~Q(state=MoveState.PROPOSED) & Q(judged_at__isnull=False) & ~Q(judged_by=""),
            ),
            models.CheckConstraint(
                name="funds_move_by_two",
                condition=~Q(state=MoveState.APPROVED)
                | Q(booked_on__isnull=False)
                & ~Q(judged_by=F("proposed_by"), judged_by_id__isnull=True)
                & (
                    Q(proposed_by_id__isnull=True)
                    | Q(judged_by_id__isnull=True)
                    | ~Q(judged_by_id=F("proposed_by_id"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class FundAccount(models.Model):
    """Money of one source, at one place, in one round; the balance follows the lines."""

    round = models.ForeignKey(FundRound, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    source = models.CharField(max_length=KEY_LENGTH)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["round", "kind", "source", "area_path"], name="funds_account_once"
            ),
            models.CheckConstraint(
                name="funds_account_not_overdrawn",
                condition=Q(kind=AccountKind.SOURCE, balance__lte=0)
                | ~Q(kind=AccountKind.SOURCE) & Q(balance__gte=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.source} {self.area_path}"


class FundLine(models.Model):
    """One side of a booked movement: what comes in is above zero, what goes out below."""

    move = models.ForeignKey(FundMove, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(FundAccount, on_delete=models.PROTECT, related_name="lines")
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    booked_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["move", "account"], name="funds_line_once"),
            models.CheckConstraint(name="funds_line_of_something", condition=~Q(amount=0)),
        )

    def __str__(self) -> str:
        return f"{self.move_id} {self.amount}"


class FundLook(models.Model):
    """What an officer said of an anomaly: not one, or for the two who judge vetoes. Kept."""

    # The kind and the rows it was computed from: other rows are another anomaly.
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=KEY_LENGTH)
    veto = models.CharField(max_length=8)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    site_codes = models.JSONField()
    move_uids = models.JSONField()
    act = models.CharField(max_length=8, choices=AnomalyAct.choices)
    reason = models.CharField(max_length=WORDS_LENGTH)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=NAME_LENGTH)
    said_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["key", "-id"], name="funds_look_key"),)
        constraints = (
            models.CheckConstraint(name="funds_look_with_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.act}"


class FundRuleBook(models.Model):
    """A document that rules the use of money (资金使用制度) in an area, from a day on."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    area_path = models.CharField(max_length=_AREA_LENGTH, db_collation="C")
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=60)
    since = models.DateField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=NAME_LENGTH)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area_path", "number"], name="funds_rule_book_once"),
        )

    def __str__(self) -> str:
        return self.name
