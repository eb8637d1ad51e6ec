"""Put everything of a hall behind row-level security by its own path."""

from django.db import migrations

from circle15.areas.row_security import by_area_path

TABLES = (
    "hall",
    "lane",
    "elderpeak",
    "counter",
    "ticket",
    "ticketitem",
    "span",
    "announcement",
    "windowsession",
    "pause",
    "cover",
    "windowskill",
)


class Migration(migrations.Migration):
    dependencies = [("hall", "0001_initial"), ("areas", "0001_initial")]
    operations = [by_area_path(f"hall_{table}") for table in TABLES]
