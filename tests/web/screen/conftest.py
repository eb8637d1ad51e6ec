"""A hall behind a real web server and a real process of live updates, a display and a phone."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings as read_settings
from playwright.sync_api import BrowserContext
from tests.hall.conftest import Place, furnish
from tests.ops.live.conftest import token
from tests.ops.live.process import Live, lively

DISPLAY = {"width": 1920, "height": 1080}
PHONE = {"width": 375, "height": 812}


@pytest.fixture(scope="module")
def one_live(live_server, django_db_blocker) -> Iterator[Live]:
    """Start it once; the tests kill it and start it again as they like."""
    with django_db_blocker.unblock(), lively(urlsplit(live_server.url).port) as live:
        yield live


@pytest.fixture
def live(one_live: Live, settings) -> Iterator[Live]:
    settings.LIVE_PORT = one_live.port
    yield one_live
    one_live.hang_up()
    if not one_live.is_up():
        one_live.start()
    one_live.hang_up()


@pytest.fixture
def hall(transactional_db) -> Place:
    return furnish()


def as_display(context: BrowserContext, url: str, hall: Place) -> None:
    """Give a browser the cookie of a registered display."""
    name, _, value = token(hall).partition("=")
    assert name == read_settings.DEVICE_COOKIE_NAME
    context.add_cookies([{"name": name, "value": value, "url": url}])


@pytest.fixture
def place(db) -> Place:
    return furnish()
