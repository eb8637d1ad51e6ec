"""Guides at a standing screen: read, printed, and forgotten like everything else."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.factories import catalogue
from tests.web.browser import checks
from tests.web.kiosk.test_kiosk_browser import at_step, printing

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_guide_is_read_printed_and_forgotten(settings, stand: Page, live_server: LiveServer):
    catalogue()
    watch = checks.Watch(live_server.url).on(stand)
    with printing(settings, live_server) as printer:
        stand.goto(f"{live_server.url}/kiosk/")
        for step, name in (
            ("guides", "办事指南"),
            ("guide_items", "医疗费用报销"),
            ("guide", "住院"),
        ):
            stand.get_by_role("link", name=name).first.click()
            at_step(stand, step)
            assert checks.everything(stand, checks.LOOKS["kiosk"], finger=True) == []
        assert watch.faults == []
        stand.get_by_role("link", name="打印带走").click()
        expect(stand.locator("[data-c15-kiosk-paper]")).to_have_text("指南已打印，请在下方取走。")
    assert [paper.picture.width for paper in printer.papers] == [576]
    stand.get_by_role("link", name="回到首页").click()
    at_step(stand, "start")
    assert stand.evaluate("[location.pathname, localStorage.length]") == ["/kiosk/", 0]
