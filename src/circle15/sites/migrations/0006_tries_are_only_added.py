"""Keep every try of an item as it was recorded: the next one stands beside it."""

from django.db import migrations

from circle15.areas.row_security import append_only


class Migration(migrations.Migration):
    dependencies = [("sites", "0005_staff_skills_rows")]
    operations = [append_only("sites_itemtry")]
