"""The database refuses change, and shows events by area."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.audit.trail import COUNTY, sealed_trail, write

from circle15.audit.models import Event

TABLES = ("audit_event", "audit_link", "audit_head")
COLUMN = {"audit_event": "verb", "audit_link": "mac", "audit_head": "mac"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "DELETE FROM {table} WHERE false",
    ],
)
def test_change_is_refused(table, sql):
    sealed_trail(2)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"):
        cursor.execute(sql.format(table=table, column=COLUMN[table]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ("/", 5),
        ("/320600000000/", 5),
        (COUNTY, 2),
        ("/320600000000/320682000000/", 3),
        ("/320600000000/320683000000/", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_events_are_shown_by_area_only(scope, seen):
    write(2)
    write(3, area_path="/320600000000/320682000000/")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET circle15.area")
        if scope is not None:
            cursor.execute("SELECT set_config('circle15.area', %s, true)", [scope])
        assert Event.objects.count() == seen
