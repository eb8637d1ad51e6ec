"""The style guide in a real browser: every component, every mode, every screen."""

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer
from tests.web.browser import checks, turns

from circle15.web.shared.errors import WORDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.urls("tests.web.shared.alone"),
    pytest.mark.django_db(transaction=True),
]

LAYOUTS = {"normal": "public", "elder": "public", "clerk": "bureau", "kiosk": "kiosk"}


def _page(context: BrowserContext, screen: str) -> Page:
    page = context.new_page()
    width, height = checks.SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    return page


def _drawn(page: Page) -> None:
    page.wait_for_selector("[data-c15-map][data-c15-ready='1']")
    page.wait_for_selector("[data-c15-chart][data-c15-ready='1']")


@pytest.mark.parametrize(
    ("mode", "screen"), turns.over([(mode,) for mode in checks.LOOKS], list(checks.SCREENS))
)
def test_design_page_has_no_fault(
    browser_context: BrowserContext, live_server: LiveServer, mode: str, screen: str
) -> None:
    page = _page(browser_context, screen)
    watch = checks.Watch(live_server.url).on(page)

    page.goto(f"{live_server.url}/design/?mode={mode}&layout={LAYOUTS[mode]}")
    _drawn(page)

    assert page.locator("html").get_attribute("data-mode") == mode
    assert checks.everything(page, checks.LOOKS[mode], finger=screen == "phone") == []
    assert watch.faults == []


@pytest.mark.parametrize(("mode", "screen"), [("elder", "phone"), ("clerk", "desk")])
def test_refused_form_has_no_fault(
    browser_context: BrowserContext, live_server: LiveServer, mode: str, screen: str
) -> None:
    page = _page(browser_context, screen)
    watch = checks.Watch(live_server.url).on(page)

    page.goto(f"{live_server.url}/design/?state=errors&mode={mode}&layout={LAYOUTS[mode]}")
    _drawn(page)

    assert checks.error_summary(page) == []
    assert page.locator("#id_area").input_value() == "很大"
    assert checks.everything(page, checks.LOOKS[mode], finger=screen == "phone") == []
    assert watch.faults == []


@pytest.mark.parametrize("status", turns.whose_turn("errors", list(WORDS)))
def test_error_page_has_no_fault(
    browser_context: BrowserContext, live_server: LiveServer, status: int
) -> None:
    page = _page(browser_context, "phone")
    watch = checks.Watch(live_server.url, expected_status=status).on(page)

    reply = page.goto(f"{live_server.url}/design/errors/{status}/")

    assert reply is not None
    assert page.locator("main .mono").inner_text() == reply.headers["x-request-id"]
    assert checks.everything(page, checks.LOOKS["normal"], finger=True) == []
    assert watch.faults == []


def test_open_dialog_has_no_fault_and_gives_focus_back(
    browser_context: BrowserContext, live_server: LiveServer
) -> None:
    page = _page(browser_context, "desk")
    page.goto(f"{live_server.url}/design/")
    opener = page.locator("[data-c15-open]")

    opener.click()

    assert checks.accessibility(page) == []
    page.keyboard.press("Escape")
    assert opener.evaluate("e => e === document.activeElement")


def test_list_beside_the_map_opens_a_site(
    browser_context: BrowserContext, live_server: LiveServer
) -> None:
    page = _page(browser_context, "desk")
    page.goto(f"{live_server.url}/design/")
    _drawn(page)

    page.locator("[data-c15-map-show='2']").press("Enter")

    assert page.locator(".leaflet-popup strong").inner_text() == "示例西村服务点"
    assert checks.accessibility(page) == []


def test_own_font_is_read_for_characters_it_holds(
    browser_context: BrowserContext, live_server: LiveServer
) -> None:
    page = _page(browser_context, "desk")
    page.goto(f"{live_server.url}/design/")

    held = page.evaluate(
        """async () => {
          await document.fonts.load('16px "Noto Sans SC Variable"', '镕喆医保');
          return document.fonts.check('16px "Noto Sans SC Variable"', '镕喆医保');
        }"""
    )

    assert held is True


# Clauses: W-69
def test_elder_mode_is_one_click_and_stays(
    browser_context: BrowserContext, live_server: LiveServer
) -> None:
    page = _page(browser_context, "phone")
    page.goto(f"{live_server.url}/design/?page=2")

    page.get_by_role("button", name="长者模式").click()
    page.get_by_role("button", name="加大字号").click()
    page.get_by_role("button", name="加大字号").click()

    assert page.url == f"{live_server.url}/design/?page=2"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "30px"
    assert checks.sideways_scroll(page) == []


def test_preferences_work_without_scripts(
    chromium_browser: object, live_server: LiveServer
) -> None:
    context = chromium_browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{live_server.url}/design/")

    page.get_by_role("button", name="English").click()

    assert page.locator("html").get_attribute("lang") == "en"
    context.close()
