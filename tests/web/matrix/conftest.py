"""The nine places, built once for all tests of the matrix and taken back at the end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from tests import factories
from tests.web.matrix.asking import Visitor
from tests.web.matrix.world import Place, build

from circle15.accounts.states import Role

# Where each role is at home; everybody has a county and a city above or beside.
HOMES = {Role.CITY_OFFICER: "nt", Role.SITE_MANAGER: "qd1", Role.CLERK: "qd1"}
COUNTY = "qd"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep thousands of refusals out of the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def places(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, Place]]:
    folder = tmp_path_factory.mktemp("matrix")
    storages = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder / "evidence"},
        }
    }
    hashers = ["tests.factories.QuickArgon2"]
    with (
        override_settings(STORAGES=storages, PASSWORD_HASHERS=hashers, VAR_DIR=folder),
        _quiet(),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitors(places: dict[str, Place]) -> list[Visitor]:
    """One of each role, and a stranger."""
    return [_visitor(role, places[HOMES.get(role, COUNTY)]) for role in Role] + [Visitor("", "")]


def _visitor(role: str, home: Place) -> Visitor:
    area = home.site or home.division
    name = f"visitor-{role.replace('_', '-')}"
    return Visitor(role, home.path, factories.staff(name, role, area=area))
