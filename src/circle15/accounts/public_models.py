"""Insured people at the online hall: codes and sessions, without a name or number in clear."""

import uuid

from django.db import models

from circle15.accounts.states import CodePurpose


class SignInCode(models.Model):
    """A code asked for: kept also for a number nobody has, so that both look the same."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    purpose = models.CharField(max_length=10, choices=CodePurpose.choices)
    # Of the identity number as it was typed.
    number_index = models.CharField(max_length=64)
    # Null where nobody has the number or no phone is known: such a code opens nothing.
    person_uid = models.UUIDField(null=True, blank=True)
    # "/" where nobody is known.
    area_path = models.CharField(max_length=160)
    # Who asks, where the code is the consent to a mandate; what it is about, without names.
    asked_by = models.UUIDField(null=True, blank=True)
    terms = models.JSONField(default=dict)
    code_sealed = models.TextField()
    phone_sealed = models.TextField(blank=True)
    # The last two digits shown; made up where there is no phone.
    phone_tail = models.CharField(max_length=2)
    address = models.GenericIPAddressField()
    made_at = models.DateTimeField()
    good_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["number_index", "made_at"], name="accounts_code_number"),
            models.Index(fields=["address", "made_at"], name="accounts_code_address"),
            models.Index(
                fields=["made_at"],
                name="accounts_code_waiting",
                condition=models.Q(
                    sent_at__isnull=True, dropped_at__isnull=True, person_uid__isnull=False
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)


class PublicSession(models.Model):
    """A signed-in insured person; the browser has the token, here is its digest."""

    # SM3 of 256 random bits, which need no slow hash.
    digest = models.CharField(max_length=64, primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    person_uid = models.UUIDField()
    area_path = models.CharField(max_length=160)
    provider = models.CharField(max_length=10)
    # The channel of what is handed in: of the app that led here, else the web.
    channel = models.CharField(max_length=10, default="web", db_default="web")
    # For whom (a person, an organisation) the person acts at present, by which mandate.
    acts_for = models.UUIDField(null=True, blank=True)
    mandate_uid = models.UUIDField(null=True, blank=True)
    address = models.GenericIPAddressField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["person_uid", "began_at"], name="accounts_public_person"),)
        constraints = (
            models.CheckConstraint(
                name="accounts_public_acts_by_mandate",
                condition=models.Q(acts_for__isnull=True, mandate_uid__isnull=True)
                | models.Q(acts_for__isnull=False, mandate_uid__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)
