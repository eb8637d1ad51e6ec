"""A hall, its live process and a display's token."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone
from tests.hall.conftest import Place, furnish
from tests.ops.live.process import Live, lively

from circle15.accounts.devices import Device, issue
from circle15.accounts.states import DeviceKind


@pytest.fixture
def hall(transactional_db) -> Place:
    return furnish()


@pytest.fixture(scope="module")
def one_live(django_db_setup, django_db_blocker) -> Iterator[Live]:
    with django_db_blocker.unblock(), lively() as live:
        yield live


@pytest.fixture
def live(one_live: Live) -> Iterator[Live]:
    yield one_live
    one_live.hang_up()


def token(place: Place, kind: DeviceKind = DeviceKind.DISPLAY, path: str = "") -> str:
    until = timezone.now() + timedelta(days=1)
    device = Device(UUID(int=7), kind, path or place.hall.area_path, until, "东墙", "大厅")
    return f"{settings.DEVICE_COOKIE_NAME}={issue(device)}"
