"""People and organisations served, their registers, consents, needs and follow-ups.

Names, numbers and phones of people are sealed, each bound to its own row; keyed digests find them
again. Every row repeats the `area_path` of the division it belongs to: row-level security reads it.
"""

from django.db import models
from django.db.models import F, Q

from circle15.areas.models import Division
from circle15.core.uids import new_uid
from circle15.ledger.people.states import (
    AlarmKind,
    FollowUpState,
    Given,
    IdKind,
    Insurance,
    NeedState,
    Purpose,
    Source,
)

AREA_LENGTH = 120
REGISTER_LENGTH = 30


def _by_area(name: str) -> models.Index:
    return models.Index(
        fields=["area_path", "id"], name=name, opclasses=["varchar_pattern_ops", "int8_ops"]
    )


class Person(models.Model):
    """Somebody the circle serves, at home in a division."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=AREA_LENGTH)
    id_kind = models.CharField(max_length=10, choices=IdKind.choices, default=IdKind.RESIDENT)
    name_sealed = models.TextField(blank=True)
    id_number_sealed = models.TextField(blank=True)
    id_number_index = models.CharField(max_length=32, blank=True)
    phone_sealed = models.TextField(blank=True)
    # Not unique: a family often has one phone.
    phone_index = models.CharField(max_length=32, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    insurance = models.CharField(
        max_length=10, choices=Insurance.choices, default=Insurance.UNKNOWN
    )
    # Who broke a promise gets no conditional intake (容缺受理) before this day.
    barred_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    entered_at = models.DateTimeField()
    # The last time anybody looked after the entry, be it only to confirm it.
    touched_at = models.DateTimeField()
    touched_by = models.CharField(max_length=80)
    erase_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (
            _by_area("ledger_person_area"),
            models.Index(
                fields=["phone_index"],
                name="ledger_person_phone",
                condition=~Q(phone_index=""),
            ),
            models.Index(
                fields=["erase_on"], name="ledger_person_erase", condition=Q(erase_on__isnull=False)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["id_number_index"],
                name="ledger_person_id_once",
                condition=~Q(id_number_index=""),
            ),
            models.CheckConstraint(
                name="ledger_person_erased_is_empty",
                condition=Q(erased_at__isnull=True)
                | Q(
                    name_sealed="",
                    id_number_sealed="",
                    id_number_index="",
                    phone_sealed="",
                    phone_index="",
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)


class ServedOrganisation(models.Model):
    """An employer, a designated provider: its name is public, who answers its phone is not."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=AREA_LENGTH)
    name = models.CharField(max_length=120)
    sort_key = models.TextField(db_collation="C")
    credit_code = models.CharField(max_length=18, blank=True)
    # Of a designated provider, in the national list (H… or P…).
    provider_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contact_name_sealed = models.TextField(blank=True)
    contact_phone_sealed = models.TextField(blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    entered_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    touched_by = models.CharField(max_length=80)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (_by_area("ledger_served_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=["credit_code"],
                name="ledger_served_credit_once",
                condition=~Q(credit_code=""),
            ),
            models.UniqueConstraint(
                fields=["division", "name"],
                name="ledger_served_name_once",
                condition=Q(credit_code=""),
            ),
        )

    def __str__(self) -> str:
        return self.name


_OF_ONE = Q(person__isnull=False, organisation__isnull=True) | Q(
    person__isnull=True, organisation__isnull=False
)


class Membership(models.Model):
    """A person or organisation stands in a register, from a day on; `kind` says as what."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="memberships"
    )
    organisation = models.ForeignKey(
        ServedOrganisation, on_delete=models.PROTECT, null=True, related_name="memberships"
    )
    area_path = models.CharField(max_length=AREA_LENGTH)
    register = models.CharField(max_length=REGISTER_LENGTH)
    kind = models.CharField(max_length=30, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    entered_by = models.CharField(max_length=80)
    touched_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                fields=["register", "area_path", "touched_at"],
                name="ledger_membership_register",
                opclasses=["varchar_ops", "varchar_pattern_ops", "timestamptz_ops"],
                condition=Q(until__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(name="ledger_membership_of_one", condition=_OF_ONE),
            models.CheckConstraint(
                name="ledger_membership_forward",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                fields=["person", "register"],
                name="ledger_membership_person_once",
                condition=Q(until__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organisation", "register"],
                name="ledger_membership_served_once",
                condition=Q(until__isnull=True, organisation__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.register} {self.since}"


class Consent(models.Model):
    """A person agreed to a purpose; withdrawn as easily as given."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    area_path = models.CharField(max_length=AREA_LENGTH)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    how = models.CharField(max_length=10, choices=Given.choices)
    given_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "purpose"],
                name="ledger_consent_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="ledger_consent_withdrawn_by",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by=""),
            ),
            models.CheckConstraint(
                name="ledger_consent_forward",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.given_at:%F}"


