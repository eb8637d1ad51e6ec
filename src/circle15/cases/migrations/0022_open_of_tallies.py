"""Find what is open among the sums of all days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_more_events"),
        ("sites", "0003_changed_at"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="casetally",
            index=models.Index(
                condition=models.Q(("open", 0), _negated=True),
                fields=["area_path"],
                name="cases_tally_open",
            ),
        ),
    ]
