"""Keep calls about cases, seen with their case; find soon what nobody was told."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import protect

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_text_numbers")]
    operations = [
        migrations.CreateModel(
            name="CaseCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("reached", "已告知"), ("missed", "没打通，再打")], max_length=8
                    ),
                ),
                ("events", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("called_at", models.DateTimeField()),
                ("called_by_id", models.BigIntegerField(null=True)),
                ("called_by", models.CharField(max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="cases.case",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["case", "id"], name="cases_call_of_case")]},
        ),
        migrations.AddIndex(
            model_name="textmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "withheld"])),
                fields=["settled_at", "id"],
                name="cases_text_untold",
            ),
        ),
        protect("cases_casecall", OF_VISIBLE_CASE),
    ]
