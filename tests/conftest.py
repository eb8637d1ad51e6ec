"""What every test needs: no time asserted, and what those with a database rely on."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from hypothesis import settings as property_settings
from tests.any_order import shuffle_what_is_unordered
from tests.migrated import migrated

property_settings.register_profile("no deadline", deadline=None)
property_settings.load_profile("no deadline")

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
def plain_static() -> Iterator[None]:
    """Name styles and scripts without the hashes of an installation, which has collected them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords by the same method at the least cost; the real one takes 0.3 s each."""
    settings.PASSWORD_HASHERS = ["tests.factories.QuickArgon2"]
