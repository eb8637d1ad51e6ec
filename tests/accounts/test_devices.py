from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from tests.factories import AT

from circle15.accounts.devices import (
    Device,
    DeviceKind,
    DeviceRefused,
    device_actor,
    issue,
    verify,
)
from circle15.accounts.states import Permission

pytestmark = pytest.mark.django_db
UNTIL = AT + timedelta(days=30)
SITE = "/320600000000/320681000000/320681100000/QD-0001/"
KIOSK = Device(UUID(int=15), DeviceKind.KIOSK, SITE, UNTIL)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def test_token_gives_the_device_back():
    assert verify(issue(KIOSK), kinds={DeviceKind.KIOSK}, at=AT) == KIOSK


def test_token_is_good_until_it_expires():
    token = issue(KIOSK)

    assert verify(token, kinds={DeviceKind.KIOSK}, at=UNTIL - timedelta(seconds=1)) == KIOSK
    with pytest.raises(DeviceRefused):
        verify(token, kinds={DeviceKind.KIOSK}, at=UNTIL)


@pytest.mark.parametrize("token", ["", "x", issue(KIOSK)[:-1], issue(KIOSK) + "A"])
def test_forged_token_is_refused(token):
    with pytest.raises(DeviceRefused):
        verify(token, kinds={DeviceKind.KIOSK}, at=AT)


def test_token_of_another_kind_is_refused():
    with pytest.raises(DeviceRefused):
        verify(issue(KIOSK), kinds={DeviceKind.DISPLAY}, at=AT)


def test_token_costs_no_query_but_the_list_of_revoked_ones(django_assert_num_queries):
    token = issue(KIOSK)
    verify(token, kinds={DeviceKind.KIOSK}, at=AT)

    with django_assert_num_queries(0):
        verify(token, kinds={DeviceKind.KIOSK}, at=AT)


def test_device_without_names_acts_by_its_number():
    actor = device_actor(KIOSK)

    assert (actor.role, actor.name, actor.area_path) == ("kiosk", str(KIOSK.id), SITE)
    assert actor.permissions == {Permission.VIEW_HALL, Permission.TAKE_TICKETS}
    assert KIOSK.site_code == "QD-0001"
