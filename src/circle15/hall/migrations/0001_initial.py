"""The tables of the hall."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("takes_tickets", models.BooleanField(default=True)),
                ("call_limit", models.PositiveSmallIntegerField(default=3)),
                ("green_ratio", models.PositiveSmallIntegerField(default=2)),
                ("longest_wait_min", models.PositiveSmallIntegerField(default=30)),
                ("keeps_overnight", models.BooleanField(default=False)),
                ("last_event", models.BigIntegerField(default=0)),
                ("green_streak", models.PositiveSmallIntegerField(default=0)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hall",
                        to="sites.site",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ElderPeak",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "星期一"),
                            (2, "星期二"),
                            (3, "星期三"),
                            (4, "星期四"),
                            (5, "星期五"),
                            (6, "星期六"),
                            (7, "星期日"),
                        ]
                    ),
                ),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="peaks",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("actor_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_name", models.CharField(max_length=80)),
                (
                    "by_window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.window",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.window",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("seq", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "叫号"),
                            ("recall", "重呼"),
                            ("emergency", "紧急呼叫"),
                            ("clear", "撤下"),
                        ],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=12)),
                ("window_number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("code", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "普通"), ("green", "绿色通道"), ("booked", "预约")],
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lanes",
                        to="hall.hall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("day", models.DateField()),
                ("last", models.PositiveIntegerField()),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hall.hall",
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hall.lane",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ticket",
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
                ("area_path", models.CharField(max_length=120)),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "普通"), ("green", "绿色通道"), ("booked", "预约")],
                        max_length=8,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=12)),
                ("place", models.BigIntegerField()),
                ("green_class", models.CharField(blank=True, max_length=20)),
                ("green_reason", models.CharField(blank=True, max_length=120)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("kiosk", "自助取号机"),
                            ("counter", "窗口代取"),
                            ("phone", "手机"),
                            ("api", "接口"),
                            ("offline", "断网补传"),
                        ],
                        max_length=8,
                    ),
                ),
                ("device_id", models.UUIDField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等候中"),
                            ("called", "已叫号"),
                            ("serving", "办理中"),
                            ("held", "暂离补材料"),
                            ("transferred", "已转其他大厅"),
                            ("no_show", "过号"),
                            ("finished", "已办结"),
                            ("left", "已离开"),
                            ("cancelled", "已作废"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("queued_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
                ("calls", models.PositiveSmallIntegerField(default=0)),
                ("clerk_id", models.BigIntegerField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("appointment_uid", models.UUIDField(blank=True, null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "came_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onward",
                        to="hall.ticket",
                    ),
                ),
                (
                    "for_window",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.window",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="hall.hall",
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hall.lane",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="sites.window",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Span",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等候中"),
                            ("called", "已叫号"),
                            ("serving", "办理中"),
                            ("held", "暂离补材料"),
                            ("transferred", "已转其他大厅"),
                            ("no_show", "过号"),
                            ("finished", "已办结"),
                            ("left", "已离开"),
                            ("cancelled", "已作废"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("take", "取号"),
                            ("call", "叫号"),
                            ("pick", "点选叫号"),
                            ("recall", "重呼"),
                            ("begin", "开始办理"),
                            ("finish", "办结"),
                            ("hold", "暂离"),
                            ("resume", "继续办理"),
                            ("no_show", "过号"),
                            ("restore", "过号恢复"),
                            ("move_window", "转窗口"),
                            ("move_hall", "转大厅"),
                            ("leave", "自行离开"),
                            ("come_back", "重新排队"),
                            ("cancel", "作废"),
                            ("close", "日终清号"),
                            ("undo", "撤销"),
                        ],
                        max_length=12,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("actor_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_name", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=120)),
                (
                    "window",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites.window",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spans",
                        to="hall.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField()),
                ("item", models.CharField(max_length=60)),
                ("done", models.BooleanField(default=False)),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="hall.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WindowSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("user_id", models.BigIntegerField()),
                ("clerk_name", models.CharField(max_length=80)),
                ("begun_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("pause_reason", models.CharField(blank=True, max_length=60)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="hall.hall",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="sites.window",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="hall.windowsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WindowSkill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("item", models.CharField(blank=True, max_length=60)),
                (
                    "lane",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="hall.lane",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skills",
                        to="sites.window",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="hall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("call_limit__gte", 1), ("green_ratio__gte", 1), ("longest_wait_min__gte", 1)
                ),
                name="hall_hall_rules_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="elderpeak",
            constraint=models.UniqueConstraint(
                fields=("hall", "weekday", "opens"), name="hall_peak_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="elderpeak",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))), name="hall_peak_forward"
            ),
        ),
        migrations.AddIndex(
            model_name="cover",
            index=models.Index(fields=["hall", "id"], name="hall_cover_of_hall"),
        ),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("window",),
                name="hall_cover_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.CheckConstraint(
                condition=models.Q(("window", models.F("by_window")), _negated=True),
                name="hall_cover_not_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(
                fields=("hall", "seq"), name="hall_announcement_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(fields=("hall", "code"), name="hall_lane_once"),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z]{1,2}$")), name="hall_lane_code_letters"
            ),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.UniqueConstraint(
                fields=("hall", "day", "lane"), name="hall_counter_once"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["hall", "place"],
                name="hall_ticket_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state__in", ["called", "serving", "held"])),
                fields=["hall", "state"],
                name="hall_ticket_at_work",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("appointment_uid__isnull", False)),
                fields=["appointment_uid"],
                name="hall_ticket_appointment",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                fields=("hall", "day", "lane", "number"), name="hall_ticket_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["called", "serving"])),
                fields=("window",),
                name="hall_ticket_one_at_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["called", "serving"]), ("window__isnull", False)),
                    models.Q(("state__in", ["called", "serving"]), _negated=True),
                    _connector="OR",
                ),
                name="hall_ticket_at_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="hall_ticket_numbers_from_1"
            ),
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(fields=["ticket", "id"], name="hall_span_of_ticket"),
        ),
        migrations.AddConstraint(
            model_name="span",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("ticket",),
                name="hall_span_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="span",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("begun_at")),
                    _connector="OR",
                ),
                name="hall_span_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketitem",
            constraint=models.UniqueConstraint(
                fields=("ticket", "position"), name="hall_item_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="windowsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("window",),
                name="hall_session_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="windowsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("user_id",),
                name="hall_session_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("session",),
                name="hall_pause_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="windowskill",
            constraint=models.UniqueConstraint(
                fields=("window", "lane", "item"), name="hall_skill_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="windowskill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item", ""), ("lane__isnull", False)),
                    models.Q(("lane__isnull", True), models.Q(("item", ""), _negated=True)),
                    _connector="OR",
                ),
                name="hall_skill_lane_or_item",
            ),
        ),
    ]
