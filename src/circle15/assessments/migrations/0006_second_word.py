"""A second officer's word on the vetoes of a stored sheet: said once, seen where its site is."""

import django.db.models.deletion as on_delete
from django.db import migrations, models

from circle15.areas.row_security import append_only, by_site


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_one_edition_a_day"),
        ("sites", "0003_changed_at"),
    ]
    operations = [
        migrations.AddField("storedsheet", "stored_by_id", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="SecondWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agrees", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=80)),
                ("said_by_id", models.BigIntegerField(null=True)),
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=on_delete.PROTECT,
                        related_name="word",
                        to="assessments.storedsheet",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=on_delete.PROTECT, related_name="+", to="sites.site"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(agrees=True) | ~models.Q(reason=""),
                        name="assessments_word_declined_with_reason",
                    )
                ]
            },
        ),
        by_site("assessments_secondword"),
        append_only("assessments_secondword"),
    ]
