"""The pages of scores need the built-in rule books."""

import pytest
from tests.factories import AT

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.publishing import install_built_in


@pytest.fixture(autouse=True)
def books():
    with area_scope(EVERYWHERE):
        install_built_in(by=system_actor("test"), at=AT)
