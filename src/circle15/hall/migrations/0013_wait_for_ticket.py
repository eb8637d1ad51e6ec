"""Call-next waits for a ticket that is locked for a moment instead of passing it over."""

from importlib import import_module

from django.db import migrations

CALL = import_module("circle15.hall.migrations.0003_steps").CALL


class Migration(migrations.Migration):
    dependencies = [("hall", "0012_board_notices")]
    operations = [
        # A database made since has the same text already.
        migrations.RunSQL(
            sql=[(CALL.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1), None)],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
