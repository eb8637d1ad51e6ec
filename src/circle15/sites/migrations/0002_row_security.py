"""Put sites and everything in them behind row-level security."""

from django.db import migrations

from circle15.areas.row_security import by_area_path, by_site

_PARTS = ("zone", "equipment", "sign", "window", "openinghours", "staffmember")


class Migration(migrations.Migration):
    dependencies = [("sites", "0001_initial")]
    operations = [by_area_path("sites_site"), *(by_site(f"sites_{part}") for part in _PARTS)]
