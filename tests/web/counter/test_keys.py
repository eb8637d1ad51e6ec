"""The clerk's day in a real browser, by keys alone; what scripts add to the plain desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from tests import factories
from tests.factories import actor_for, logged_in
from tests.web.browser import checks, turns

from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions import calling, taking, windows
from circle15.hall.models import Announcement, Cover, Span, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clerk() -> User:
    """Return alice; five people wait in her hall of three windows, bob sits at the second."""
    factories.HallFactory()
    for number in (1, 2, 3):
        factories.WindowFactory(number=number)
    alice = factories.alice()
    with area_scope(EVERYWHERE):
        by = actor_for(factories.bob(), at=timezone.now())
        windows.open_window(window_id=window(2), by=by, at=timezone.now())
        for lane, green in (("A", ""), ("A", ""), ("A", ""), ("G", "old"), ("A", "")):
            taking.take(
                site_code="QD-0001",
                lane=lane,
                green_class=green,
                items=("own-record",),
                source="kiosk",
                by=by,
                at=timezone.now(),
            )
    return alice


def window(number: int) -> int:
    return factories.WindowFactory(number=number).id


def log_in(context: BrowserContext, url: str, user: User, **cookies: str) -> Page:
    values = {"circle15": logged_in(user).cookies["circle15"].value} | cookies
    context.add_cookies([{"name": k, "value": v, "url": url} for k, v in values.items()])
    page = context.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    return page


def states() -> dict[str, str]:
    with area_scope(EVERYWHERE):
        return dict(Ticket.objects.values_list("label", "state"))


def sit_down(page: Page, url: str) -> None:
    """Open the first free window, which has the focus, and wait until the keys work."""
    page.goto(f"{url}/counter/")
    expect(page.locator("main .seats button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 号窗口")
    expect(page.locator("#key-keys")).to_be_visible()


def press(page: Page, *keys: str, then: str) -> None:
    """Press keys; the desk then says so."""
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator("#desk-said")).to_contain_text(then)


def test_a_day_by_keys_alone(browser_context: BrowserContext, live_server, clerk: User) -> None:
    page = log_in(browser_context, live_server.url, clerk)
    watch = checks.Watch(live_server.url, 409).on(page)
    sit_down(page, live_server.url)

    press(page, "j", then="已叫 G001")
    press(page, "x", then="已撤销上一步")
    press(page, "j", then="已叫 G001")
    press(page, "c", then="已再叫 G001")
    press(page, "k", then="开始办理 G001")
    expect(page.locator(".desk-clock")).to_have_text("00:01")
    press(page, "j", then="窗口上还有一个号")
    press(page, "s", "Enter", then="已加一项")
    press(page, "m", then="号给留着")
    press(page, "j", then="已叫 A001")
    press(page, "g", then="已记过号")
    press(page, "h", then="继续办理")
    press(page, "b", then="G001 已办结")
    press(page, "p", "Enter", then="已暂停叫号")
    press(page, "p", then="可以继续叫号了")

    page.keyboard.press("l")
    page.keyboard.type("003")
    expect(page.locator(".desk-pick li:visible")).to_have_count(1)
    press(page, "Enter", then="已叫 A003")
    press(page, "z", "Enter", then="已转走")
    page.keyboard.press("d")
    page.keyboard.press("2")
    press(page, "Enter", then="开始顶 2 号窗口的岗")
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    press(page, "e", "y", then="已发出紧急呼叫")
    press(page, "e", then="已结束紧急呼叫")
    page.keyboard.press("q")
    page.keyboard.press("y")

    expect(page.get_by_role("heading", level=1)).to_have_text("今天坐哪个窗口")
    assert states() == {
        "G001": "finished",
        "A001": "no_show",
        "A002": "waiting",
        "A003": "waiting",
        "A004": "waiting",
    }
    with area_scope(EVERYWHERE):
        assert Cover.objects.count() == 1
        assert Announcement.objects.filter(kind="emergency").count() == 1
    assert watch.faults == []


def test_keys_sleep_while_somebody_types_and_can_be_turned_off(
    browser_context: BrowserContext, live_server, clerk: User
) -> None:
    page = log_in(browser_context, live_server.url, clerk)
    sit_down(page, live_server.url)
    page.keyboard.press("l")
    page.keyboard.type("jjj")
    expect(page.locator("[data-desk-none]")).to_be_visible()
    page.keyboard.press("Escape")
    assert "called" not in states().values()

    page.keyboard.press("?")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    assert "called" not in states().values()
    page.reload()
    expect(page.locator("#key-keys")).to_be_visible()
    expect(page.locator("#key-call kbd")).to_be_hidden()
    page.locator("#key-keys").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")

    press(page, "j", then="已叫 G001")


def test_the_desk_follows_the_hall_and_keeps_what_is_typed(
    browser_context: BrowserContext, live_server, clerk: User
) -> None:
    page = log_in(browser_context, live_server.url, clerk)
    sit_down(page, live_server.url)
    press(page, "j", then="已叫 G001")
    press(page, "k", then="开始办理")
    page.keyboard.press("z")
    page.locator("#transfer-reason").fill("同事更熟")
    with area_scope(EVERYWHERE):
        by = actor_for(factories.bob(), at=timezone.now())
        calling.call_next(window_id=window(2), by=by, at=timezone.now())
        ago = timezone.now() - timedelta(minutes=11)
        Span.objects.filter(state="serving").update(begun_at=ago)

    expect(page.locator(".desk-windows")).to_contain_text("A001", timeout=8000)
    expect(page.locator("[data-desk-timer]")).to_have_attribute("data-grade", "late")
    expect(page.locator("[data-desk-words]")).to_have_text("已超过 10 分钟")
    assert page.locator("#transfer-reason").input_value() == "同事更熟"
    browser_context.set_offline(True)
    expect(page.locator("#desk-cut")).to_be_visible(timeout=12000)
    browser_context.set_offline(False)
    expect(page.locator("#desk-cut")).to_be_hidden(timeout=8000)


def test_double_click_and_back_change_nothing_twice(
    browser_context: BrowserContext, live_server, clerk: User
) -> None:
    page = log_in(browser_context, live_server.url, clerk)
    sit_down(page, live_server.url)
    page.locator("#key-call").dblclick()
    expect(page.locator("#desk-said")).to_contain_text("已叫 G001")
    page.locator("#key-begin").dblclick()
    expect(page.locator("#desk-said")).to_contain_text("开始办理 G001")
    page.goto(f"{live_server.url}/counter/take/")
    page.get_by_role("button", name="取号").dblclick()
    expect(page.locator(".slip-number")).to_have_text("A005")
    page.go_back()
    page.go_back()

    expect(page.locator(".desk-number")).to_have_text("G001")
    assert list(states().values()).count("serving") == 1
    assert len(states()) == 6


@pytest.mark.parametrize("mode", turns.whose_turn("questions", ["clerk", "elder"]))
def test_desk_and_its_questions_have_no_fault(
    browser_context: BrowserContext, live_server, clerk: User, mode: str
) -> None:
    page = log_in(browser_context, live_server.url, clerk, **{"circle15-mode": mode})
    watch = checks.Watch(live_server.url).on(page)
    sit_down(page, live_server.url)
    press(page, "j", then="已叫 G001")
    press(page, "k", then="开始办理")
    look = checks.LOOKS[mode]
    assert checks.everything(page, look) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366

    for key in "zs?":
        page.evaluate("document.activeElement?.blur()")  # keys sleep in a field
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        assert checks.accessibility(page, enhanced=look.enhanced_contrast) == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert watch.faults == []
