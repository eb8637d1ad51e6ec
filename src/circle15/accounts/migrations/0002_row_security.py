"""Put organisations, people and posts behind row-level security."""

from django.db import migrations

from circle15.areas.row_security import by_area_path


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        by_area_path("accounts_organisation"),
        by_area_path("accounts_person"),
        by_area_path("accounts_post"),
    ]
