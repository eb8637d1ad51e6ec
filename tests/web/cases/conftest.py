"""Who and what the pages of cases need: an edition in force, a site, somebody from the register."""

import pytest
from tests import factories

from circle15.accounts.actors import system_actor
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry

NUMBER = "320681195003051232"


@pytest.fixture
def world():
    """Return the site of alice with the catalogue in force."""
    factories.catalogue()
    return factories.SiteFactory()


@pytest.fixture
def person(world):
    """Enter somebody of the town into the register."""
    entry = PersonEntry(
        name="王秀英",
        id_number=NUMBER,
        phone="13800138000",
        division_code=world.division.code,
        is_synthetic=True,
    )
    return upsert(entry=entry, by=system_actor("test"), at=factories.AT)


@pytest.fixture
def alice(world):
    return factories.logged_in(factories.alice())
