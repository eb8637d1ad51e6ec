"""Service sites and what stands in them: zones, equipment, signs, windows, hours, staff."""

from django.db import models

from circle15.accounts.models import Organisation, Person
from circle15.areas.models import Division
from circle15.sites.states import (
    EquipmentState,
    SignKind,
    SiteKind,
    SiteStatus,
    StaffSource,
    Weekday,
    ZoneState,
)


class Site(models.Model):
    """A place where insured people are served."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SiteKind.choices)
    status = models.CharField(max_length=10, choices=SiteStatus.choices, default=SiteStatus.OPEN)
    # The town or village the site stands in (a county hall hangs under the county).
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="sites")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    # The division's path and the site's own code: a site manager's area is one site.
    area_path = models.CharField(max_length=120, unique=True)
    sort_key = models.TextField(db_collation="C")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # WGS-84, converted at import from the declared system.
    lon = models.DecimalField(max_digits=9, decimal_places=6)
    lat = models.DecimalField(max_digits=9, decimal_places=6)
    opened_on = models.DateField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    # Raised by every change that may change a score; a stored score names the one it saw.
    facts_version = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (
            models.Index(fields=["sort_key", "id"], name="sites_site_sort"),
            models.Index(fields=["kind", "sort_key"], name="sites_site_kind_sort"),
            models.Index(
                fields=["area_path"], name="sites_site_path_like", opclasses=["varchar_pattern_ops"]
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="sites_site_on_earth",
                condition=models.Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A functional zone, by its fact name (`zone.guide`)."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="zones")
    key = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=ZoneState.choices)
    note = models.CharField(max_length=200, blank=True)

    # When somebody last said how it is; unknown for what was brought in by bulk.
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["site", "key"], name="sites_zone_once"),)

    def __str__(self) -> str:
        return self.key


class Equipment(models.Model):
    """One piece (or one lot) of equipment, by its fact name (`eq.scanner_ocr`)."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="equipment")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=80, blank=True)
    asset_no = models.CharField(max_length=40)
    quantity = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=8, choices=EquipmentState.choices, default=EquipmentState.WORKING
    )
    acquired_on = models.DateField(null=True, blank=True)

    # When somebody last said how it is; unknown for what was brought in by bulk.
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "asset_no"], name="sites_equipment_once"),
        )
        indexes = (models.Index(fields=["site", "key"], name="sites_equipment_key"),)

    def __str__(self) -> str:
        return f"{self.key} {self.asset_no}"


class Sign(models.Model):
    """A brand or wayfinding sign and what is wrong with it."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="signs")
    kind = models.CharField(max_length=10, choices=SignKind.choices)
    place = models.CharField(max_length=80)
    problem = models.CharField(max_length=200, blank=True)

    # When somebody last said how it is; unknown for what was brought in by bulk.
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "kind", "place"], name="sites_sign_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"


class Window(models.Model):
    """A service window."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="windows")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    is_comprehensive = models.BooleanField(default=True)
    is_green_channel = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="sites_window_once"),
        )

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a site is open on a weekday; extended hours (延时服务) are rows of their own."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()
    is_extended = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "weekday", "opens"], name="sites_hours_once"),
            models.CheckConstraint(
                name="sites_hours_forward", condition=models.Q(closes__gt=models.F("opens"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class StaffMember(models.Model):
    """A person serving at a site, since when and until when."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="staff")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    duty = models.CharField(max_length=60)
    is_full_time = models.BooleanField(default=True)
    # Empty where nobody has said it yet.
    source = models.CharField(max_length=12, choices=StaffSource.choices, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["site", "person"],
                name="sites_staff_once",
                condition=models.Q(until__isnull=True),
            ),
            models.CheckConstraint(
                name="sites_staff_ends_after_start",
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.duty} {self.person_id}"


class StaffSkill(models.Model):
    """An item of the catalogue that somebody of a site can handle alone."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="skills")
    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="skills")
    item = models.CharField(max_length=40)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "item"], name="sites_skill_once"),)

    def __str__(self) -> str:
        return f"{self.item} {self.member_id}"


class ItemTry(models.Model):
    """Whether an item could be handled at a site when somebody tried it. Only ever added."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="tries")
    item = models.CharField(max_length=40)
    tried_on = models.DateField()
    is_ready = models.BooleanField()
    lacking = models.CharField(max_length=200, blank=True)
    tried_at = models.DateTimeField()
    tried_by = models.CharField(max_length=80)

    class Meta:
        indexes = (
            models.Index(fields=["site", "item", "-tried_on", "-id"], name="sites_tries_of_item"),
        )
        constraints = (
            models.CheckConstraint(
                name="sites_try_lacks_or_is_ready",
                condition=models.Q(is_ready=True, lacking="")
                | models.Q(is_ready=False) & ~models.Q(lacking=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.tried_on}"
