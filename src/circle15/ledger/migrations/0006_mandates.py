"""Mandates to act for a relative, behind row-level security."""

import circle15.core.uids
import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import by_area_path

RELATIONS = [
    ("child", "子女代父母"),
    ("parent", "父母代子女"),
    ("spouse", "配偶"),
    ("guardian", "监护人"),
    ("other", "其他亲属"),
]
AGREED_BY = [("code", "短信验证码同意"), ("signed", "窗口书面签字")]


def _person(name: str) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to="ledger.person"
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_people_row_security")]
    operations = [
        migrations.CreateModel(
            "Mandate",
            [
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
                ("relation", models.CharField(choices=RELATIONS, max_length=10)),
                ("agreed_by", models.CharField(choices=AGREED_BY, max_length=10)),
                ("agreed_at", models.DateTimeField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("entered_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("agent", _person("mandates_held")),
                ("principal", _person("mandates_given")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["principal", "agreed_at"], name="ledger_mandate_given")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("agent", "principal"),
                        name="ledger_mandate_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agent", models.F("principal")), _negated=True),
                        name="ledger_mandate_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="ledger_mandate_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("ended_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_mandate_ended_by",
                    ),
                ],
            },
        ),
        by_area_path("ledger_mandate"),
    ]
