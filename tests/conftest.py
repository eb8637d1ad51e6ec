"""What every test needs: no time asserted, and what those with a database rely on."""

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import override_settings
from hypothesis import settings as property_settings
from tests.any_order import shuffle_what_is_unordered
from tests.migrated import migrated

from circle15.ops.webserver import GARBAGE_AFTER

property_settings.register_profile("no deadline", deadline=None)
property_settings.load_profile("no deadline")
# Tests make many objects and few cycles, as the web server does: look for them as seldom.
gc.set_threshold(GARBAGE_AFTER)

if "CIRCLE15_ANY_ORDER" in os.environ:
    shuffle_what_is_unordered()

TRIGGERS = """
SELECT quote_ident(c.relname), quote_ident(t.tgname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE '%\\_no\\_truncate'
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Let the tests' database begin as a copy of the migrated one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let transactional tests empty append-only tables afterwards.

    A test of the refusal itself turns the table's trigger on again, in a transaction that ends.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(scope="session", autouse=True)
def patient_flush() -> Iterator[None]:
    """Empty the tables again if an answer still under way in a server's thread held one of them."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def again(self: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        for _ in range(3):
            with suppress(OperationalError):
                flush(self, sql_list)
                return
        flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", again)
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_static() -> Iterator[None]:
    """Name styles and scripts without the hashes of an installation, which has collected them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords by the same method at the least cost; the real one takes 0.3 s each."""
    settings.PASSWORD_HASHERS = ["tests.factories.QuickArgon2"]
