"""Halls, lanes, tickets with the spans of their life, announcements, and who sits at a window."""

from django.db import models
from django.db.models import F, Q

from circle15.core.uids import new_uid
from circle15.hall.states import (
    AT_WINDOW,
    AnnouncementKind,
    LaneKind,
    Source,
    Step,
    TicketState,
)
from circle15.sites.models import Site, Window
from circle15.sites.states import Weekday


class Hall(models.Model):
    """The queue of a site and its rules."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="hall")
    area_path = models.CharField(max_length=120)
    takes_tickets = models.BooleanField(default=True)
    # After so many calls without an answer the ticket counts as a no-show.
    call_limit = models.PositiveSmallIntegerField(default=3)
    # So many of the green channel in a row while others wait.
    green_ratio = models.PositiveSmallIntegerField(default=2)
    # Whoever has waited longer comes first, whatever the lane.
    longest_wait_min = models.PositiveSmallIntegerField(default=30)
    keeps_overnight = models.BooleanField(default=False)
    # It has its own instance, which tells what happens: here nobody takes or calls a number.
    runs_itself = models.BooleanField(default=False)
    last_event = models.BigIntegerField(default=0)
    green_streak = models.PositiveSmallIntegerField(default=0)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hall_hall_rules_positive",
                condition=Q(call_limit__gte=1, green_ratio__gte=1, longest_wait_min__gte=1),
            ),
        )

    def __str__(self) -> str:
        return self.area_path


class Lane(models.Model):
    """A line of people in a hall; its code begins their numbers."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="lanes", db_index=False)
    area_path = models.CharField(max_length=120)
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=LaneKind.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "code"], name="hall_lane_once"),
            models.CheckConstraint(
                name="hall_lane_code_letters", condition=Q(code__regex="^[A-Z]{1,2}$")
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ElderPeak(models.Model):
    """Hours in which many old people come: they are called first, without the ratio."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="peaks", db_index=False)
    area_path = models.CharField(max_length=120)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "weekday", "opens"], name="hall_peak_once"),
            models.CheckConstraint(name="hall_peak_forward", condition=Q(closes__gt=F("opens"))),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Counter(models.Model):
    """The last number given in a lane on a day; the next is `last + 1` under the row's lock."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=120)
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "day", "lane"], name="hall_counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.lane_id}: {self.last}"


class Ticket(models.Model):
    """A person in the queue, without a name."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    area_path = models.CharField(max_length=120)
    day = models.DateField()
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=LaneKind.choices)  # the lane's
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=12)
    # The order of the queue: the own id, or what a transfer brought along. Never a clock.
    place = models.BigIntegerField()
    green_class = models.CharField(max_length=20, blank=True)
    green_reason = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    device_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=TicketState.choices)
    since = models.DateTimeField()
    # From when the waiting counts: a transfer keeps it, coming back begins anew.
    queued_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    calls = models.PositiveSmallIntegerField(default=0)
    # Where it was called or is served.
    window = models.ForeignKey(
        Window,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        db_index=False,
    )
    # Bound to this window; others may not call it.
    for_window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    clerk_id = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    appointment_uid = models.UUIDField(null=True, blank=True)
    # The ticket of another hall this one goes on from.
    came_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="onward"
    )
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["hall", "place"],
                name="hall_ticket_waiting",
                condition=Q(state=TicketState.WAITING),
            ),
            models.Index(
                fields=["hall", "state"],
                name="hall_ticket_at_work",
                condition=Q(state__in=[TicketState.CALLED, TicketState.SERVING, TicketState.HELD]),
            ),
            models.Index(
                fields=["appointment_uid"],
                name="hall_ticket_appointment",
                condition=Q(appointment_uid__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "day", "lane", "number"], name="hall_ticket_number_once"
            ),
            models.UniqueConstraint(
                fields=["window"],
                name="hall_ticket_one_at_window",
                condition=Q(state__in=list(AT_WINDOW)),
            ),
            models.CheckConstraint(
                name="hall_ticket_at_window",
                condition=Q(state__in=list(AT_WINDOW), window__isnull=False)
                | ~Q(state__in=list(AT_WINDOW)),
            ),
            models.CheckConstraint(name="hall_ticket_numbers_from_1", condition=Q(number__gte=1)),
        )

    def __str__(self) -> str:
        return self.label


class TicketItem(models.Model):
    """What a person came for; several on one ticket."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    area_path = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=60)
    done = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ticket", "position"], name="hall_item_once"),
        )

    def __str__(self) -> str:
        return self.item


