"""Organisations, people, posts, and the login accounts of staff."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.crypto import salted_hmac

from circle15.accounts.states import DeviceKind, OrganisationKind, Role, TokenChannel, TokenScope
from circle15.areas.models import Division


class Organisation(models.Model):
    """A bureau, town government, hospital, pharmacy, bank or third party."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    # Unified social credit code; some village committees have none.
    credit_code = models.CharField(max_length=18, blank=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT)
    area_path = models.CharField(max_length=80)
    sort_key = models.TextField(db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["division", "name"], name="accounts_org_once"),
            models.UniqueConstraint(
                fields=["credit_code"],
                name="accounts_org_credit_code_once",
                condition=~models.Q(credit_code=""),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A member of staff. Name, phone and ID number are sealed; the index finds them again."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_sealed = models.TextField()
    phone_sealed = models.TextField(blank=True)
    id_number_sealed = models.TextField(blank=True)
    id_number_index = models.CharField(max_length=64, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    area_path = models.CharField(max_length=80)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["id_number_index"],
                name="accounts_person_id_once",
                condition=~models.Q(id_number_index=""),
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)


class UserManager(BaseUserManager["User"]):
    """Finds an account by its name."""


class User(AbstractBaseUser):
    """A login account of a member of staff: no personal data, hence no area."""

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)
    totp_sealed = models.TextField(blank=True)
    totp_confirmed_at = models.DateTimeField(null=True, blank=True)
    # The last accepted 30-second step: a code opens once only.
    totp_last_step = models.BigIntegerField(default=0)
    # Failed logins before this moment no longer make anyone wait.
    lock_lifted_at = models.DateTimeField(null=True, blank=True)
    # Part of every session: raising it ends them all at the next request.
    epoch = models.PositiveIntegerField(default=0)
    must_change_password = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def get_session_auth_hash(self) -> str:
        value = f"{self.password}:{self.epoch}:{self.is_active}"
        return salted_hmac("circle15.session", value, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> list[str]:
        """Return none: an old key ends the session instead of living on."""
        return []


# Clauses: W-02
class Post(models.Model):
    """What a person does where: role and area, since when, and whose B-post (B岗) it is."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Role.choices)
    # The division's or the site's path: everything under it is the post's area.
    area_path = models.CharField(max_length=80)
    area_name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    covers = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="covered_by"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="accounts_post_ends_after_start",
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.area_path}"


class LoginAttempt(models.Model):
    """One try to log in, for the waiting time of a name and the hourly limits.

    The name is kept as its blind index: people type passwords into the wrong field.
    """

    at = models.DateTimeField()
    username_index = models.CharField(max_length=64)
    address = models.GenericIPAddressField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = (
            models.Index(fields=["username_index", "at"], name="accounts_attempt_name"),
            models.Index(fields=["address", "at"], name="accounts_attempt_address"),
        )

    def __str__(self) -> str:
        return f"{self.username_index[:8]} {self.at:%F %T}"


class RevokedDevice(models.Model):
    """A kiosk, display or pad whose token is no longer good, though not yet expired."""

    device_id = models.UUIDField(primary_key=True)
    # Tokens up to this version; a machine registered anew gets the next one.
    version = models.PositiveSmallIntegerField(default=32_767)
    area_path = models.CharField(max_length=120)
    revoked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.device_id)


class Device(models.Model):
    """A registered kiosk, display or pad and the site it stands in."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=40)
    area_path = models.CharField(max_length=120)
    site_name = models.CharField(max_length=120)
    # Of the last code given; a token of an earlier version is no longer good.
    version = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    # The one-time code, as its blind index; empty when used.
    code_index = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["area_path"],
                name="accounts_device_path_like",
                opclasses=["varchar_pattern_ops"],
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["code_index"],
                name="accounts_device_code_once",
                condition=~models.Q(code_index=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def kind_name(self) -> str:
        return str(DeviceKind(self.kind).label)


class GivenAnswer(models.Model):
    """What a submission with a once-only key was answered, so that its repetition gets the same."""

    pk = models.CompositePrimaryKey("holder", "key")
    holder = models.CharField(max_length=160)
    key = models.CharField(max_length=64)
    area_path = models.CharField(max_length=160)
    # Of the submission: the same key with other contents is a mistake.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        # Written in the order of time, swept by it: the smallest index there is will do.
        indexes = (BrinIndex(fields=["at"], name="accounts_answer_at"),)

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"


class ApiToken(models.Model):
    """A person's token for programs: one post of one account, for a while."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, db_constraint=False)
    name = models.CharField(max_length=40)
    scope = models.CharField(max_length=8, choices=TokenScope.choices, default=TokenScope.ALL)
    channel = models.CharField(
        max_length=10,
        choices=TokenChannel.choices,
        default=TokenChannel.AS_SAID,
        db_default="",
        blank=True,
    )
    # 256 random bits need no slow hash.
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["user", "made_at"], name="accounts_token_user"),)

    def __str__(self) -> str:
        return str(self.uid)


class AnonymousVisits(models.Model):
    """How many requests without a name came from an address, this minute and the one before."""

    address = models.GenericIPAddressField(primary_key=True)
    minute = models.BigIntegerField()
    now_count = models.PositiveIntegerField()
    before_count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.address


# What insured people sign in with has its tables apart; Django looks here.
from circle15.accounts import public_models as _public_models  # noqa: E402, F401
