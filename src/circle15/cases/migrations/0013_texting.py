"""Keep text messages about cases, seen with their case; and the language they go out in."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import protect
from circle15.core.uids import new_uid

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="language",
            field=models.CharField(db_default="zh-hans", default="zh-hans", max_length=8),
        ),
        migrations.CreateModel(
            name="TextMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(default=new_uid, editable=False, unique=True),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("notice", "一次性告知"),
                            ("conditional", "容缺受理，限期补交"),
                            ("asked", "要求说明"),
                            ("suspended", "中止办理"),
                            ("ready", "办好可领"),
                            ("refused", "审核未通过"),
                            ("posted", "结果已寄出"),
                            ("online", "结果已网上送达"),
                            ("not_accepted", "不予受理"),
                            ("revoked", "撤销容缺"),
                            ("lapsed", "逾期失效"),
                        ],
                        max_length=12,
                    ),
                ),
                ("days_before", models.PositiveSmallIntegerField(default=0)),
                ("until", models.DateField(blank=True, null=True)),
                ("text", models.CharField(max_length=400)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "短信待发"),
                            ("sent", "短信已发"),
                            ("failed", "短信发送失败"),
                            ("withheld", "短信未发"),
                            ("phoned", "已电话告知"),
                            ("needless", "不必再发"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[("no_mobile", "没有登记手机号"), ("opted_out", "本人不收短信")],
                        max_length=9,
                    ),
                ),
                ("phone_sealed", models.TextField(blank=True)),
                ("due_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="cases.case",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.casespan",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_try_at", "id"],
                        name="cases_text_due",
                    ),
                    models.Index(fields=["case", "id"], name="cases_text_of_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("span", "event", "days_before"), name="cases_text_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_text_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withheld"), models.Q(("why", ""), _negated=True)),
                            models.Q(models.Q(("state", "withheld"), _negated=True), ("why", "")),
                            _connector="OR",
                        ),
                        name="cases_text_withheld_why",
                    ),
                ],
            },
        ),
        protect("cases_textmessage", OF_VISIBLE_CASE),
    ]
