from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.devices import (
    Device,
    DeviceKind,
    DeviceRefused,
    issue,
    revoke,
    verify,
)
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db
UNTIL = AT + timedelta(days=30)
SITE = "/320600000000/320681000000/320681100000/QD-0001/"
KIOSK = Device(UUID(int=15), DeviceKind.KIOSK, SITE, UNTIL)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def test_token_gives_the_device_back():
    assert verify(issue(KIOSK), kind=DeviceKind.KIOSK, at=AT) == KIOSK


def test_token_is_good_until_it_expires():
    token = issue(KIOSK)

    assert verify(token, kind=DeviceKind.KIOSK, at=UNTIL - timedelta(seconds=1)) == KIOSK
    with pytest.raises(DeviceRefused):
        verify(token, kind=DeviceKind.KIOSK, at=UNTIL)


@pytest.mark.parametrize("token", ["", "x", issue(KIOSK)[:-1], issue(KIOSK) + "A"])
def test_forged_token_is_refused(token):
    with pytest.raises(DeviceRefused):
        verify(token, kind=DeviceKind.KIOSK, at=AT)


def test_token_of_another_kind_is_refused():
    with pytest.raises(DeviceRefused):
        verify(issue(KIOSK), kind=DeviceKind.DISPLAY, at=AT)


def test_token_costs_no_query_but_the_list_of_revoked_ones(django_assert_num_queries):
    token = issue(KIOSK)
    verify(token, kind=DeviceKind.KIOSK, at=AT)

    with django_assert_num_queries(0):
        verify(token, kind=DeviceKind.KIOSK, at=AT)


def test_revoked_device_is_refused_and_told_to_the_trail(django_capture_on_commit_callbacks):
    token = issue(KIOSK)
    verify(token, kind=DeviceKind.KIOSK, at=AT)
    admin = actor_for(factories.security_admin())

    with area_scope(EVERYWHERE), django_capture_on_commit_callbacks(execute=True):
        revoke(device=KIOSK, by=admin, at=AT)
        revoke(device=KIOSK, by=admin, at=AT)

    with pytest.raises(DeviceRefused):
        verify(token, kind=DeviceKind.KIOSK, at=AT)
    with area_scope(SITE):
        events = set(Event.objects.values_list("verb", "target_id"))
    assert events == {("device.revoke", str(KIOSK.id))}


def test_revoke_refuses():
    foreign = Device(UUID(int=1), DeviceKind.PAD, "/34/", datetime(2027, 1, 1, tzinfo=UTC))

    with pytest.raises(NotAllowed):
        revoke(device=KIOSK, by=actor_for(factories.carol()), at=AT)
    with pytest.raises(NotFound):
        revoke(device=foreign, by=actor_for(factories.security_admin()), at=AT)
