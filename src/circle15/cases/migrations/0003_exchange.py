"""Keep what waits for the core platform and for partners, behind row security."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from circle15.areas.row_security import SCOPE, by_area_path, protect

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoreNumber",
            fields=[
                (
                    "fixmedins_code",
                    models.CharField(max_length=12, primary_key=True, serialize=False),
                ),
                ("second", models.DateTimeField()),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CoreLine",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=80)),
                ("reconciled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="cases_core_line_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoreMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("infno", models.CharField(max_length=4)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发送"),
                            ("sending", "发送中"),
                            ("unsure", "结果待核对"),
                            ("done", "已办成"),
                            ("refused", "被退回"),
                            ("void", "已作废"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("values_sealed", models.TextField(blank=True)),
                ("person_sealed", models.TextField(blank=True)),
                ("msgid", models.CharField(blank=True, max_length=30)),
                ("enqueued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("infcode", models.IntegerField(blank=True, null=True)),
                ("reply_id", models.CharField(blank=True, max_length=30)),
                ("declaration", models.CharField(blank=True, max_length=30)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("checked_on", models.DateField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="core_messages",
                        to="cases.case",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="cases.coremessage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CoreDifference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "平台没有这条备案"),
                            ("remains", "已撤销，平台仍有"),
                            ("twice", "平台有重复备案"),
                            ("differs", "内容不一致"),
                            ("unknown", "平台有，本系统没有"),
                            ("not_told", "平台不答复查询"),
                        ],
                        max_length=8,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("seen_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="core_differences",
                        to="cases.case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="cases.coremessage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token_uid", models.UUIDField()),
                ("user_id", models.BigIntegerField()),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("url", models.CharField(max_length=300)),
                ("events", models.JSONField()),
                (
                    "algorithm",
                    models.CharField(
                        choices=[("hmac-sha256", "HMAC-SHA256"), ("hmac-sm3", "HMAC-SM3")],
                        max_length=12,
                    ),
                ),
                ("secret_sealed", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["area_path"],
                        name="cases_hook_area",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("token_uid", "url"),
                        name="cases_hook_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("made_at")),
                            _connector="OR",
                        ),
                        name="cases_hook_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("area_path", models.CharField(max_length=120)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("case.accepted", "已受理"),
                            ("case.decided", "已决定"),
                            ("case.ready", "可领取"),
                        ],
                        max_length=20,
                    ),
                ),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待发送"), ("done", "已送达"), ("given_up", "已放弃")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="cases.webhook",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="coremessage",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending", "unsure"])),
                fields=["next_try_at", "id"],
                name="cases_core_due",
            ),
        ),
        migrations.AddIndex(
            model_name="coremessage",
            index=models.Index(fields=["case", "id"], name="cases_core_of_case"),
        ),
        migrations.AddIndex(
            model_name="coremessage",
            index=models.Index(
                condition=models.Q(("state", "done"), ("undoes__isnull", True)),
                fields=["checked_on", "id"],
                name="cases_core_check",
            ),
        ),
        migrations.AddConstraint(
            model_name="coremessage",
            constraint=models.UniqueConstraint(
                fields=("case", "infno", "round"), name="cases_core_once_a_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="coremessage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("msgid", ""), _negated=True),
                fields=("msgid",),
                name="cases_core_msgid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="coremessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sending", "unsure"]), _negated=True),
                    models.Q(("msgid", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_core_sent_with_msgid",
            ),
        ),
        migrations.AddIndex(
            model_name="coredifference",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["id"],
                name="cases_core_diff_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="coredifference",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("message", "kind", "detail"),
                name="cases_core_diff_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="coredifference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at__isnull", True),
                    models.Q(("settled_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_core_diff_settled_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookcall",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["next_try_at", "id"],
                name="cases_hook_due",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookcall",
            index=models.Index(fields=["webhook", "id"], name="cases_hook_calls"),
        ),
        protect("cases_coremessage", OF_VISIBLE_CASE),
        protect("cases_coredifference", OF_VISIBLE_CASE),
        # Of the whole installation: only its own work sees them.
        protect("cases_corenumber", f"{SCOPE} = '/'"),
        protect("cases_coreline", f"{SCOPE} = '/'"),
        by_area_path("cases_webhook"),
        by_area_path("cases_webhookcall"),
        # Of questions asked while somebody waits: numbers without a lock.
        migrations.RunSQL("CREATE SEQUENCE cases_core_online", "DROP SEQUENCE cases_core_online"),
    ]
