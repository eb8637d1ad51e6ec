"""Show a training to everybody whose staff it was for: one of the county to all below it."""

from django.db import migrations

from circle15.areas.row_security import OF_VISIBLE_SITE, SCOPE

_OWN = f"starts_with(path, {SCOPE})"
_TOWN = f"level = 'town' AND starts_with({SCOPE}, path)"
_ABOVE = f"starts_with({SCOPE}, path)"


def _shown(around: str) -> str:
    divisions = f"SELECT id FROM areas_division WHERE {_OWN} OR ({around})"
    return (
        "ALTER POLICY ledger_training_area ON ledger_training "
        f"USING ({OF_VISIBLE_SITE} OR division_id IN ({divisions}))"
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_row_security")]
    operations = [migrations.RunSQL(sql=_shown(_ABOVE), reverse_sql=_shown(_TOWN))]
