"""Keep photos to be read, and what was read, apart and behind row security."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_texting")]
    operations = [
        migrations.CreateModel(
            name="Reading",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("holder", models.CharField(max_length=60)),
                ("picture", models.BinaryField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待读取"),
                            ("working", "正在读取"),
                            ("done", "已读取"),
                            ("failed", "读不出"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("answer_sealed", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.casefile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "working"])),
                        fields=["id"],
                        name="cases_reading_open",
                    ),
                    models.Index(fields=["holder", "-id"], name="cases_reading_holder"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("picture__isnull", True)),
                            models.Q(("file__isnull", True), ("picture__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_reading_one_picture",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "done"), ("answer_sealed", ""), _connector="XOR"
                        ),
                        name="cases_reading_answered",
                    ),
                ],
            },
        ),
        by_area_path("cases_reading"),
    ]
