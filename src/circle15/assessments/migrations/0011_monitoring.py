"""Keep the score of each day, early warnings and supervision orders, seen in their area only."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path, protect


OF_VISIBLE_WARNING = "EXISTS (SELECT FROM assessments_earlywarning w WHERE w.id = warning_id)"
OF_VISIBLE_ORDER = "EXISTS (SELECT FROM assessments_supervisionorder o WHERE o.id = order_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0010_campaigns"),
        ("ledger", "0008_handlers"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlyWarning",
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
                ("kind", models.CharField(max_length=30)),
                ("object", models.CharField(blank=True, max_length=60)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("value", models.DecimalField(decimal_places=1, max_digits=10)),
                ("facts", models.JSONField(default=list)),
                ("stakes", models.JSONField(default=dict)),
                ("points", models.DecimalField(decimal_places=1, default=0, max_digits=6)),
                ("veto", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("planned", "已有安排"), ("gone", "已消除")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("found_on", models.DateField()),
                ("seen_on", models.DateField()),
                ("gone_on", models.DateField(blank=True, null=True)),
                ("plan", models.CharField(blank=True, max_length=600)),
                ("plan_by", models.DateField(blank=True, null=True)),
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
            name="SupervisionOrder",
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
                ("task", models.CharField(max_length=600)),
                ("owner_id", models.BigIntegerField(blank=True, null=True)),
                ("owner_name", models.CharField(blank=True, max_length=80)),
                ("issued_on", models.DateField()),
                ("issued_by_id", models.BigIntegerField(blank=True, null=True)),
                ("answer_by", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "待整改"),
                            ("answered", "待核查"),
                            ("returned", "退回整改"),
                            ("accepted", "核查通过"),
                            ("closed", "已销号"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="issued",
                        max_length=9,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("answered_by_id", models.BigIntegerField(blank=True, null=True)),
                ("overdue_at", models.DateTimeField(blank=True, null=True)),
                ("returned", models.PositiveSmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "warning",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="assessments.earlywarning",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SupervisionSpan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "待整改"),
                            ("answered", "待核查"),
                            ("returned", "退回整改"),
                            ("accepted", "核查通过"),
                            ("closed", "已销号"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("issue", "下达督办"),
                            ("answer", "反馈整改"),
                            ("accept", "核查通过"),
                            ("send_back", "退回"),
                            ("close", "销号"),
                            ("withdraw", "撤回督办"),
                        ],
                        max_length=9,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("actor_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_name", models.CharField(max_length=80)),
                ("actor_role", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=600)),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidence",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spans",
                        to="assessments.supervisionorder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WarningSpan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("planned", "已有安排"), ("gone", "已消除")],
                        max_length=8,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("raise", "发现"),
                            ("plan", "安排整改"),
                            ("lapse", "到期未改"),
                            ("vanish", "原因消除"),
                        ],
                        max_length=8,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("actor_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_name", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "warning",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spans",
                        to="assessments.earlywarning",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DayScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("book", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("total", models.DecimalField(decimal_places=1, max_digits=6)),
                ("max_total", models.DecimalField(decimal_places=1, max_digits=6)),
                ("unknown", models.PositiveSmallIntegerField(default=0)),
                ("lost", models.JSONField(default=dict)),
                ("edition_digest", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
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
                    models.Index(fields=["day", "area_path"], name="assessments_day_score_area")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "book", "day"), name="assessments_day_score_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="earlywarning",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "planned"])),
                fields=["area_path", "-points", "id"],
                name="assessments_warning_open",
            ),
        ),
        migrations.AddIndex(
            model_name="earlywarning",
            index=models.Index(fields=["site", "-found_on"], name="assessments_warning_site"),
        ),
        migrations.AddConstraint(
            model_name="earlywarning",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "planned"])),
                fields=("site", "kind", "object"),
                name="assessments_warning_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="earlywarning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gone_on__isnull", False), ("state", "gone")),
                    models.Q(models.Q(("state", "gone"), _negated=True), ("gone_on__isnull", True)),
                    _connector="OR",
                ),
                name="assessments_warning_gone_so",
            ),
        ),
        migrations.AddConstraint(
            model_name="earlywarning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "planned"), _negated=True),
                    models.Q(("plan_by__isnull", False), models.Q(("plan", ""), _negated=True)),
                    _connector="OR",
                ),
                name="assessments_warning_planned_so",
            ),
        ),
        migrations.AddIndex(
            model_name="supervisionorder",
            index=models.Index(fields=["area_path", "due_on", "id"], name="assessments_order_area"),
        ),
        migrations.AddIndex(
            model_name="supervisionorder",
            index=models.Index(fields=["site", "-id"], name="assessments_order_site"),
        ),
        migrations.AddConstraint(
            model_name="supervisionorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["issued", "answered", "returned", "accepted"])),
                fields=("warning",),
                name="assessments_order_of_warning",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["closed", "withdrawn"]), ("closed_at__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ["closed", "withdrawn"]), _negated=True),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="assessments_order_closed_so",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_by__gte", models.F("issued_on"))),
                name="assessments_order_forward",
            ),
        ),
        migrations.AddIndex(
            model_name="supervisionspan",
            index=models.Index(fields=["order", "id"], name="assessments_span_of_order"),
        ),
        migrations.AddConstraint(
            model_name="supervisionspan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("order",),
                name="assessments_order_span_open",
            ),
        ),
        migrations.AddIndex(
            model_name="warningspan",
            index=models.Index(fields=["warning", "id"], name="assessments_span_of_warning"),
        ),
        migrations.AddConstraint(
            model_name="warningspan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("warning",),
                name="assessments_warning_span_open",
            ),
        ),
        *(
            by_area_path(f"assessments_{table}")
            for table in ("dayscore", "earlywarning", "supervisionorder")
        ),
        protect("assessments_warningspan", OF_VISIBLE_WARNING),
        protect("assessments_supervisionspan", OF_VISIBLE_ORDER),
    ]
