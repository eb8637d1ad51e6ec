"""Find the short work lists without looking through all that is open."""

from django.db import migrations, models

OPEN = [
    "draft",
    "submitted",
    "incomplete",
    "accepted",
    "conditional",
    "handling",
    "asked",
    "suspended",
    "review",
    "decided",
    "ready",
    "delivered",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_services")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("owner_id__isnull", True),
                    ("state__in", ["accepted", "conditional"]),
                    models.Q(("handler_path", ""), _negated=True),
                ),
                fields=["handler_path", "urgent_on", "id"],
                name="cases_case_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state__in", OPEN)),
                fields=["state", "urgent_on", "id"],
                name="cases_case_state",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("promise_due_on__isnull", False)),
                fields=["promise_due_on"],
                name="cases_case_promised",
            ),
        ),
    ]
