"""Keep running sums of cases, filled from those there are."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path

_SEE_ALL = "SELECT set_config('circle15.area', '/', true)"
_FILL = """
INSERT INTO cases_casetally (site_id, area_path, day, item_key, channel,
                             received, open, open_late, decided, decided_late, handled_s)
SELECT site_id, area_path, day, item_key, channel, sum(received), sum(open), sum(open_late),
       sum(decided), sum(decided_late), sum(handled_s)
FROM (
    SELECT site_id, area_path, (submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
           item_key, channel, 1 AS received, is_open::int AS open,
           (is_open AND overdue_at IS NOT NULL)::int AS open_late,
           0 AS decided, 0 AS decided_late, 0::bigint AS handled_s
    FROM (
        SELECT *, state IN ('submitted', 'incomplete', 'accepted', 'conditional', 'handling',
                            'asked', 'suspended', 'review') AS is_open
        FROM cases_case WHERE submitted_at IS NOT NULL
    ) received
    UNION ALL
    SELECT site_id, area_path, (decided_at AT TIME ZONE 'Asia/Shanghai')::date,
           item_key, channel, 0, 0, 0, 1, (overdue_at IS NOT NULL)::int,
           coalesce(greatest(floor(extract(epoch FROM decided_at - accepted_at)), 0), 0)::bigint
    FROM cases_case WHERE decided_at IS NOT NULL
) each
GROUP BY site_id, area_path, day, item_key, channel
"""
_AS_BEFORE = "SELECT set_config('circle15.area', '', true)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_asked_by_app"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("day", models.DateField()),
                ("item_key", models.CharField(max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("window", "窗口"),
                            ("web", "网上"),
                            ("app", "手机应用"),
                            ("kiosk", "自助机"),
                            ("phone", "电话"),
                            ("post", "邮寄"),
                            ("bank", "银行网点"),
                            ("hospital", "医院"),
                            ("pharmacy", "药店"),
                            ("village", "村（社区）"),
                        ],
                        max_length=10,
                    ),
                ),
                ("received", models.IntegerField(default=0)),
                ("open", models.IntegerField(default=0)),
                ("open_late", models.IntegerField(default=0)),
                ("decided", models.IntegerField(default=0)),
                ("decided_late", models.IntegerField(default=0)),
                ("handled_s", models.BigIntegerField(default=0)),
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
                "indexes": [models.Index(fields=["day", "area_path"], name="cases_tally_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area_path", "site", "day", "item_key", "channel"),
                        name="cases_tally_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        by_area_path("cases_casetally"),
        migrations.RunSQL(sql=[_SEE_ALL, _FILL, _AS_BEFORE], reverse_sql=migrations.RunSQL.noop),
    ]
