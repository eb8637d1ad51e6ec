"""Keep campaigns, their sites with lines, objections and adjustments, and titles."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import SCOPE, by_site, protect


OF_VISIBLE_ENTRY = "EXISTS (SELECT FROM assessments_entry WHERE assessments_entry.id = entry_id)"
OF_VISIBLE_LINE = (
    "EXISTS (SELECT FROM assessments_entryline WHERE assessments_entryline.id = line_id)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0009_appraisals"),
        ("ledger", "0008_handlers"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.AlterField(
            model_name="storedsheet",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("acceptance", "验收考核"),
                    ("dynamic", "动态评估"),
                    ("self", "自评"),
                    ("third_party", "第三方评估"),
                    ("special", "专项评估"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Campaign",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acceptance", "验收考核"),
                            ("dynamic", "动态评估"),
                            ("self", "自评"),
                            ("third_party", "第三方评估"),
                            ("special", "专项评估"),
                        ],
                        max_length=12,
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("freeze_on", models.DateField()),
                ("objection_days", models.PositiveSmallIntegerField()),
                (
                    "pass_mark",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                ("needs_both", models.BooleanField(default=True)),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("demonstration", "示范点"),
                            ("city_demo", "市级示范点"),
                            ("station", "站点"),
                        ],
                        max_length=14,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.storededition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "已选定"),
                            ("frozen", "书面审核中"),
                            ("reviewed", "现场核对中"),
                            ("objections", "异议期"),
                            ("decided", "已定论"),
                            ("published", "已公布"),
                            ("dropped", "已移出"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("origins", models.JSONField(default=dict)),
                ("frozen_digest", models.CharField(blank=True, max_length=64)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "total",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pass", "达到合格线"),
                            ("fail", "不合格"),
                            ("no_pass_mark", "未设合格线"),
                        ],
                        max_length=12,
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, null=True)),
                ("result_digest", models.CharField(blank=True, max_length=64)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="assessments.campaign",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.storedsheet",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
                (
                    "vetoed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.storedsheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_id", models.CharField(max_length=60)),
                ("place", models.PositiveSmallIntegerField()),
                ("computed", models.DecimalField(decimal_places=1, max_digits=6)),
                ("most", models.DecimalField(decimal_places=1, max_digits=6)),
                ("methods", models.JSONField()),
                (
                    "self_points",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                ("self_words", models.CharField(blank=True, max_length=600)),
                (
                    "review",
                    models.CharField(
                        blank=True,
                        choices=[("", "待审核"), ("confirmed", "认可"), ("questioned", "存疑")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=600)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=80)),
                ("reviewed_by_id", models.BigIntegerField(null=True)),
                ("answer", models.CharField(blank=True, max_length=600)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                (
                    "seen",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "待现场核对"),
                            ("agrees", "与台账一致"),
                            ("differs", "与台账不一致"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "seen_points",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                ("seen_facts", models.JSONField(default=dict)),
                ("seen_words", models.CharField(blank=True, max_length=600)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("seen_by", models.CharField(blank=True, max_length=80)),
                ("seen_by_id", models.BigIntegerField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="assessments.entry",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.inspection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntrySpan",
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
                            ("chosen", "已选定"),
                            ("frozen", "书面审核中"),
                            ("reviewed", "现场核对中"),
                            ("objections", "异议期"),
                            ("decided", "已定论"),
                            ("published", "已公布"),
                            ("dropped", "已移出"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("choose", "选定"),
                            ("drop", "移出"),
                            ("freeze", "冻结台账"),
                            ("reviewed", "书面审核完毕"),
                            ("submit", "提交自评"),
                            ("checked", "现场核对完毕"),
                            ("accept", "没有异议"),
                            ("decide", "定论"),
                            ("publish", "公布"),
                        ],
                        max_length=10,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=600)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spans",
                        to="assessments.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=600)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("is_upheld", models.BooleanField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=600)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidence",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="assessments.entryline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.DecimalField(decimal_places=1, max_digits=6)),
                ("reason", models.CharField(max_length=600)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by", models.CharField(max_length=80)),
                ("proposed_by_id", models.BigIntegerField(null=True)),
                ("is_approved", models.BooleanField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=600)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("judged_by", models.CharField(blank=True, max_length=80)),
                ("judged_by_id", models.BigIntegerField(null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidence",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adjustments",
                        to="assessments.entryline",
                    ),
                ),
                (
                    "objection",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustment",
                        to="assessments.objection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteTitle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("demonstration", "示范点"),
                            ("city_demo", "市级示范点"),
                            ("station", "站点"),
                        ],
                        max_length=14,
                    ),
                ),
                ("since", models.DateField()),
                ("granted_at", models.DateTimeField()),
                ("granted_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("asked_by", models.CharField(blank=True, max_length=80)),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=600)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=80)),
                ("withdrawn_by_id", models.BigIntegerField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="assessments.entry",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="sites.site",
                    ),
                ),
                (
                    "withdrawn_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VetoFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=600)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="veto_files",
                        to="assessments.entry",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidence",
                    ),
                ),
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="veto_file",
                        to="assessments.storedsheet",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["area_path", "-id"], name="campaigns_campaign_area"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), ("kind", "acceptance"), _connector="OR"),
                name="campaigns_title_for_acceptance",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["site", "-published_at"], name="campaigns_entry_of_site"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                fields=("campaign", "site"), name="campaigns_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["chosen", "dropped"]),
                    models.Q(
                        ("sheet__isnull", False), models.Q(("frozen_digest", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="campaigns_entry_frozen",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["decided", "published"]), _negated=True),
                    models.Q(("total__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="campaigns_entry_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at__isnull", False),
                        ("result__isnull", False),
                        ("state", "published"),
                        models.Q(("result_digest", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "published"), _negated=True),
                        ("published_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="campaigns_entry_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="entryline",
            constraint=models.UniqueConstraint(
                fields=("entry", "rule_id"), name="campaigns_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="entryline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("review", "questioned"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="campaigns_line_questioned_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="entryline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen", ""), ("seen_points__isnull", True)),
                    models.Q(models.Q(("seen", ""), _negated=True), ("seen_points__isnull", False)),
                    _connector="OR",
                ),
                name="campaigns_line_seen_pays",
            ),
        ),
        migrations.AddConstraint(
            model_name="entryspan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("entry",),
                name="campaigns_span_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)),
                fields=("line",),
                name="campaigns_objection_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("is_upheld__isnull", True)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("is_upheld__isnull", False),
                        models.Q(("why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="campaigns_objection_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("judged_at__isnull", True)),
                fields=("line",),
                name="campaigns_adjustment_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_approved__isnull", True), ("judged_at__isnull", True)),
                    models.Q(
                        ("is_approved__isnull", False),
                        ("judged_at__isnull", False),
                        models.Q(
                            ("judged_by", models.F("proposed_by")),
                            ("judged_by_id__isnull", True),
                            _negated=True,
                        ),
                        models.Q(
                            ("proposed_by_id__isnull", True),
                            models.Q(("judged_by_id", models.F("proposed_by_id")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="campaigns_adjustment_by_two",
            ),
        ),
        migrations.AddIndex(
            model_name="sitetitle",
            index=models.Index(fields=["site", "-since"], name="campaigns_title_of_site"),
        ),
        migrations.AddConstraint(
            model_name="sitetitle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("site", "kind"),
                name="campaigns_title_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitetitle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_on__isnull", True)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_on__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("withdrawn_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="campaigns_title_withdrawn_why",
            ),
        ),
        # Whoever works inside a campaign's area reads its name and days, and nothing of its sites.
        protect(
            "assessments_campaign",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
        by_site("assessments_entry"),
        by_site("assessments_sitetitle"),
        *(
            protect(f"assessments_{part}", OF_VISIBLE_ENTRY)
            for part in ("entryspan", "entryline", "vetofile")
        ),
        *(protect(f"assessments_{part}", OF_VISIBLE_LINE) for part in ("objection", "adjustment")),
    ]
