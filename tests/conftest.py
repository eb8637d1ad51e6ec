"""What every test needs: no time asserted, and what those with a database rely on."""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import TransactionTestCase, override_settings
from hypothesis import settings as property_settings
from tests.any_order import shuffle_what_is_unordered
from tests.emptying import empty_tables
from tests.migrated import migrated

from circle15.ops.webserver import GARBAGE_AFTER

property_settings.register_profile("no deadline", deadline=None)
property_settings.load_profile("no deadline")
# Tests make many objects and few cycles, as the web server does: look for them as seldom.
gc.set_threshold(GARBAGE_AFTER)

if "CIRCLE15_ANY_ORDER" in os.environ:
    shuffle_what_is_unordered()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Let the tests' database begin as a copy of the migrated one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture(scope="session", autouse=True)
def patient_emptying() -> Iterator[None]:
    """Empty the tables again if an answer still under way in a server's thread held one of them."""

    def emptied(_case: TransactionTestCase) -> None:
        for _ in range(3):
            with suppress(OperationalError):
                empty_tables()
                return
        empty_tables()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
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
