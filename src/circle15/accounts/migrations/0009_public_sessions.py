"""One-time codes and sessions of insured people, behind row-level security."""

import uuid

from django.db import migrations, models

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_handlers")]
    operations = [
        migrations.CreateModel(
            "SignInCode",
            [
                ("uid", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("sign_in", "登录"), ("mandate", "同意代办")], max_length=10
                    ),
                ),
                ("number_index", models.CharField(max_length=64)),
                ("person_uid", models.UUIDField(blank=True, null=True)),
                ("area_path", models.CharField(max_length=160)),
                ("asked_by", models.UUIDField(blank=True, null=True)),
                ("terms", models.JSONField(default=dict)),
                ("code_sealed", models.TextField()),
                ("phone_sealed", models.TextField(blank=True)),
                ("phone_tail", models.CharField(max_length=2)),
                ("address", models.GenericIPAddressField()),
                ("made_at", models.DateTimeField()),
                ("good_until", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("misses", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["number_index", "made_at"], name="accounts_code_number"),
                    models.Index(fields=["address", "made_at"], name="accounts_code_address"),
                    models.Index(
                        condition=models.Q(
                            ("dropped_at__isnull", True),
                            ("person_uid__isnull", False),
                            ("sent_at__isnull", True),
                        ),
                        fields=["made_at"],
                        name="accounts_code_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "PublicSession",
            [
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("person_uid", models.UUIDField()),
                ("area_path", models.CharField(max_length=160)),
                ("provider", models.CharField(max_length=10)),
                ("acts_for", models.UUIDField(blank=True, null=True)),
                ("mandate_uid", models.UUIDField(blank=True, null=True)),
                ("address", models.GenericIPAddressField()),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_uid", "began_at"], name="accounts_public_person")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acts_for__isnull", True), ("mandate_uid__isnull", True)),
                            models.Q(("acts_for__isnull", False), ("mandate_uid__isnull", False)),
                            _connector="OR",
                        ),
                        name="accounts_public_acts_by_mandate",
                    )
                ],
            },
        ),
        by_area_path("accounts_signincode"),
        by_area_path("accounts_publicsession"),
    ]
