"""Put the ledger behind row-level security and make facts and evidence append-only.

A fact of a town is shown to its officers and to every site under it.
"""

from django.db import migrations

from circle15.areas.row_security import SCOPE, VISIBLE_SITES, append_only, protect

_DIVISION = (
    "division_id IN (SELECT id FROM areas_division WHERE "
    f"starts_with(path, {SCOPE}) OR (level = 'town' AND starts_with({SCOPE}, path)))"
)
_OWN_DIVISION = f"division_id IN (SELECT id FROM areas_division WHERE starts_with(path, {SCOPE}))"
_SITE = f"site_id IN {VISIBLE_SITES}"


def _dated(table: str) -> migrations.RunSQL:
    return protect(table, f"{_SITE} OR {_DIVISION}", writable=f"{_SITE} OR {_OWN_DIVISION}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("sites", "0002_row_security")]
    operations = [
        _dated("ledger_evidence"),
        _dated("ledger_fact"),
        _dated("ledger_training"),
        protect("ledger_fact_evidence", "fact_id IN (SELECT id FROM ledger_fact)"),
        protect("ledger_training_evidence", "training_id IN (SELECT id FROM ledger_training)"),
        append_only("ledger_fact"),
        append_only("ledger_evidence"),
        append_only("ledger_fact_evidence"),
    ]
