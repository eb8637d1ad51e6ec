"""A platform for the tests that need one."""

from collections.abc import Iterator

import pytest
from tests.cases.core_platform.platforms import Rig, rig


@pytest.fixture
def at_platform(db) -> Iterator[Rig]:
    with rig() as made:
        yield made
