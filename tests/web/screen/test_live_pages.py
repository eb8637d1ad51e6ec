"""Display and phone in a real browser, fed by the real process of live updates."""

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from tests.hall.conftest import Place
from tests.ops.live.process import Live
from tests.ports import free_port
from tests.web.browser import checks
from tests.web.screen.conftest import DISPLAY, PHONE, as_display

from circle15.web.public.ticket import views

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SOON_MS = 2_000
AFTER_A_CUT_MS = 12_000
KEEP_WHAT_IS_HEARD = """
window.heard = [];
document.addEventListener("c15-called", (event) => window.heard.push(event.detail));
"""


@pytest.fixture(autouse=True)
def quiet(browser_context: BrowserContext) -> None:
    browser_context.add_init_script(KEEP_WHAT_IS_HEARD)


def display(context: BrowserContext, url: str, hall: Place) -> Page:
    as_display(context, url, hall)
    page = context.new_page()
    page.set_viewport_size(DISPLAY)
    page.goto(f"{url}/screen/")
    return page


def phone(context: BrowserContext, url: str, uid: object) -> Page:
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/t/{uid}/")
    return page


def take(hall: Place, count: int = 1) -> list:
    return [hall.take(at=timezone.now()) for _ in range(count)]


def call(hall: Place, window: int = 1) -> str:
    called = hall.call(window, at=timezone.now())
    hall.begin(called, window, at=timezone.now())
    hall.finish(called, window, at=timezone.now())
    return called.label


def expect_labels(page: Page, labels: list[str], timeout: float = SOON_MS) -> None:
    expect(page.locator("[data-c15-row-label]")).to_have_text(labels, timeout=timeout)


def test_a_call_is_on_both_displays_and_the_phone_within_two_seconds(
    browser_context: BrowserContext, live_server, live: Live, hall: Place
):
    tickets = take(hall, 3)
    screens = [display(browser_context, live_server.url, hall) for _ in range(2)]
    mine = phone(browser_context, live_server.url, tickets[1].uid)
    watch = checks.Watch(live_server.url).on(mine)
    call(hall)
    expect(mine.locator("[data-c15-next]")).to_be_visible(timeout=SOON_MS)
    hall.call(2, at=timezone.now())
    for screen in screens:
        expect_labels(screen, [tickets[1].label, tickets[0].label])
        expect(screen.locator("[data-c15-row-window]").first).to_have_text("2")
        expect(screen.locator("[data-c15-waiting]")).to_have_text("1")
        expect(screen.locator('[data-c15-window="2"] .at-open')).to_have_text(tickets[1].label)
    expect(mine.locator(".ticket-go")).to_have_text("请到 2 号窗口", timeout=SOON_MS)
    assert "请到 2 号窗口" in mine.title()
    assert checks.everything(screens[0], checks.LOOKS["kiosk"]) == []
    assert checks.everything(mine, checks.LOOKS["normal"], finger=True) == []
    assert watch.faults == []


def test_after_a_kill_no_call_is_missed_or_repeated(
    browser_context: BrowserContext, live_server, live: Live, hall: Place
):
    take(hall, 4)
    screen = display(browser_context, live_server.url, hall)
    first = call(hall)
    expect_labels(screen, [first])
    # Without the web server to ask meanwhile: what comes, comes by the stream's number.
    screen.route("**/screen/state*", lambda route: route.abort())
    live.kill()
    expect(screen.locator("[data-c15-cut]")).to_be_visible(timeout=AFTER_A_CUT_MS)
    missed = [call(hall), call(hall)]
    live.start()
    expect_labels(screen, [*reversed(missed), first], timeout=AFTER_A_CUT_MS)
    expect(screen.locator("[data-c15-cut]")).to_be_hidden()
    last = call(hall)
    expect_labels(screen, [last, *reversed(missed), first])
    assert screen.evaluate("window.heard") == [1, 2, 3, 4]


def test_without_the_process_display_and_phone_ask_the_web_server(
    browser_context: BrowserContext, live_server, settings, hall: Place, monkeypatch
):
    settings.LIVE_PORT = free_port()
    monkeypatch.setattr(views, "POLL_MS", 1_000)  # phones are patient, tests are not
    tickets = take(hall, 2)
    screen = display(browser_context, live_server.url, hall)
    mine = phone(browser_context, live_server.url, tickets[0].uid)
    call(hall)
    expect_labels(screen, [tickets[0].label], timeout=AFTER_A_CUT_MS)
    expect(mine.get_by_text("已办结")).to_be_visible(timeout=AFTER_A_CUT_MS)
    hall.call(at=timezone.now())
    expect_labels(screen, [tickets[1].label, tickets[0].label], timeout=AFTER_A_CUT_MS)
    expect(screen.locator("[data-c15-cut]")).to_be_hidden()
    assert screen.evaluate("window.heard") == [1, 2]


def test_leave_and_come_back_on_the_phone(
    browser_context: BrowserContext, live_server, live: Live, hall: Place
):
    tickets = take(hall, 2)
    mine = phone(browser_context, live_server.url, tickets[0].uid)
    mine.get_by_text("不办了，离开队伍").click()
    mine.get_by_role("button", name="确认离开").click()
    expect(mine.locator(".ticket-state:visible")).to_have_text("已离开队伍")
    mine.get_by_role("button", name="重新排队").click()
    expect(mine.locator("[data-c15-ahead]")).to_have_text("1")
