"""The hall of these tests."""

import pytest
from tests.hall.appointments.places import Bookable, furnish


@pytest.fixture
def bookable(db) -> Bookable:
    return furnish()
