"""Pharmacies with their decisions, checks, price lists, demand reports and orders."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from circle15.areas.models import Division
from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.programme.pharmacy_states import ListState, PharmacyState, PharmacyStep
from circle15.sites.models import Site

if TYPE_CHECKING:
    from decimal import Decimal

AREA_LENGTH = 120
NAME_LENGTH = 80
WORDS_LENGTH = 500


def _money() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=12, decimal_places=2)


def _price() -> "models.DecimalField[Decimal, Decimal]":
    # A tablet may cost less than a cent.
    return models.DecimalField(max_digits=12, decimal_places=4)


def _area() -> "models.CharField[str, str]":
    return models.CharField(max_length=AREA_LENGTH, db_collation="C")


class Pharmacy(models.Model):
    """A designated pharmacy, and whether it is a convenience pharmacy."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    # The town it is registered under; where it stands is asked of the map.
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    # Its own site where it is one: then the site's manager sees it, otherwise the town's path.
    site = models.OneToOneField(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    area_path = _area()
    sort_key = models.TextField(db_collation="C")
    address = models.CharField(max_length=200, blank=True)
    # WGS-84
    lon = models.DecimalField(max_digits=9, decimal_places=6)
    lat = models.DecimalField(max_digits=9, decimal_places=6)
    conditions = models.JSONField(default=list)  # keys of those it meets
    state = models.CharField(max_length=10, choices=PharmacyState.choices)
    selected_on = models.DateField(null=True, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    barred_until = models.DateField(null=True, blank=True)
    # Who said the first word of the decision that is open.
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "sort_key"], name="pharmacies_shop_area"),)
        constraints = (
            models.CheckConstraint(
                name="pharmacies_shop_on_earth",
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
            models.CheckConstraint(
                name="pharmacies_shop_selected_on",
                condition=Q(state__in=["candidate", "proposed", "removed"])
                | Q(selected_on__isnull=False),
            ),
            models.CheckConstraint(
                name="pharmacies_shop_removed_barred",
                condition=~Q(state=PharmacyState.REMOVED)
                | Q(removed_on__isnull=False, barred_until__gt=F("removed_on")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class PharmacyEvent(models.Model):
    """A step of a pharmacy's life, never changed."""

    pharmacy = models.ForeignKey(Pharmacy, on_delete=models.CASCADE, related_name="events")
    area_path = _area()
    step = models.CharField(max_length=16, choices=PharmacyStep.choices)
    state = models.CharField(max_length=10, choices=PharmacyState.choices)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=NAME_LENGTH)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)

    def __str__(self) -> str:
        return f"{self.pharmacy_id} {self.step}"


class PharmacyCheck(models.Model):
    """What was found of the five unified things on a day."""

    pharmacy = models.ForeignKey(Pharmacy, on_delete=models.CASCADE, related_name="checks")
    area_path = _area()
    checked_on = models.DateField()
    met = models.JSONField()  # keys that are as they should be
    is_met = models.BooleanField()
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=NAME_LENGTH)

    def __str__(self) -> str:
        return f"{self.pharmacy_id} {self.checked_on}"


class PriceList(models.Model):
    """A list as it was handed in, with what is wrong with each row; written whole or not at all."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, on_delete=models.CASCADE, related_name="price_lists")
    area_path = _area()
    name = models.CharField(max_length=120)
    rows = models.JSONField()
    count = models.PositiveIntegerField()
    unusable = models.PositiveIntegerField()
    marked_up = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ListState.choices)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="pharmacies_list_applied_whole",
                condition=~Q(state=ListState.APPLIED) | Q(unusable=0, decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class DrugPrice(models.Model):
    """What a drug costs the pharmacy and the buyer from a day on; the history of its prices."""

    pharmacy = models.ForeignKey(Pharmacy, on_delete=models.CASCADE, related_name="prices")
    area_path = _area()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    spec = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12)
    procurement = _price()
    sale = _price()
    is_marked_up = models.BooleanField()
    priced_on = models.DateField()

    class Meta:
        indexes = (
            models.Index(fields=["pharmacy", "code", "-priced_on"], name="pharmacies_price_of"),
        )
        constraints = (
            models.CheckConstraint(
                name="pharmacies_price_marked_up",
                condition=Q(is_marked_up=True, sale__gt=F("procurement"))
                | Q(is_marked_up=False, sale__lte=F("procurement")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.sale}"


class DemandReport(models.Model):
    """What a pharmacy expects to need in a quarter, told in the month before it."""

    pharmacy = models.ForeignKey(Pharmacy, on_delete=models.CASCADE, related_name="demands")
    area_path = _area()
    quarter = models.CharField(max_length=8)
    due_on = models.DateField()
    kinds = models.PositiveIntegerField()
    amount = _money()
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    handed_at = models.DateTimeField()
    handed_by = models.CharField(max_length=NAME_LENGTH)
    is_late = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pharmacy", "quarter"], name="pharmacies_demand_once"),
        )

    def __str__(self) -> str:
        return f"{self.pharmacy_id} {self.quarter}"


class DrugOrder(models.Model):
    """An order of drugs: when it was placed, answered and delivered."""

    pharmacy = models.ForeignKey(Pharmacy, on_delete=models.CASCADE, related_name="orders")
    area_path = _area()
    number = models.CharField(max_length=40)
    amount = _money()
    placed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pharmacy", "number"], name="pharmacies_order_once"),
            models.CheckConstraint(
                name="pharmacies_order_forward",
                condition=(Q(answered_at__isnull=True) | Q(answered_at__gte=F("placed_at")))
                & (Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("placed_at"))),
            ),
        )

    def __str__(self) -> str:
        return self.number
