"""Agreements with banks and hospitals, their outlets, and the quarterly checks of these."""

from django.db import models
from django.db.models import F, Q

from circle15.accounts.models import Organisation
from circle15.core.uids import new_uid
from circle15.ledger.models import Evidence
from circle15.sites.models import Site

AREA_LENGTH = 120
NAME_LENGTH = 80
WORDS_LENGTH = 500


def _area() -> "models.CharField[str, str]":
    return models.CharField(max_length=AREA_LENGTH, db_collation="C")


class Agreement(models.Model):
    """What a bureau and an organisation agreed on, from a day to a day."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Kept beside it: who sees an outlet need not see the organisation.
    partner_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    # Hospitals of grade 2 and above that are public should all have a station.
    is_public_grade2 = models.BooleanField(default=False)
    area_path = _area()
    number = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_LENGTH)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    ended_why = models.CharField(max_length=WORDS_LENGTH, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["area_path", "ends_on"], name="partners_agreement_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "number"], name="partners_agreement_once"
            ),
            models.CheckConstraint(
                name="partners_agreement_forward", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="partners_agreement_ended_why",
                condition=Q(ended_on__isnull=True, ended_why="")
                | Q(ended_on__isnull=False) & ~Q(ended_why=""),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Outlet(models.Model):
    """A site that serves under an agreement, from a day until it leaves."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="outlets")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    area_path = _area()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    # Keys of items the catalogue gives to its kind and it does not offer.
    not_offered = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=["area_path"], name="partners_outlet_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=["site"], name="partners_outlet_one", condition=Q(until__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.site_id}"


class OutletCheck(models.Model):
    """What was found at an outlet on a day, never changed."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="checks")
    area_path = _area()
    checked_on = models.DateField()
    met = models.JSONField()
    is_met = models.BooleanField()
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=NAME_LENGTH)

    def __str__(self) -> str:
        return f"{self.outlet_id} {self.checked_on}"
