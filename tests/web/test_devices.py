"""A machine's browser: registered by code, let in by its cookie, asked for CSRF, shut out."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests import factories
from tests.factories import logged_in

from circle15.accounts.devices import GOOD_FOR, Device, DeviceKind, issue, verify
from circle15.accounts.models import Device as Registered
from circle15.areas.scope import EVERYWHERE, area_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def probes(settings):
    cache.clear()
    settings.ROOT_URLCONF = "tests.web.probe"


@pytest.fixture
def manager():
    return logged_in(factories.manager())


def _registered(manager, kind="kiosk", **more) -> Client:
    page = manager.post("/devices/", {"kind": kind, "name": "一号机", "site_code": "QD-0001"})
    machine = Client(**more)
    reply = machine.post("/device/", {"code": page.context["code"].text})
    assert reply.status_code == 302, reply.context["form"].errors
    return machine


def test_registered_machine_opens_its_pages_and_only_those(manager):
    machine = _registered(manager)

    page = machine.get("/machine/")
    assert page.json() == {
        "actor": "一号机",
        "role": "kiosk",
        "sites": ["QD-0001"],
        "writable": False,
    }
    assert machine.get("/screen-probe/").status_code == 401
    assert machine.get("/sites/").status_code == 302


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(manager):
    cookie = _registered(manager).cookies[settings.DEVICE_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")


def test_submission_with_the_cookie_alone_is_refused(manager):
    machine = _registered(manager)
    token = machine.cookies[settings.DEVICE_COOKIE_NAME].value
    forged = Client(enforce_csrf_checks=True)
    forged.cookies[settings.DEVICE_COOKIE_NAME] = token

    assert forged.post("/machine/").status_code == 403
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client(enforce_csrf_checks=True).post("/machine/", headers=bearer).status_code == 200
    forged.get("/device/")
    csrf = forged.cookies[settings.CSRF_COOKIE_NAME].value
    reply = forged.post("/machine/", {"csrfmiddlewaretoken": csrf})
    assert reply.json()["writable"] is True


def test_stranger_is_led_to_registration():
    reply = Client().get("/machine/", headers={"Accept": "text/html"})

    assert (reply.status_code, reply.url) == (302, "/device/")
    assert Client().get("/machine/").status_code == 401


def test_revoked_machine_is_out(manager, django_capture_on_commit_callbacks):
    machine = _registered(manager)
    uid = _only().uid

    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post(f"/devices/{uid}/revoke/").status_code == 302

    assert machine.get("/machine/").status_code == 401
    assert "已停用" in manager.get("/devices/").content.decode()


def test_old_cookie_is_renewed(manager):
    site = factories.SiteFactory()
    soon = timezone.now() + timedelta(days=150)
    machine = Client()
    machine.cookies[settings.DEVICE_COOKIE_NAME] = issue(
        Device(_uid(manager), DeviceKind.KIOSK, site.area_path, soon, "一号机", site.name)
    )

    machine.get("/machine/")

    token = machine.cookies[settings.DEVICE_COOKIE_NAME].value
    left = verify(token, at=timezone.now()).expires_at - timezone.now()
    assert left > GOOD_FOR - timedelta(minutes=1)


def test_list_tells_when_a_machine_was_last_seen(manager):
    _registered(manager).get("/machine/")

    assert timezone.now() - _only().last_seen_at < timedelta(minutes=1)


def test_wrong_code_is_told_on_the_page():
    reply = Client().post("/device/", {"code": "AAAA AAAA"})

    assert reply.status_code == 422
    assert "登记码不正确" in reply.content.decode()


def test_foreign_site_gets_no_machine(manager):
    factories.SiteFactory(foreign=True)
    form = {"kind": "kiosk", "name": "x", "site_code": "RG-0001"}

    assert manager.post("/devices/", form).status_code == 404


def _uid(manager):
    _registered(manager)
    return _only().uid


def _only() -> Registered:
    with area_scope(EVERYWHERE):
        return Registered.objects.get()
