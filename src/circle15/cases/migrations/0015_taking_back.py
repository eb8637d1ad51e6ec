"""Keep wishes to take back what was filed, seen with their case."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from circle15.areas.row_security import protect

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_readings"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoreTakeBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.CharField(max_length=200)),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("agreed", models.BooleanField(null=True)),
                ("ended_by_id", models.BigIntegerField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="core_take_backs",
                        to="cases.case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="take_backs",
                        to="cases.coremessage",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "id"], name="cases_core_back_of_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case",),
                        name="cases_core_back_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed__isnull", True), ("ended_at__isnull", True)),
                            models.Q(
                                ("agreed__isnull", False),
                                ("ended_at__isnull", False),
                                models.Q(("ended_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_core_back_ended_by_somebody",
                    ),
                ],
            },
        ),
        protect("cases_coretakeback", OF_VISIBLE_CASE),
    ]
