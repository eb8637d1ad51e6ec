"""Appointments: opening series and exceptions, slots with their places, who booked what."""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.hall.booking_states import HOLDS_PLACES, AppointmentState, Door, NoticeKind, Pool
from circle15.hall.models import Hall


class BookingRules(models.Model):
    """Whether and how a hall takes appointments. Its row is the lock of the hall's calendar."""

    hall = models.OneToOneField(Hall, on_delete=models.PROTECT, related_name="booking_rules")
    area_path = models.CharField(max_length=120)
    is_open = models.BooleanField(default=True)
    days_ahead = models.PositiveSmallIntegerField(default=14)
    # Until so many minutes before its begin a slot can be booked.
    notice_min = models.PositiveSmallIntegerField(default=30)
    # How long a place is kept while the form is filled in.
    hold_min = models.PositiveSmallIntegerField(default=10)
    # From when until when around the begin one can check in; later it is a no-show.
    early_min = models.PositiveSmallIntegerField(default=30)
    late_min = models.PositiveSmallIntegerField(default=15)
    # Slots exist up to and with this day; empty: to be made anew.
    made_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hall_booking_rules_sane",
                condition=Q(days_ahead__range=(1, 60), hold_min__range=(2, 60)),
            ),
        )

    def __str__(self) -> str:
        return self.area_path


class BookableItem(models.Model):
    """What one can book for in a hall, and how long it takes."""

    hall = models.ForeignKey(
        Hall, on_delete=models.CASCADE, related_name="bookable", db_index=False
    )
    area_path = models.CharField(max_length=120)
    item = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    bring = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "item"], name="hall_bookable_once"),
            models.CheckConstraint(
                name="hall_bookable_minutes", condition=Q(minutes__range=(5, 240))
            ),
        )

    def __str__(self) -> str:
        return self.name


