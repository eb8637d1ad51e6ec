"""Appointments: hours, slots, who booked what; all behind row-level security."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path

TABLES = (
    "appointment",
    "bookableitem",
    "bookingrules",
    "hoursexception",
    "notice",
    "openingseries",
    "place",
    "slot",
)


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0004_day_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=circle15.core.uids.new_uid, editable=False, unique=True
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "填写中"),
                            ("booked", "已预约"),
                            ("arrived", "已到厅"),
                            ("no_show", "未到"),
                            ("cancelled", "已取消"),
                            ("lapsed", "已过期"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "door",
                    models.CharField(
                        choices=[("public", "网上"), ("kiosk", "自助机"), ("counter", "窗口代约")],
                        max_length=8,
                    ),
                ),
                (
                    "pool",
                    models.CharField(
                        choices=[("public", "公众"), ("counter", "窗口")], max_length=8
                    ),
                ),
                ("item", models.CharField(max_length=60)),
                ("item_name", models.CharField(max_length=60)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("on", models.DateField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("code", models.CharField(blank=True, max_length=6)),
                ("held_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("booked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=120)),
                ("changes", models.PositiveSmallIntegerField(default=0)),
                ("ticket_uid", models.UUIDField(blank=True, null=True)),
                ("name_sealed", models.TextField(blank=True)),
                ("phone_sealed", models.TextField(blank=True)),
                ("id_number_sealed", models.TextField(blank=True)),
                ("person_index", models.CharField(blank=True, max_length=64)),
                ("origin_index", models.CharField(blank=True, max_length=64)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookableItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("item", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=60)),
                ("bring", models.CharField(blank=True, max_length=200)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookable",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookingRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("is_open", models.BooleanField(default=True)),
                ("days_ahead", models.PositiveSmallIntegerField(default=14)),
                ("notice_min", models.PositiveSmallIntegerField(default=30)),
                ("hold_min", models.PositiveSmallIntegerField(default=10)),
                ("early_min", models.PositiveSmallIntegerField(default=30)),
                ("late_min", models.PositiveSmallIntegerField(default=15)),
                ("made_until", models.DateField(blank=True, null=True)),
                (
                    "hall",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="booking_rules",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HoursException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("on", models.DateField()),
                ("reason", models.CharField(max_length=60)),
                ("opens", models.TimeField(blank=True, null=True)),
                ("closes", models.TimeField(blank=True, null=True)),
                ("slot_min", models.PositiveSmallIntegerField(default=15)),
                ("public_places", models.PositiveSmallIntegerField(default=0)),
                ("counter_places", models.PositiveSmallIntegerField(default=0)),
                ("is_extended", models.BooleanField(default=False)),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("booked", "预约成功"),
                            ("changed", "已改期"),
                            ("cancelled", "已取消"),
                            ("reminder", "到期提醒"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="hall.appointment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpeningSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("weekdays", models.CharField(max_length=7)),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                ("slot_min", models.PositiveSmallIntegerField()),
                ("public_places", models.PositiveSmallIntegerField()),
                ("counter_places", models.PositiveSmallIntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("is_extended", models.BooleanField(default=False)),
                ("on_makeup_days", models.BooleanField(default=True)),
                ("on_holidays", models.BooleanField(default=False)),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("public_places", models.PositiveSmallIntegerField()),
                ("public_taken", models.PositiveSmallIntegerField(default=0)),
                ("counter_places", models.PositiveSmallIntegerField()),
                ("counter_taken", models.PositiveSmallIntegerField(default=0)),
                ("is_extended", models.BooleanField(default=False)),
                ("is_conflict", models.BooleanField(default=False)),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                (
                    "appointment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="hall.appointment",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used",
                        to="hall.slot",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                fields=["hall", "on", "starts_at", "id"], name="hall_appointment_day"
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["held_until"],
                name="hall_appointment_held",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("state", "booked")),
                fields=["starts_at"],
                name="hall_appointment_due",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["person_index", "on"], name="hall_appointment_person"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["origin_index", "held_at"], name="hall_appointment_origin"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "booked")),
                fields=("person_index", "item"),
                name="hall_appointment_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("hall", "on", "code"),
                name="hall_appointment_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_until__isnull", False), ("state", "held")),
                    models.Q(("state", "held"), _negated=True),
                    _connector="OR",
                ),
                name="hall_appointment_held_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["booked", "arrived", "no_show", "cancelled"]), _negated=True
                    ),
                    models.Q(
                        ("booked_at__isnull", False),
                        models.Q(("code", ""), _negated=True),
                        models.Q(("person_index", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hall_appointment_booked_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ticket_uid__isnull", True), ("state", "arrived"), _connector="OR"
                ),
                name="hall_appointment_ticket_on_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookableitem",
            constraint=models.UniqueConstraint(fields=("hall", "item"), name="hall_bookable_once"),
        ),
        migrations.AddConstraint(
            model_name="bookableitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (5, 240))), name="hall_bookable_minutes"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("days_ahead__range", (1, 60)), ("hold_min__range", (2, 60))),
                name="hall_booking_rules_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.UniqueConstraint(
                fields=("hall", "on", "opens"), name="hall_exception_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes__isnull", True), ("opens__isnull", True)),
                    ("closes__gt", models.F("opens")),
                    _connector="OR",
                ),
                name="hall_exception_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot_min__range", (5, 240))), name="hall_exception_slots"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                fields=["due_at", "id"],
                name="hall_notice_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__regex", "^1?2?3?4?5?6?7?$")),
                name="hall_series_weekdays",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))), name="hall_series_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="openingseries",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="hall_series_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot_min__range", (5, 240))), name="hall_series_slots"
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(
                condition=models.Q(("is_conflict", True)),
                fields=["hall", "starts_at"],
                name="hall_slot_conflicts",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("hall", "starts_at"), name="hall_slot_once"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="hall_slot_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_taken__lte", models.F("public_places"))),
                name="hall_slot_public_not_oversold",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("counter_taken__lte", models.F("counter_places"))),
                name="hall_slot_counter_not_oversold",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                fields=("appointment", "slot"), name="hall_place_once"
            ),
        ),
        *(by_area_path(f"hall_{table}") for table in TABLES),
    ]
