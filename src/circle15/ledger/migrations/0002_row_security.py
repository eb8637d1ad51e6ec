"""Put the ledger behind row-level security and make facts and evidence append-only.

A fact of a town is shown to its officers and to every site under it.
"""

from django.db import migrations

from circle15.areas.row_security import OF_VISIBLE_SITE, SCOPE, append_only, protect

_DIVISION = (
    "division_id IN (SELECT id FROM areas_division WHERE "
    f"starts_with(path, {SCOPE}) OR (level = 'town' AND starts_with({SCOPE}, path)))"
)
_OWN_DIVISION = f"division_id IN (SELECT id FROM areas_division WHERE starts_with(path, {SCOPE}))"


def _dated(table: str) -> migrations.RunSQL:
    return protect(
        table, f"{OF_VISIBLE_SITE} OR {_DIVISION}", writable=f"{OF_VISIBLE_SITE} OR {_OWN_DIVISION}"
    )


def _exists(part: str) -> str:
    return f"EXISTS (SELECT FROM ledger_{part} WHERE ledger_{part}.id = {part}_id)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("sites", "0002_row_security")]
    operations = [
        _dated("ledger_evidence"),
        _dated("ledger_fact"),
        _dated("ledger_training"),
        protect("ledger_fact_evidence", _exists("fact")),
        protect("ledger_training_evidence", _exists("training")),
        append_only("ledger_fact"),
        append_only("ledger_evidence"),
        append_only("ledger_fact_evidence"),
    ]
