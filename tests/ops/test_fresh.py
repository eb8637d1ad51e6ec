"""An empty database's tables are those of all migrations one after another, to the letter."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from tests.migrated import address, migrated, migrating

LOOKS = {
    "tables": """
        SELECT relname, relkind::text, relpersistence::text, reloptions, relrowsecurity,
            relforcerowsecurity
        FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
    "columns": """
        SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
            format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attidentity::text, l.collname, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relkind = 'r'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "policies": """
        SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies""",
    "triggers": """
        SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal""",
    "functions": """
        SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
    "migrations": "SELECT app, name FROM django_migrations",
    "permissions": """
        SELECT app_label, model, codename FROM auth_permission p
        JOIN django_content_type t ON t.id = p.content_type_id""",
}
NAME = "made_one_by_one"


@contextmanager
def empty() -> Iterator[str]:
    named = sql.Identifier(NAME)
    with psycopg.connect(address("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(named))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(named))
        yield address(NAME)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


def look(url: str) -> dict[str, set[str]]:
    with psycopg.connect(url) as connection:
        return {
            what: {str(row) for row in connection.execute(query.encode())}
            for what, query in LOOKS.items()
        }


@pytest.mark.slow
def test_tables_made_in_one_go_are_those_of_all_migrations():
    with empty() as url:
        migrating(NAME, "--one-by-one")
        one_by_one = look(url)

    in_one_go = look(address(migrated()))

    assert all(one_by_one.values())
    assert {what: in_one_go[what] ^ one_by_one[what] for what in LOOKS} == {
        what: set() for what in LOOKS
    }


def test_what_fails_half_way_leaves_nothing():
    with empty() as url:
        with psycopg.connect(url) as connection:
            # The functions come last: all tables were made when this one is in the way.
            connection.execute(
                "CREATE FUNCTION sites_itemtry_append_only() RETURNS int LANGUAGE sql AS 'SELECT 1'"
            )

        with pytest.raises(AssertionError, match="sites_itemtry_append_only"):
            migrating(NAME)

        with psycopg.connect(url) as connection:
            left = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert left.fetchone() == (0,)


def test_a_table_of_somebody_else_is_left_alone():
    with empty() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE somebody_elses ()")
        code = (
            "import django; django.setup(); from django.db import connection;"
            "from circle15.ops.fresh import make_tables; print(make_tables(connection))"
        )

        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "CIRCLE15_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=True,
        )

        assert done.stdout.strip() == "0"
        with psycopg.connect(url) as connection:
            assert connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            ).fetchall() == [("somebody_elses",)]
