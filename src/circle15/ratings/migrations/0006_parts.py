"""Keep running sums by item and by person, and sum up what was rated before."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path


EVERYWHERE = "SELECT set_config('circle15.area', '/', true)"
# Bad are the grades 1 and 2.
SUM_UP = """
INSERT INTO ratings_parttally (site_id, area_path, day, kind, key, good, bad)
SELECT site_id, area_path, served_on, kind, key,
       count(*) FILTER (WHERE grade > 2), count(*) FILTER (WHERE grade <= 2)
FROM ratings_rating, LATERAL (VALUES
    ('item', item_key, item_grade), ('person', staff_id::text, person_grade)
) part (kind, key, grade)
WHERE NOT is_default AND NOT is_excluded AND key <> '' AND grade IS NOT NULL
GROUP BY site_id, area_path, served_on, kind, key
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ratings", "0005_case_of_order"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=6)),
                ("key", models.CharField(max_length=60)),
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
                "indexes": [models.Index(fields=["day", "area_path"], name="ratings_part_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area_path", "site", "day", "kind", "key"),
                        name="ratings_part_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        by_area_path("ratings_parttally"),
        migrations.RunSQL([EVERYWHERE, SUM_UP], migrations.RunSQL.noop),
    ]
