"""Mandates: who may act for which person or organisation, until when, and how it was agreed."""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.ledger.people.mandate_states import AgreedBy, Relation
from circle15.ledger.people.models import AREA_LENGTH, Person, ServedOrganisation


class Mandate(models.Model):
    """Somebody lets another act; the row lies in the area of whose business it is."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_held")
    principal = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="mandates_given", null=True, blank=True
    )
    organisation = models.ForeignKey(
        ServedOrganisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    area_path = models.CharField(max_length=AREA_LENGTH)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    agreed_by = models.CharField(max_length=10, choices=AgreedBy.choices)
    agreed_at = models.DateTimeField()
    since = models.DateField()
    until = models.DateField()
    # Masked names and accounts of staff, "public" for the people themselves.
    entered_by = models.CharField(max_length=80)
    # Somebody at a window or office has looked at it; without that no organisation's is in force.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["principal", "agreed_at"], name="ledger_mandate_given"),)
        constraints = (
            models.UniqueConstraint(
                fields=["agent", "principal"],
                name="ledger_mandate_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["agent", "organisation"],
                name="ledger_mandate_handler_once",
                condition=Q(ended_at__isnull=True, confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["agent", "organisation"],
                name="ledger_mandate_waiting_once",
                condition=Q(ended_at__isnull=True, confirmed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="ledger_mandate_of_one",
                condition=Q(principal__isnull=True, organisation__isnull=False)
                | Q(principal__isnull=False, organisation__isnull=True),
            ),
            models.CheckConstraint(
                name="ledger_mandate_confirmed_by",
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by=""),
            ),
            models.CheckConstraint(
                name="ledger_mandate_of_another", condition=~Q(agent=F("principal"))
            ),
            models.CheckConstraint(
                name="ledger_mandate_forward", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="ledger_mandate_ended_by",
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(ended_at__isnull=False) & ~Q(ended_by=""),
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)
