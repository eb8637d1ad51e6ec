"""Keep who changed a draft of a typical case last: neither writer chooses it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0016_results_by_two"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="typicalcase",
            name="assessments_typical_chosen_by_another",
        ),
        migrations.AddField(
            model_name="typicalcase",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="typicalcase",
            name="changed_by",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="typicalcase",
            name="changed_by_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="typicalcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("chosen_by_id__isnull", True),
                    models.Q(
                        models.Q(
                            ("written_by_id__isnull", True),
                            models.Q(("chosen_by_id", models.F("written_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("changed_by_id__isnull", True),
                            models.Q(("chosen_by_id", models.F("changed_by_id")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="assessments_typical_chosen_by_another",
            ),
        ),
    ]
