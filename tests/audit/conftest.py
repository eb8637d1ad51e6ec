"""A chain in a real database, and the owner's power to break it."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def as_owner(transactional_db):
    """Take the guards down, as who owns the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # thousands of commits, none to keep
        for table in ("audit_event", "audit_link", "audit_head"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
        cursor.execute("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY")
        yield cursor
        for table in ("audit_event", "audit_link", "audit_head"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")
        cursor.execute("ALTER TABLE audit_event FORCE ROW LEVEL SECURITY")
        cursor.execute("RESET synchronous_commit")
