"""Show who can handle what, and what was tried, where the site is."""

from django.db import migrations

from circle15.areas.row_security import by_site


class Migration(migrations.Migration):
    dependencies = [("sites", "0004_staff_sources_and_skills")]
    operations = [
        by_site("sites_staffskill"),
        by_site("sites_itemtry"),
    ]
