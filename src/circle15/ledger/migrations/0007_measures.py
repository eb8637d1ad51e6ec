"""Keep what is watched of a site's running, append-only and behind row-level security."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import append_only, by_area_path


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_mandates"), ("sites", "0003_changed_at")]
    operations = [
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=120)),
                ("name", models.CharField(max_length=40)),
                ("observed_on", models.DateField()),
                ("part", models.DecimalField(decimal_places=3, max_digits=16)),
                ("whole", models.PositiveIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="ledger.measure",
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
                        fields=["site", "name", "-observed_on", "-id"],
                        name="ledger_measure_site",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", True)),
                        fields=("site", "name", "observed_on"),
                        name="ledger_measure_once",
                    )
                ],
            },
        ),
        by_area_path("ledger_measure"),
        append_only("ledger_measure"),
    ]
