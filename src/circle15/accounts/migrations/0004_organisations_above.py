"""Show an organisation to everybody below it: the people of a site belong to its town's."""

from django.db import migrations

from circle15.areas.row_security import SCOPE

_OWN = f"starts_with(area_path, {SCOPE})"
_ABOVE = f"starts_with({SCOPE}, area_path)"
_ALTER = "ALTER POLICY accounts_organisation_area ON accounts_organisation USING"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_login_limits")]
    operations = [
        migrations.RunSQL(sql=f"{_ALTER} ({_OWN} OR {_ABOVE})", reverse_sql=f"{_ALTER} ({_OWN})")
    ]
