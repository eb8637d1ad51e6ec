"""Migration operations that put a table behind row-level security.

The owner of the tables is the role the application runs as, hence FORCE. An unset or empty
scope gives NULL, and NULL shows nothing.
"""

from django.db.migrations import RunSQL

SCOPE = "nullif(current_setting('circle15.area', true), '')"
# Not `IN (SELECT …)`: that reads all sites before the first row, EXISTS looks up the few it needs.
OF_VISIBLE_SITE = "EXISTS (SELECT FROM sites_site WHERE sites_site.id = site_id)"


def protect(table: str, visible: str, *, writable: str = "") -> RunSQL:
    """Show rows of `table` where the SQL condition `visible` holds; writes must satisfy it too."""
    check = writable or visible
    return RunSQL(
        sql=[
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {table}_area ON {table} USING ({visible}) WITH CHECK ({check})",
        ],
        reverse_sql=[
            f"DROP POLICY {table}_area ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def by_area_path(table: str) -> RunSQL:
    """Protect a table that has its own `area_path`."""
    return protect(table, f"starts_with(area_path, {SCOPE})")


def by_site(table: str) -> RunSQL:
    """Protect a table whose rows belong to a site: visible where the site is."""
    return protect(table, OF_VISIBLE_SITE)


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE of a table by triggers."""
    return RunSQL(
        sql=[
            f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
            f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_append_only()""",
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()""",
        ],
        reverse_sql=[
            f"DROP TRIGGER {table}_no_truncate ON {table}",
            f"DROP TRIGGER {table}_no_change ON {table}",
            f"DROP FUNCTION {table}_append_only()",
        ],
    )