class OpeningSeries(models.Model):
    """Hours that return every week, with the places of each slot."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="series")
    area_path = models.CharField(max_length=120)
    weekdays = models.CharField(max_length=7)  # "12345": Monday to Friday
    opens = models.TimeField()
    closes = models.TimeField()
    slot_min = models.PositiveSmallIntegerField()
    public_places = models.PositiveSmallIntegerField()
    counter_places = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    is_extended = models.BooleanField(default=False)  # 延时服务
    on_makeup_days = models.BooleanField(default=True)  # weekend days worked for a holiday
    on_holidays = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hall_series_weekdays", condition=Q(weekdays__regex="^1?2?3?4?5?6?7?$")
            ),
            models.CheckConstraint(name="hall_series_forward", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(
                name="hall_series_ends", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.CheckConstraint(name="hall_series_slots", condition=Q(slot_min__range=(5, 240))),
        )

    def __str__(self) -> str:
        return f"{self.weekdays} {self.opens:%H:%M}-{self.closes:%H:%M}"


class HoursException(models.Model):
    """A day on which the series do not hold: closed, or other hours (one row a stretch)."""

    hall = models.ForeignKey(
        Hall, on_delete=models.CASCADE, related_name="exceptions", db_index=False
    )
    area_path = models.CharField(max_length=120)
    on = models.DateField()
    reason = models.CharField(max_length=60)
    # Without hours the hall is closed.
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    slot_min = models.PositiveSmallIntegerField(default=15)
    public_places = models.PositiveSmallIntegerField(default=0)
    counter_places = models.PositiveSmallIntegerField(default=0)
    is_extended = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "on", "opens"], name="hall_exception_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="hall_exception_hours",
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(closes__gt=F("opens")),
            ),
            models.CheckConstraint(
                name="hall_exception_slots", condition=Q(slot_min__range=(5, 240))
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"


class Slot(models.Model):
    """A stretch of time with its places. The checks are the second wall against overbooking."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="slots", db_index=False)
    area_path = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    public_places = models.PositiveSmallIntegerField()
    public_taken = models.PositiveSmallIntegerField(default=0)
    counter_places = models.PositiveSmallIntegerField()
    counter_taken = models.PositiveSmallIntegerField(default=0)
    is_extended = models.BooleanField(default=False)
    # More is booked than the hours now allow: sells no further place, the manager decides.
    is_conflict = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "starts_at"], name="hall_slot_once"),
            models.CheckConstraint(
                name="hall_slot_forward", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="hall_slot_public_not_oversold",
                condition=Q(public_taken__lte=F("public_places")),
            ),
            models.CheckConstraint(
                name="hall_slot_counter_not_oversold",
                condition=Q(counter_taken__lte=F("counter_places")),
            ),
        )
        indexes = (
            models.Index(
                fields=["hall", "starts_at"],
                name="hall_slot_conflicts",
                condition=Q(is_conflict=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%F %H:%M}"


class Appointment(models.Model):
    """A time kept for a person. Name, phone and number are sealed; whoever has the link may act."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    hall = models.ForeignKey(
        Hall, on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=AppointmentState.choices)
    door = models.CharField(max_length=8, choices=Door.choices)
    pool = models.CharField(max_length=8, choices=Pool.choices)
    item = models.CharField(max_length=60)
    item_name = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    on = models.DateField()  # the hall's day of `starts_at`
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    code = models.CharField(max_length=6, blank=True)  # typed at the kiosk on the day
    held_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # arrived, missed, cancelled, lapsed
    end_reason = models.CharField(max_length=120, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)
    ticket_uid = models.UUIDField(null=True, blank=True)
    name_sealed = models.TextField(blank=True)
    phone_sealed = models.TextField(blank=True)
    id_number_sealed = models.TextField(blank=True)
    person_index = models.CharField(max_length=64, blank=True)
    # From which address places are held (blind index), for the limit of unfinished ones.
    origin_index = models.CharField(max_length=64, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["hall", "on", "starts_at", "id"], name="hall_appointment_day"),
            models.Index(
                fields=["held_until"],
                name="hall_appointment_held",
                condition=Q(state=AppointmentState.HELD),
            ),
            models.Index(
                fields=["starts_at"],
                name="hall_appointment_due",
                condition=Q(state=AppointmentState.BOOKED),
            ),
            models.Index(fields=["person_index", "on"], name="hall_appointment_person"),
            models.Index(fields=["origin_index", "held_at"], name="hall_appointment_origin"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["person_index", "item"],
                name="hall_appointment_one_open",
                condition=Q(state=AppointmentState.BOOKED),
            ),
            models.UniqueConstraint(
                fields=["hall", "on", "code"],
                name="hall_appointment_code_once",
                condition=~Q(code=""),
            ),
            models.CheckConstraint(
                name="hall_appointment_held_until",
                condition=Q(state=AppointmentState.HELD, held_until__isnull=False)
                | ~Q(state=AppointmentState.HELD),
            ),
            models.CheckConstraint(
                name="hall_appointment_booked_whole",
                condition=~Q(state__in=["booked", "arrived", "no_show", "cancelled"])
                | Q(booked_at__isnull=False) & ~Q(code="") & ~Q(person_index=""),
            ),
            models.CheckConstraint(
                name="hall_appointment_ticket_on_arrival",
                condition=Q(ticket_uid__isnull=True) | Q(state=AppointmentState.ARRIVED),
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.code}"

    @property
    def holds_places(self) -> bool:
        return self.state in HOLDS_PLACES


class Place(models.Model):
    """One place of a slot in an appointment: there are as many as the slot counts as taken."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="places", db_index=False
    )
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="used")
    area_path = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["appointment", "slot"], name="hall_place_once"),
        )

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.slot_id}"


class Notice(models.Model):
    """A message to whoever booked, waiting to be sent; its words are made when it goes."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="notices")
    area_path = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at", "id"],
                name="hall_notice_waiting",
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"
