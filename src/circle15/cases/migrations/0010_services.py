"""Keep what is done beside cases, day figures and the board, behind row security."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import SCOPE, by_area_path, protect


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_exchange"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("key", models.CharField(max_length=40)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area_path", "key", "-id"], name="cases_board_text")
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(editable=False, unique=True)),
                ("site_name", models.CharField(max_length=120)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("done_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("person_uid", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_by_id", models.BigIntegerField(blank=True, null=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_by", models.CharField(blank=True, max_length=80)),
                ("struck_why", models.CharField(blank=True, max_length=200)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("topic", models.CharField(max_length=24)),
                (
                    "asked_by",
                    models.CharField(
                        choices=[
                            ("window", "窗口"),
                            ("phone", "电话"),
                            ("visit", "上门"),
                            ("village", "村（社区）"),
                            ("online", "网上"),
                            ("event", "宣传活动"),
                        ],
                        max_length=10,
                    ),
                ),
                ("question", models.CharField(max_length=300)),
                ("answer", models.CharField(blank=True, max_length=500)),
                (
                    "reply",
                    models.CharField(
                        choices=[
                            ("answered", "当场答复"),
                            ("to_case", "引导办理"),
                            ("call_back", "查清后回复"),
                            ("passed_on", "转有关单位"),
                        ],
                        max_length=10,
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
                        fields=["area_path", "-done_on", "-id"], name="cases_consultation_area"
                    ),
                    models.Index(fields=["site", "done_on"], name="cases_consultation_site"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("struck_at__isnull", True), ("struck_by", ""), ("struck_why", "")
                            ),
                            models.Q(
                                ("struck_at__isnull", False),
                                models.Q(("struck_by", ""), _negated=True),
                                models.Q(("struck_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_consultation_struck",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reply", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_consultation_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("posted_on", models.DateField()),
                ("items", models.JSONField()),
                ("parts", models.JSONField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
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
                "indexes": [models.Index(fields=["site", "-id"], name="cases_posting_site")],
            },
        ),
        migrations.CreateModel(
            name="ServiceRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(editable=False, unique=True)),
                ("site_name", models.CharField(max_length=120)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("done_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("person_uid", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_by_id", models.BigIntegerField(blank=True, null=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_by", models.CharField(blank=True, max_length=80)),
                ("struck_why", models.CharField(blank=True, max_length=200)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assisted", "帮办"),
                            ("proxy", "代办"),
                            ("home_visit", "上门服务"),
                            ("extended", "延时服务"),
                            ("village", "村点帮代办"),
                        ],
                        max_length=12,
                    ),
                ),
                ("way", models.CharField(max_length=20)),
                ("item_key", models.CharField(blank=True, max_length=60)),
                ("topic", models.CharField(blank=True, max_length=24)),
                ("people", models.PositiveSmallIntegerField(default=1)),
                ("complete_on", models.DateField(blank=True, null=True)),
                ("handed_on", models.DateField(blank=True, null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "已完成"),
                            ("declined", "本人不需要"),
                            ("not_found", "没找到人"),
                        ],
                        max_length=10,
                    ),
                ),
                ("follow_up_uid", models.UUIDField(blank=True, null=True)),
                ("is_elder", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=300)),
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
                        fields=["area_path", "-done_on", "-id"], name="cases_service_area"
                    ),
                    models.Index(fields=["site", "done_on"], name="cases_service_site"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("struck_at__isnull", True), ("struck_by", ""), ("struck_why", "")
                            ),
                            models.Q(
                                ("struck_at__isnull", False),
                                models.Q(("struck_by", ""), _negated=True),
                                models.Q(("struck_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_service_struck",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handed_on__isnull", True),
                            ("handed_on__gte", models.F("complete_on")),
                            _connector="OR",
                        ),
                        name="cases_service_handed_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "home_visit"), models.Q(("ending", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("kind", "home_visit"), _negated=True), ("ending", "")
                            ),
                            _connector="OR",
                        ),
                        name="cases_service_visit_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("day", models.DateField()),
                ("figures", models.JSONField()),
                ("recorded_at", models.DateTimeField()),
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
                "constraints": [
                    models.UniqueConstraint(fields=("site", "day"), name="cases_site_day_once")
                ],
            },
        ),
        by_area_path("cases_servicerecord"),
        by_area_path("cases_consultation"),
        by_area_path("cases_siteday"),
        by_area_path("cases_posting"),
        # A site shows the words of its county.
        protect(
            "cases_boardtext",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
    ]
