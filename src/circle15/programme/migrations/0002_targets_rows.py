"""Show targets and their changes in their area only; what was changed stays written down."""

from django.db import migrations

from circle15.areas.row_security import append_only, by_area_path


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_targets"), ("areas", "0001_initial")]
    operations = [
        by_area_path("programme_target"),
        by_area_path("programme_targetchange"),
        append_only("programme_targetchange"),
    ]
