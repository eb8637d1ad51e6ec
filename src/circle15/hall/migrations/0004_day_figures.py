"""Keep what each day of a hall came to."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0003_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="HallDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("day", models.DateField()),
                ("came", models.PositiveIntegerField()),
                ("served", models.PositiveIntegerField()),
                ("unfinished", models.PositiveIntegerField()),
                ("no_shows", models.PositiveIntegerField()),
                ("wait_mean_s", models.FloatField(null=True)),
                ("wait_p90_s", models.FloatField(null=True)),
                ("instant_items", models.PositiveIntegerField()),
                ("instant_s", models.FloatField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "hall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="hall.hall",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hall", "day"), name="hall_day_once")
                ],
            },
        ),
        by_area_path("hall_hallday"),
    ]
