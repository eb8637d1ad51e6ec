"""Ratings, their running sums, orders with their states, and appeals."""

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
            name="OrderCounter",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area_path", "day"), name="ratings_counter_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
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
                ("handling", models.CharField(max_length=64, unique=True)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("served_on", models.DateField()),
                ("item_key", models.CharField(blank=True, max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("pad", "窗口评价器"),
                            ("kiosk", "自助机"),
                            ("phone", "扫码评价"),
                            ("web", "网上办事大厅"),
                            ("hotline", "热线"),
                            ("paper", "纸质评价"),
                            ("api", "接口"),
                        ],
                        max_length=8,
                    ),
                ),
                ("labels_version", models.CharField(max_length=8)),
                ("item_grade", models.PositiveSmallIntegerField()),
                ("person_grade", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("labels", models.JSONField(default=list)),
                ("topics", models.JSONField(default=list)),
                ("text", models.CharField(blank=True, max_length=200)),
                ("is_default", models.BooleanField(default=False)),
                ("is_real_name", models.BooleanField(default=False)),
                ("is_excluded", models.BooleanField(default=False)),
                ("staff_id", models.BigIntegerField(blank=True, null=True)),
                ("entered_by_id", models.BigIntegerField(blank=True, null=True)),
                ("entered_by", models.CharField(blank=True, max_length=80)),
                ("recorded_at", models.DateTimeField()),
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
            name="Order",
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
                ("number", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bad_rating", "差评"),
                            ("complaint", "投诉"),
                            ("opinion", "意见"),
                            ("suggestion", "建议"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "came_from",
                    models.CharField(
                        choices=[
                            ("rating", "评价"),
                            ("web", "网上"),
                            ("window", "窗口"),
                            ("hotline", "热线"),
                            ("letter", "来信来访"),
                            ("12345", "12345"),
                        ],
                        max_length=8,
                    ),
                ),
                ("external_number", models.CharField(blank=True, max_length=40)),
                ("site_name", models.CharField(blank=True, max_length=120)),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("item_key", models.CharField(blank=True, max_length=60)),
                ("text", models.CharField(blank=True, max_length=600)),
                ("topics", models.JSONField(default=list)),
                ("about_id", models.BigIntegerField(blank=True, null=True)),
                ("is_real_name", models.BooleanField(default=False)),
                ("person_uid", models.UUIDField(blank=True, null=True)),
                ("name_sealed", models.TextField(blank=True)),
                ("phone_sealed", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "已收到"),
                            ("assigned", "已交办"),
                            ("contacted", "已联系"),
                            ("verified", "已核实"),
                            ("rectifying", "整改中"),
                            ("answered", "已答复"),
                            ("revisited", "已回访"),
                            ("reopened", "重新办理"),
                            ("appealed", "申诉复核中"),
                            ("closed", "已办结"),
                            ("published", "已公开"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("received_on", models.DateField()),
                ("is_complex", models.BooleanField(default=False)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("answer_due_on", models.DateField()),
                ("overdue_at", models.DateTimeField(blank=True, null=True)),
                ("owner_id", models.BigIntegerField(blank=True, null=True)),
                ("owner_name", models.CharField(blank=True, max_length=80)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("valid", "属实"),
                            ("mistaken", "误评"),
                            ("malicious", "恶意评价"),
                            ("no_legal_basis", "诉求没有政策依据"),
                        ],
                        max_length=14,
                    ),
                ),
                ("verified_by_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_once", "立行立改"),
                            ("by_date", "限期整改"),
                            ("explained", "解释说明"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rectify_by", models.DateField(blank=True, null=True)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                ("handled_by_id", models.BigIntegerField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=600)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_how",
                    models.CharField(
                        blank=True,
                        choices=[("person", "本人确认"), ("phone", "电话回访")],
                        max_length=6,
                    ),
                ),
                ("is_satisfied", models.BooleanField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by_id", models.BigIntegerField(blank=True, null=True)),
                ("closing_note", models.CharField(blank=True, max_length=600)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_text", models.CharField(blank=True, max_length=600)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                ("is_excluded", models.BooleanField(default=False)),
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
                (
                    "rating",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="ratings.rating",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("pad", "窗口评价器"),
                            ("kiosk", "自助机"),
                            ("phone", "扫码评价"),
                            ("web", "网上办事大厅"),
                            ("hotline", "热线"),
                            ("paper", "纸质评价"),
                            ("api", "接口"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("item_1", models.IntegerField(default=0)),
                ("item_2", models.IntegerField(default=0)),
                ("item_3", models.IntegerField(default=0)),
                ("item_4", models.IntegerField(default=0)),
                ("item_5", models.IntegerField(default=0)),
                ("person_1", models.IntegerField(default=0)),
                ("person_2", models.IntegerField(default=0)),
                ("person_3", models.IntegerField(default=0)),
                ("person_4", models.IntegerField(default=0)),
                ("person_5", models.IntegerField(default=0)),
                ("bad", models.IntegerField(default=0)),
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
            name="DueDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("day", models.DateField()),
                ("visits", models.PositiveIntegerField(default=0)),
                ("cases", models.PositiveIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("site", "day"), name="ratings_due_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=5)),
                ("key", models.CharField(max_length=20)),
                ("good", models.IntegerField(default=0)),
                ("bad", models.IntegerField(default=0)),
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
                "indexes": [models.Index(fields=["day", "area_path"], name="ratings_mark_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area_path", "site", "day", "kind", "key"),
                        name="ratings_mark_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_person", models.BooleanField()),
                (
                    "wanted",
                    models.CharField(
                        choices=[
                            ("valid", "属实"),
                            ("mistaken", "误评"),
                            ("malicious", "恶意评价"),
                            ("no_legal_basis", "诉求没有政策依据"),
                        ],
                        max_length=14,
                    ),
                ),
                ("reason", models.CharField(max_length=600)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(blank=True, null=True)),
                ("made_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("is_upheld", models.BooleanField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=600)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeals",
                        to="ratings.order",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["order", "id"], name="ratings_appeal_of_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("order",),
                        name="ratings_appeal_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by_id__isnull", True),
                            ("made_by_id__isnull", True),
                            models.Q(("decided_by_id", models.F("made_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="ratings_appeal_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderSpan",
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
                            ("received", "已收到"),
                            ("assigned", "已交办"),
                            ("contacted", "已联系"),
                            ("verified", "已核实"),
                            ("rectifying", "整改中"),
                            ("answered", "已答复"),
                            ("revisited", "已回访"),
                            ("reopened", "重新办理"),
                            ("appealed", "申诉复核中"),
                            ("closed", "已办结"),
                            ("published", "已公开"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("receive", "收到"),
                            ("assign", "交办"),
                            ("contact", "联系核实"),
                            ("verify", "核实定性"),
                            ("at_once", "立行立改"),
                            ("by_date", "限期整改"),
                            ("explain", "解释说明"),
                            ("rectified", "整改完成"),
                            ("answer", "答复"),
                            ("confirm", "本人满意"),
                            ("dispute", "本人不满意"),
                            ("revisit", "回访"),
                            ("reopen", "重新办理"),
                            ("appeal", "申诉"),
                            ("uphold", "支持申诉"),
                            ("dismiss", "维持原定性"),
                            ("close", "监督办结"),
                            ("end", "说明后办结"),
                            ("publish", "公开结果"),
                        ],
                        max_length=10,
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
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spans",
                        to="ratings.order",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["order", "id"], name="ratings_span_of_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("order",),
                        name="ratings_span_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("begun_at")),
                            _connector="OR",
                        ),
                        name="ratings_span_forward",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(fields=["area_path", "-served_on"], name="ratings_rating_area"),
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(fields=["site", "served_on"], name="ratings_rating_site"),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("item_grade__gte", 1),
                    ("item_grade__lte", 5),
                    models.Q(
                        ("person_grade__isnull", True),
                        models.Q(("person_grade__gte", 1), ("person_grade__lte", 5)),
                        _connector="OR",
                    ),
                ),
                name="ratings_rating_grades",
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by_id__isnull", True),
                    ("staff_id__isnull", True),
                    models.Q(("entered_by_id", models.F("staff_id")), _negated=True),
                    _connector="OR",
                ),
                name="ratings_rating_not_by_the_rated",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "received",
                            "assigned",
                            "contacted",
                            "verified",
                            "rectifying",
                            "answered",
                            "revisited",
                            "reopened",
                            "appealed",
                        ],
                    )
                ),
                fields=["area_path", "due_on", "id"],
                name="ratings_order_open",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["area_path", "-received_on", "-id"], name="ratings_order_area"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "received",
                            "assigned",
                            "contacted",
                            "verified",
                            "rectifying",
                            "answered",
                            "revisited",
                            "reopened",
                            "appealed",
                        ],
                    )
                ),
                fields=["owner_id", "due_on"],
                name="ratings_order_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "received",
                            "assigned",
                            "contacted",
                            "verified",
                            "rectifying",
                            "answered",
                            "revisited",
                            "reopened",
                            "appealed",
                        ],
                    ),
                    ("overdue_at__isnull", True),
                ),
                fields=["due_on"],
                name="ratings_order_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_number", ""), _negated=True),
                fields=("came_from", "external_number"),
                name="ratings_order_external_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "bad_rating"), ("rating__isnull", True), _connector="OR"
                ),
                name="ratings_order_bad_rating_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", True),
                    models.Q(
                        models.Q(("answer", ""), _negated=True), ("handled_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="ratings_order_answer_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("handled_at__isnull", False),
                        models.Q(("closing_note", ""), _negated=True),
                        models.Q(
                            models.Q(("confirmed_at__isnull", False), ("is_satisfied", True)),
                            ("is_real_name", False),
                            ("reopened__gte", 2),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="ratings_order_closed_is_solved",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ["closed", "published"])),
                    models.Q(
                        models.Q(("state__in", ["closed", "published"]), _negated=True),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ratings_order_closed_so",
            ),
        ),
        migrations.AddIndex(
            model_name="tally",
            index=models.Index(fields=["day", "area_path"], name="ratings_tally_day"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("area_path", "site", "day", "channel", "is_default"),
                name="ratings_tally_once",
                nulls_distinct=False,
            ),
        ),
    ]
