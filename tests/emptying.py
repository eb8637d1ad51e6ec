"""Empties what a test has committed: the few tables with something in them, not all two hundred.

Django empties every table anew and tells each application of it: half a second a test.
"""

from django.db import connection, transaction
from psycopg import sql

# What the migrations wrote themselves.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
FILLED = """
SELECT relname, relforcerowsecurity FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)
"""


def empty_tables() -> None:
    """Take every row away, also of what is only ever added and of what lies in no area."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILLED, [list(KEPT)])
        found = [(sql.Identifier(name), is_walled) for name, is_walled in cursor.fetchall()]
        for table, is_walled in found:
            wall = sql.SQL(", NO FORCE ROW LEVEL SECURITY" if is_walled else "")
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER{}").format(table, wall))
        for table, _is_walled in found:
            cursor.execute(sql.SQL("DELETE FROM {}").format(table))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, is_walled in found:
            wall = sql.SQL(", FORCE ROW LEVEL SECURITY" if is_walled else "")
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER{}").format(table, wall))
