"""Put everything about people and organisations served behind row-level security."""

from django.db import migrations

from circle15.areas.row_security import by_area_path

TABLES = (
    "person",
    "servedorganisation",
    "membership",
    "consent",
    "need",
    "followup",
    "revealalarm",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_people"), ("areas", "0001_initial")]
    operations = [by_area_path(f"ledger_{table}") for table in TABLES]
