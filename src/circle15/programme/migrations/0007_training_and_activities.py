"""Trainings with who came and how they answered; registers of activities; incidents."""

import circle15.programme.training_models
import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_handlers"),
        ("programme", "0006_pharmacies_and_partners_rows"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("user_id", models.BigIntegerField(unique=True)),
                ("since", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("level", models.CharField(max_length=10)),
                ("words", models.CharField(max_length=600)),
                ("happened_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("reported_by", models.CharField(max_length=80)),
                ("reported_by_id", models.BigIntegerField(null=True)),
                ("is_late", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "处置中"), ("closed", "已办结")],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, max_length=80)),
                ("closed_by_id", models.BigIntegerField(null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncidentNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("follow_up", "续报"), ("seen", "上级已阅"), ("close", "办结")],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(max_length=600)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("by_id", models.BigIntegerField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="programme.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PolicyNotice",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("area_name", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=120)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("issued_on", models.DateField()),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area_path", "-issued_on"], name="training_notice_area")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days__isnull", True), ("due_on__isnull", True)),
                            models.Q(("days__isnull", False), ("due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="training_notice_days_and_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("pool", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("single", "单选"), ("multiple", "多选"), ("true_false", "判断")],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("options", models.JSONField()),
                ("right", models.JSONField()),
                ("explanation", models.CharField(blank=True, max_length=300)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=80)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area_path", "pool"], name="training_question_pool")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingPlanLine",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("area_name", models.CharField(max_length=80)),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("central", "集中培训"),
                            ("special", "专题培训"),
                            ("pre_post", "岗前培训"),
                            ("contest", "业务比武"),
                        ],
                        max_length=10,
                    ),
                ),
                ("topic", models.CharField(max_length=120)),
                ("months", models.JSONField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_why", models.CharField(blank=True, max_length=300)),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["area_path", "year"], name="training_line_area")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropped_at__isnull", True),
                            models.Q(("dropped_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="training_line_dropped_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingSession",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("area_name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("central", "集中培训"),
                            ("special", "专题培训"),
                            ("pre_post", "岗前培训"),
                            ("contest", "业务比武"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待举办"),
                            ("held", "已举办"),
                            ("cancelled", "已取消"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("topic", models.CharField(max_length=120)),
                ("place", models.CharField(max_length=120)),
                ("trainer", models.CharField(max_length=120)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("pool", models.CharField(blank=True, max_length=80)),
                ("draws", models.PositiveSmallIntegerField(default=0)),
                (
                    "secret",
                    models.CharField(
                        default=circle15.programme.training_models.new_secret,
                        editable=False,
                        max_length=32,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="programme.trainingplanline",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="programme.policynotice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TrainingMaterial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("storage_name", models.CharField(max_length=120)),
                ("kept_at", models.DateTimeField()),
                ("kept_by", models.CharField(max_length=80)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to="programme.trainingsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuizPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("site_name", models.CharField(blank=True, max_length=80)),
                (
                    "phase",
                    models.CharField(
                        choices=[("before", "训前"), ("after", "训后"), ("contest", "比武")],
                        max_length=8,
                    ),
                ),
                ("seed", models.BigIntegerField()),
                ("question_ids", models.JSONField()),
                ("answers", models.JSONField(default=dict)),
                ("right", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("total", models.PositiveSmallIntegerField()),
                ("handed_at", models.DateTimeField(blank=True, null=True)),
                ("begun_at", models.DateTimeField()),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="programme.trainingsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                (
                    "way",
                    models.CharField(
                        choices=[("code", "签到码"), ("holder", "组织者补记")], max_length=6
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                ("is_late", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("added_by", models.CharField(blank=True, max_length=80)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="programme.trainingsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Activity",
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
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("done_on", models.DateField()),
                ("given", models.JSONField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_by_id", models.BigIntegerField(null=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_by", models.CharField(blank=True, max_length=80)),
                ("struck_why", models.CharField(blank=True, max_length=600)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "evidence",
                    models.ManyToManyField(
                        blank=True, related_name="activities", to="ledger.evidence"
                    ),
                ),
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
                        fields=["site", "kind", "-done_on", "-id"], name="activities_of_site"
                    ),
                    models.Index(
                        fields=["area_path", "-done_on", "-id"], name="activities_of_area"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_at__isnull", True),
                            models.Q(
                                models.Q(("struck_why", ""), _negated=True),
                                models.Q(("struck_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="activities_struck_why",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["area_path", "state", "-reported_at"], name="incidents_of_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("reported_at__gte", models.F("happened_at"))),
                name="incidents_after_the_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state", "closed"),
                        models.Q(
                            ("closed_by", models.F("reported_by")),
                            ("closed_by_id__isnull", True),
                            _negated=True,
                        ),
                        models.Q(
                            ("reported_by_id__isnull", True),
                            models.Q(("closed_by_id", models.F("reported_by_id")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="incidents_closed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="incidents_note_says"
            ),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["area_path", "-starts_at"], name="training_session_area"),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="training_session_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "planned")),
                    models.Q(
                        models.Q(("state", "planned"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="training_session_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="training_session_cancelled_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingmaterial",
            constraint=models.UniqueConstraint(
                fields=("session", "digest"), name="training_material_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quizpaper",
            constraint=models.UniqueConstraint(
                fields=("session", "phase", "user_id"), name="training_paper_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quizpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_at__isnull", True), ("right__isnull", True)),
                    models.Q(
                        ("handed_at__isnull", False),
                        ("right__isnull", False),
                        ("right__lte", models.F("total")),
                    ),
                    _connector="OR",
                ),
                name="training_paper_counted",
            ),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["user_id", "-id"], name="training_attendance_user"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("session", "user_id"), name="training_attendance_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "holder"), _negated=True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("added_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="training_attendance_added_why",
            ),
        ),
    ]
