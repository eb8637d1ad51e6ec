"""Keep which cases were taken in together, seen with their site and with their case."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path, protect
from circle15.core.uids import new_uid

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0022_open_of_tallies"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="JointHandling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=new_uid, editable=False, unique=True)),
                ("event_key", models.CharField(max_length=40)),
                ("event_version", models.CharField(max_length=20)),
                ("person_uid", models.UUIDField()),
                ("person_name", models.CharField(max_length=80)),
                ("site_name", models.CharField(max_length=120)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("clerk_id", models.BigIntegerField()),
                ("clerk_name", models.CharField(max_length=80)),
                ("handled_at", models.DateTimeField()),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["handled_at", "site"], name="cases_joint_of_day")],
            },
        ),
        migrations.CreateModel(
            name="JointCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joined",
                        to="cases.case",
                    ),
                ),
                (
                    "joint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="cases.jointhandling",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("joint", "position"), name="cases_joint_case_once"
                    )
                ],
            },
        ),
        by_area_path("cases_jointhandling"),
        protect("cases_jointcase", OF_VISIBLE_CASE),
    ]
