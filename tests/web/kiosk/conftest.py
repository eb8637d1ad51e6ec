"""A registered machine in a hall."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer
from tests.factories import HallFactory
from tests.web.browser import checks

from circle15.accounts.devices import Device, issue
from circle15.accounts.models import RevokedDevice
from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.booking_models import BookingRules
from circle15.hall.models import Hall, Ticket


@dataclass
class Machine:
    """A ticket machine with its cookie, and its hall."""

    device: Device
    hall: Hall

    @property
    def token(self) -> str:
        return issue(self.device)

    def client(self) -> Client:
        client = Client(headers={"Accept": "text/html"})
        client.cookies[settings.DEVICE_COOKIE_NAME] = self.token
        return client

    def tickets(self) -> list[Ticket]:
        with area_scope(EVERYWHERE):
            rows = Ticket.objects.filter(device_id=self.device.id).prefetch_related("items")
            return list(rows.order_by("id"))


@pytest.fixture
def machine() -> Machine:
    hall = HallFactory()
    with area_scope(EVERYWHERE):
        BookingRules.objects.create(hall=hall, area_path=hall.area_path)
    return Machine(_device(hall.area_path, uuid4(), timezone.now()), hall)


def _device(site_path: str, uid: UUID, at: datetime) -> Device:
    good_until = at + timedelta(days=300)
    return Device(uid, DeviceKind.KIOSK, site_path, good_until, "一号机", "汇龙镇示范点")


@pytest.fixture
def stand(browser_context: BrowserContext, live_server: LiveServer, machine: Machine) -> Page:
    """Open the machine's screen at its start."""
    bring_in(browser_context, live_server, machine)
    page = browser_context.new_page()
    width, height = checks.SCREENS["stand"]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{live_server.url}/kiosk/")
    return page


def bring_in(context: BrowserContext, live_server: LiveServer, machine: Machine) -> None:
    cookie = {"name": settings.DEVICE_COOKIE_NAME, "value": machine.token, "url": live_server.url}
    context.add_cookies([cookie])


def revoke(machine: Machine) -> None:
    """Revoke a machine, and let the server's memory of the good ones run out."""
    with area_scope(EVERYWHERE):
        RevokedDevice.objects.create(
            device_id=machine.device.id,
            area_path=machine.device.site_path,
            revoked_at=timezone.now(),
            expires_at=machine.device.expires_at,
        )
    cache.clear()
