"""Show a county's plan in the county and above it."""

from django.db import migrations

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("programme", "0018_county_plans"), ("areas", "0001_initial")]
    operations = [by_area_path("programme_countyplan")]
