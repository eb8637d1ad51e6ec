"""Notices on the displays of a hall, behind row-level security by the hall's path."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0011_relay"),
        ("areas", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=80)),
                ("shown_from", models.DateField()),
                ("shown_until", models.DateField()),
                ("put_up_at", models.DateTimeField()),
                ("taken_down_at", models.DateTimeField(blank=True, null=True)),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="hall.hall",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("shown_until__gte", models.F("shown_from"))),
                        name="hall_notice_forward",
                    )
                ],
            },
        ),
        by_area_path("hall_boardnotice"),
    ]