class Span(models.Model):
    """A ticket in one state, from when to when; states at rest have no length."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="spans", db_index=False
    )
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=TicketState.choices)
    step = models.CharField(max_length=12, choices=Step.choices)  # what began it
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=80)
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (models.Index(fields=["ticket", "id"], name="hall_span_of_ticket"),)
        constraints = (
            models.UniqueConstraint(
                fields=["ticket"], name="hall_span_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="hall_span_forward",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.begun_at}"


class Announcement(models.Model):
    """What a hall's displays show and say: without gaps, in the order of the commits."""

    hall = models.ForeignKey(
        Hall, on_delete=models.PROTECT, related_name="announcements", db_index=False
    )
    area_path = models.CharField(max_length=120)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=AnnouncementKind.choices)
    label = models.CharField(max_length=12, blank=True)
    window_number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "seq"], name="hall_announcement_once"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.label}"


class WindowSession(models.Model):
    """A clerk at a window, from opening to closing."""

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="sessions")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="sessions")
    area_path = models.CharField(max_length=120)
    user_id = models.BigIntegerField()
    clerk_name = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["window"], name="hall_session_window", condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["user_id"], name="hall_session_user", condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.window_id} {self.begun_at}"


class Pause(models.Model):
    """A break of a window, kept for the statistics."""

    session = models.ForeignKey(WindowSession, on_delete=models.CASCADE, related_name="pauses")
    area_path = models.CharField(max_length=120)
    reason = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["session"], name="hall_pause_one_open", condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.reason


class Cover(models.Model):
    """A is absent: B's window calls what is bound to A's too (A/B岗)."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="covers", db_index=False)
    area_path = models.CharField(max_length=120)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")  # A's
    by_window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")  # B's
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=["hall", "id"], name="hall_cover_of_hall"),)
        constraints = (
            models.UniqueConstraint(
                fields=["window"], name="hall_cover_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="hall_cover_not_itself", condition=~Q(window=F("by_window"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.window_id} -> {self.by_window_id}"


class WindowSkill(models.Model):
    """A window that takes only some lanes or items; without a row it takes everything."""

    window = models.ForeignKey(
        Window, on_delete=models.CASCADE, related_name="skills", db_index=False
    )
    area_path = models.CharField(max_length=120)
    lane = models.ForeignKey(
        Lane, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    item = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["window", "lane", "item"], name="hall_skill_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="hall_skill_lane_or_item",
                condition=Q(lane__isnull=False, item="") | Q(lane__isnull=True) & ~Q(item=""),
            ),
        )

    def __str__(self) -> str:
        return self.item or str(self.lane_id)


class HallDay(models.Model):
    """The figures of a finished day, as they were written into the ledger."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="days", db_index=False)
    area_path = models.CharField(max_length=120)
    day = models.DateField()
    came = models.PositiveIntegerField()
    served = models.PositiveIntegerField()
    unfinished = models.PositiveIntegerField()
    no_shows = models.PositiveIntegerField()
    # Seconds; none where nobody was called or nothing was done on the spot.
    wait_mean_s = models.FloatField(null=True)
    wait_p90_s = models.FloatField(null=True)
    # {whole minutes waited: how many}: days and halls add up, percentiles do not.
    waits = models.JSONField(default=dict)
    instant_items = models.PositiveIntegerField()
    instant_s = models.FloatField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hall", "day"], name="hall_day_once"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.day}"


# Appointments, notices and the line to the city have their tables apart; Django looks here.
from circle15.hall import board_models as _board_models  # noqa: E402, F401
from circle15.hall import booking_models as _booking_models  # noqa: E402, F401
from circle15.hall import relay_models as _relay_models  # noqa: E402, F401
