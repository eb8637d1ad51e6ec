"""Registered machines with their one-time codes, behind row-level security."""

import uuid

from django.db import migrations, models

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_organisations_above")]
    operations = [
        migrations.AddField(
            "revokeddevice", "version", models.PositiveSmallIntegerField(default=32_767)
        ),
        migrations.CreateModel(
            "Device",
            [
                ("uid", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=40)),
                ("area_path", models.CharField(max_length=120)),
                ("site_name", models.CharField(max_length=120)),
                ("version", models.PositiveSmallIntegerField(default=0)),
                ("added_at", models.DateTimeField()),
                ("registered_at", models.DateTimeField(blank=True, null=True)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("code_index", models.CharField(blank=True, max_length=64)),
                ("code_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["area_path"],
                        name="accounts_device_path_like",
                        opclasses=["varchar_pattern_ops"],
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code_index", ""), _negated=True),
                        fields=("code_index",),
                        name="accounts_device_code_once",
                    )
                ],
            },
        ),
        by_area_path("accounts_device"),
    ]
