"""Pages a walk over the addresses cannot reach: shown once after a submission, and the API's."""

import os

import pytest
from tests import factories
from tests.factories import logged_in
from tests.web.browser import checks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("CIRCLE15_SHOTS", "")


@pytest.fixture
def manager_page(browser_context, live_server):
    cookie = logged_in(factories.manager()).cookies["circle15"]
    context = browser_context
    context.add_cookies([{"name": "circle15", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.set_viewport_size({"width": 375, "height": 812})
    return page


def _faults(page, live_server, name, mode="clerk"):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    return checks.everything(page, checks.LOOKS[mode], finger=True)


def test_machine_gets_its_code_and_registers(manager_page, browser_context, live_server):
    factories.HallFactory()
    page = manager_page
    watch = checks.Watch(live_server.url).on(page)
    page.goto(f"{live_server.url}/devices/")
    assert _faults(page, live_server, "devices") == []
    page.locator("#id_name").fill("大厅入口 1 号机")
    page.get_by_role("button", name="添加并生成登记码").click()
    code = page.locator(".stat-figure").inner_text()
    assert _faults(page, live_server, "device-code") == []

    page.goto(f"{live_server.url}/device/")
    assert _faults(page, live_server, "device", "kiosk") == []
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="登记").click()
    page.goto(f"{live_server.url}/device/")
    assert page.get_by_text("本机已登记").is_visible()
    assert _faults(page, live_server, "device-known", "kiosk") == []
    page.goto(f"{live_server.url}/devices/")
    assert _faults(page, live_server, "devices-one") == []
    assert watch.faults == []


def test_token_is_shown_once(manager_page, live_server):
    page = manager_page
    watch = checks.Watch(live_server.url).on(page)
    page.goto(f"{live_server.url}/tokens/")
    page.locator("#id_name").fill("银行排队机对接")
    page.get_by_role("button", name="生成令牌").click()
    assert _faults(page, live_server, "token") == []
    page.goto(f"{live_server.url}/tokens/")
    assert _faults(page, live_server, "tokens") == []
    assert watch.faults == []


def test_api_is_described_on_a_page(manager_page, live_server):
    page = manager_page
    watch = checks.Watch(live_server.url).on(page)
    page.goto(f"{live_server.url}/api/v1/docs")
    assert _faults(page, live_server, "api-docs", "normal") == []
    assert watch.faults == []
