import pytest
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import system_actor
from circle15.accounts.demo_accounts import PASSWORD, Place, ensure_demo_accounts
from circle15.accounts.models import Person, User
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope

pytestmark = pytest.mark.django_db


def place(area) -> Place:
    division = getattr(area, "division", area)
    organisation = factories.OrganisationFactory(division=division)
    path = getattr(area, "area_path", None) or area.path
    return Place(path, area.name, organisation.pk)


def ensure():
    with area_scope(EVERYWHERE):
        return ensure_demo_accounts(
            city=place(factories.CityFactory()),
            county=place(factories.CountyFactory()),
            sites=(place(factories.SiteFactory()), place(factories.SiteFactory(other=True))),
            by=system_actor("demo"),
            at=AT,
        )


def test_demo_accounts_hold_every_role_and_come_once():
    first, second = ensure(), ensure()

    assert first == second
    assert {account.role for account in first} == set(Role)
    assert User.objects.count() == len(first) == 15


def test_demo_accounts_are_synthetic_and_open_with_the_printed_password():
    ensure()

    users = User.objects.all()
    assert {(user.is_demo, user.check_password(PASSWORD)) for user in users} == {(True, True)}
    with area_scope(EVERYWHERE):
        assert not Person.objects.filter(is_synthetic=False).exists()
