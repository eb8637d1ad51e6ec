"""Targets and their changes."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Target",
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
                        default=circle15.core.uids.new_uid,
                        editable=False,
                        unique=True,
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=80)),
                ("area_name", models.CharField(max_length=80)),
                ("year", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("template", models.CharField(blank=True, max_length=40)),
                ("metric", models.CharField(max_length=40)),
                (
                    "op",
                    models.CharField(
                        choices=[("at_least", "不少于"), ("all", "全部")], max_length=10
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=8, null=True),
                ),
                ("due_on", models.DateField()),
                (
                    "force",
                    models.CharField(choices=[("hard", "确保"), ("soft", "力争")], max_length=6),
                ),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area_path", "year"], name="programme_target_area")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("op", "all"), ("value__isnull", True)),
                            models.Q(("op", "at_least"), ("value__gt", 0)),
                            _connector="OR",
                        ),
                        name="programme_target_value",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=80)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("old", models.JSONField()),
                ("new", models.JSONField()),
                ("reason", models.CharField(max_length=600)),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="programme.target",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="programme_target_change_why",
                    )
                ],
            },
        ),
    ]
