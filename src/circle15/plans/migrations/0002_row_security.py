"""Put plans behind row-level security: they show what an area intends."""

from django.db import migrations

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("areas", "0001_initial")]
    operations = [by_area_path("plans_plan")]