class Need(models.Model):
    """What somebody served asked for; the words are sealed, people say all kinds of things."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="needs")
    organisation = models.ForeignKey(
        ServedOrganisation, on_delete=models.PROTECT, null=True, related_name="needs"
    )
    area_path = models.CharField(max_length=AREA_LENGTH)
    topic = models.CharField(max_length=30)
    words_sealed = models.TextField(blank=True)
    answer_sealed = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=NeedState.choices, default=NeedState.OPEN)
    asked_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["area_path", "asked_at"],
                name="ledger_need_open",
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
                condition=Q(state=NeedState.OPEN),
            ),
        )
        constraints = (
            models.CheckConstraint(name="ledger_need_of_one", condition=_OF_ONE),
            models.CheckConstraint(
                name="ledger_need_answered",
                condition=Q(state=NeedState.OPEN, answered_at__isnull=True)
                | ~Q(state=NeedState.OPEN) & Q(answered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.asked_at:%F}"


class FollowUp(models.Model):
    """A task made by a rule: to see somebody, at home as a rule, until a day."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="follow_ups")
    area_path = models.CharField(max_length=AREA_LENGTH)
    rule = models.CharField(max_length=30)
    # The rule's round, such as "2026-2" for the second half-year: once a round.
    turn = models.CharField(max_length=10)
    due_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=FollowUpState.choices, default=FollowUpState.OPEN
    )
    made_at = models.DateTimeField()
    visit_on = models.DateField(null=True, blank=True)
    # Of the home visit it became, in the room of visits.
    visit_uid = models.UUIDField(null=True, blank=True)
    planned_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    note_sealed = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["area_path", "due_on", "id"],
                name="ledger_followup_open",
                opclasses=["varchar_pattern_ops", "date_ops", "int8_ops"],
                condition=Q(state__in=[FollowUpState.OPEN, FollowUpState.PLANNED]),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["person", "rule", "turn"], name="ledger_followup_once"),
            models.CheckConstraint(
                name="ledger_followup_planned",
                condition=~Q(state=FollowUpState.PLANNED) | Q(visit_on__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_followup_ended",
                condition=Q(
                    state__in=[FollowUpState.OPEN, FollowUpState.PLANNED], ended_at__isnull=True
                )
                | ~Q(state__in=[FollowUpState.OPEN, FollowUpState.PLANNED])
                & Q(ended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.turn}"


class RevealAlarm(models.Model):
    """Somebody looked at more people in full than work explains; seen by the security admin."""

    user_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=80)
    # The area the person works in, not that of the people looked at.
    area_path = models.CharField(max_length=AREA_LENGTH)
    kind = models.CharField(max_length=4, choices=AlarmKind.choices)
    # The hour or the day, as a day and an hour: one alarm for each.
    turn = models.CharField(max_length=16)
    count = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user_id", "kind", "turn"], name="ledger_alarm_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.turn}"
