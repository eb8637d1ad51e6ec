"""What people confirm of the set-up of a city, in their area only; what was said stays."""

from django.db import migrations, models

from circle15.areas.row_security import append_only, by_area_path


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0014_veto_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="SetupConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(db_collation="C", max_length=80)),
                ("step", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("note", models.CharField(max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["step", "area_path", "-at"], name="assessments_setup_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="assessments_setup_says_what",
                    )
                ],
            },
        ),
        by_area_path("assessments_setupconfirmation"),
        append_only("assessments_setupconfirmation"),
    ]
