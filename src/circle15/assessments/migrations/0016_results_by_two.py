"""A year's result takes two officers; who proposed a grade decides no objection to it."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("assessments", "0015_setup")]
    operations = [
        migrations.AddField("yearresult", "agreed_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField(
            "yearresult", "agreed_by_id", models.BigIntegerField(null=True, blank=True)
        ),
        migrations.AddField(
            "yearresult",
            "agreed_by",
            models.CharField(max_length=80, blank=True, default=""),
            preserve_default=False,
        ),
        # What one officer decided until now stands; nobody is said to have agreed.
        migrations.RunSQL(
            "UPDATE assessments_yearresult SET agreed_at = decided_at WHERE is_current",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            "yearresult",
            "is_proposed",
            models.BooleanField(default=False),
        ),
        migrations.AlterField("yearresult", "is_proposed", models.BooleanField(default=True)),
        migrations.AlterField("yearresult", "is_current", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "yearresult",
            models.UniqueConstraint(
                fields=["site", "year"],
                name="assessments_result_one_proposed",
                condition=Q(is_proposed=True),
            ),
        ),
        migrations.AddConstraint(
            "yearresult",
            models.CheckConstraint(
                name="assessments_result_by_two",
                condition=Q(is_current=False)
                | Q(is_proposed=False, agreed_at__isnull=False)
                & (Q(agreed_by_id__isnull=True) | ~Q(agreed_by_id=F("decided_by_id"))),
            ),
        ),
        migrations.RemoveConstraint("appraisal", "assessments_appraisal_by_others"),
        migrations.AddConstraint(
            "appraisal",
            models.CheckConstraint(
                name="assessments_appraisal_by_others",
                condition=~Q(proposed_by_id=F("user_id"))
                & (
                    Q(confirmed_by_id__isnull=True)
                    | ~Q(confirmed_by_id=F("user_id")) & ~Q(confirmed_by_id=F("proposed_by_id"))
                )
                & (
                    Q(decided_by_id__isnull=True)
                    | ~Q(decided_by_id=F("user_id"))
                    & ~Q(decided_by_id=F("confirmed_by_id"))
                    & ~Q(decided_by_id=F("proposed_by_id"))
                ),
            ),
        ),
    ]
