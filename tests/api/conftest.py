"""A hall that opens for every test, and a cache without what other tests left."""

import pytest
from django.core.cache import cache
from tests.api.callers import Hall, open_hall
from tests.web.conftest import front_end

__all__ = ["front_end"]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def hall(db) -> Hall:
    return open_hall()
