"""Show a survey to whoever sees the area it was made in."""

from django.db import migrations

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("programme", "0015_surveys"), ("areas", "0001_initial")]
    operations = [by_area_path("programme_awarenesssurvey")]
