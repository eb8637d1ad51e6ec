"""Keep appraisals, awards, results of a year and typical cases, each in its area only."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import SCOPE, by_area_path, protect


PUBLISHED = f"(state = 'published' AND {SCOPE} IS NOT NULL)"
IN_AREA = f"starts_with(area_path, {SCOPE})"
OF_VISIBLE_CASE = (
    "EXISTS (SELECT FROM assessments_typicalcase WHERE assessments_typicalcase.id = case_id)"
)
TABLES = ("appraisal", "award", "presence", "yearresult")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0008_inspection_row_security"),
        ("ledger", "0008_handlers"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="TypicalCase",
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
                ("site_name", models.CharField(blank=True, max_length=120)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("year", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已报送"),
                            ("chosen", "已入选"),
                            ("published", "已刊发"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField()),
                ("written_by_id", models.BigIntegerField(blank=True, null=True)),
                ("written_by", models.CharField(max_length=80)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("chosen_at", models.DateTimeField(blank=True, null=True)),
                ("chosen_by_id", models.BigIntegerField(blank=True, null=True)),
                ("chosen_by", models.CharField(blank=True, max_length=80)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TypicalFile",
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
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("storage_name", models.CharField(max_length=120)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="assessments.typicalcase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="YearResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("year", models.PositiveSmallIntegerField()),
                ("result", models.CharField(max_length=20)),
                ("uses", models.JSONField(default=list)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("decided_at", models.DateTimeField()),
                ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                ("decided_by", models.CharField(max_length=80)),
                ("is_current", models.BooleanField(default=True)),
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
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "已提出"),
                            ("returned", "已退回"),
                            ("confirmed", "已确认"),
                            ("objected", "异议复核中"),
                            ("closed", "已归档"),
                        ],
                        max_length=10,
                    ),
                ),
                ("grade", models.CharField(max_length=20)),
                ("comment", models.CharField(max_length=600)),
                ("sheet", models.JSONField(default=dict)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_id", models.BigIntegerField(blank=True, null=True)),
                ("proposed_by", models.CharField(max_length=80)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_by_id", models.BigIntegerField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=80)),
                ("object_until", models.DateField(blank=True, null=True)),
                ("objection", models.CharField(blank=True, max_length=600)),
                ("objected_at", models.DateTimeField(blank=True, null=True)),
                ("decision", models.CharField(blank=True, max_length=600)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["area_path", "year", "quarter"], name="assessments_appraisal_area"
                    ),
                    models.Index(
                        condition=models.Q(("state", "confirmed")),
                        fields=["object_until"],
                        name="assessments_appraisal_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_id", "year", "quarter"), name="assessments_appraisal_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 0), ("quarter__lte", 4)),
                        name="assessments_appraisal_quarter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proposed_by_id", models.F("user_id")), _negated=True),
                            models.Q(
                                ("confirmed_by_id__isnull", True),
                                models.Q(
                                    models.Q(
                                        ("confirmed_by_id", models.F("user_id")), _negated=True
                                    ),
                                    models.Q(
                                        ("confirmed_by_id", models.F("proposed_by_id")),
                                        _negated=True,
                                    ),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("decided_by_id__isnull", True),
                                models.Q(
                                    models.Q(("decided_by_id", models.F("user_id")), _negated=True),
                                    models.Q(
                                        ("decided_by_id", models.F("confirmed_by_id")),
                                        _negated=True,
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="assessments_appraisal_by_others",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="assessments_appraisal_closed_so",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Award",
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
                ("kind", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("window_number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("window_name", models.CharField(blank=True, max_length=40)),
                ("user_id", models.BigIntegerField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(max_length=600)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审定"),
                            ("approved", "已授予"),
                            ("refused", "未通过"),
                            ("withdrawn", "已撤销"),
                        ],
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_id", models.BigIntegerField(blank=True, null=True)),
                ("proposed_by", models.CharField(max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=600)),
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
                "indexes": [
                    models.Index(
                        fields=["area_path", "year", "quarter"], name="assessments_award_area"
                    ),
                    models.Index(
                        fields=["site", "-year", "-quarter"], name="assessments_award_site"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=("kind", "site", "year", "quarter", "window_number", "user_id"),
                        name="assessments_award_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user_id__isnull", False), ("window_number__isnull", True)),
                            models.Q(("user_id__isnull", True), ("window_number__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessments_award_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by_id__isnull", True),
                            models.Q(
                                models.Q(
                                    ("decided_by_id", models.F("proposed_by_id")), _negated=True
                                ),
                                models.Q(
                                    ("user_id__isnull", True),
                                    models.Q(("decided_by_id", models.F("user_id")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="assessments_award_by_others",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.CharField(max_length=80)),
                (
                    "training",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="ledger.training",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("training", "user_id"), name="assessments_presence_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="typicalcase",
            index=models.Index(fields=["area_path", "-year"], name="assessments_typical_area"),
        ),
        migrations.AddConstraint(
            model_name="typicalcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("chosen_by_id__isnull", True),
                    models.Q(("chosen_by_id", models.F("written_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="assessments_typical_chosen_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="typicalfile",
            constraint=models.UniqueConstraint(
                fields=("case", "digest"), name="assessments_typical_file"
            ),
        ),
        migrations.AddIndex(
            model_name="yearresult",
            index=models.Index(fields=["area_path", "year"], name="assessments_result_area"),
        ),
        migrations.AddConstraint(
            model_name="yearresult",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("site", "year"),
                name="assessments_result_once",
            ),
        ),
        *(by_area_path(f"assessments_{table}") for table in TABLES),
        # What is published is read by everybody of the house.
        protect("assessments_typicalcase", f"{IN_AREA} OR {PUBLISHED}", writable=IN_AREA),
        protect("assessments_typicalfile", OF_VISIBLE_CASE),
    ]
