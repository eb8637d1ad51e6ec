"""Put imports behind row-level security: their reports name what lies in an area."""

from django.db import migrations

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("areas", "0001_initial")]
    operations = [by_area_path("imports_importrun")]
