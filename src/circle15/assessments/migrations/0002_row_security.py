"""Put scores behind row-level security; a stored sheet is never changed."""

from django.db import migrations

from circle15.areas.row_security import append_only, by_site


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("sites", "0002_row_security")]
    operations = [
        by_site("assessments_storedsheet"),
        by_site("assessments_livescore"),
        append_only("assessments_storedsheet"),
    ]
