"""Mandates to act for an organisation: in force once confirmed."""

import django.db.models.deletion
from django.db import migrations, models

RELATIONS = [
    ("child", "子女代父母"),
    ("parent", "父母代子女"),
    ("spouse", "配偶"),
    ("guardian", "监护人"),
    ("other", "其他亲属"),
    ("staff", "单位经办人"),
    ("legal", "法定代表人（负责人）"),
]


def _when(**fields: object) -> models.Q:
    return models.Q(*sorted(fields.items()))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_measures")]
    operations = [
        migrations.AlterField(
            "mandate",
            "principal",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mandates_given",
                to="ledger.person",
            ),
        ),
        migrations.AlterField(
            "mandate", "relation", models.CharField(choices=RELATIONS, max_length=10)
        ),
        migrations.AddField(
            "mandate",
            "organisation",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.servedorganisation",
            ),
        ),
        migrations.AddField("mandate", "confirmed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "mandate",
            "confirmed_by",
            models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddConstraint(
            "mandate",
            models.UniqueConstraint(
                condition=_when(ended_at__isnull=True, confirmed_at__isnull=False),
                fields=("agent", "organisation"),
                name="ledger_mandate_handler_once",
            ),
        ),
        migrations.AddConstraint(
            "mandate",
            models.UniqueConstraint(
                condition=_when(ended_at__isnull=True, confirmed_at__isnull=True),
                fields=("agent", "organisation"),
                name="ledger_mandate_waiting_once",
            ),
        ),
        migrations.AddConstraint(
            "mandate",
            models.CheckConstraint(
                condition=models.Q(
                    _when(principal__isnull=True, organisation__isnull=False),
                    _when(principal__isnull=False, organisation__isnull=True),
                    _connector="OR",
                ),
                name="ledger_mandate_of_one",
            ),
        ),
        migrations.AddConstraint(
            "mandate",
            models.CheckConstraint(
                condition=models.Q(
                    _when(confirmed_at__isnull=True, confirmed_by=""),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        models.Q(("confirmed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ledger_mandate_confirmed_by",
            ),
        ),
    ]
