"""Pages in other states than at rest: refused, empty, overlong, opened, saved, not to be had."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web.browser import checks, turns
from tests.web.browser.city import City
from tests.web.browser.routes import STRONG

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = checks.SCREENS["phone"]
FACT = f"/sites/{STRONG}/facts/site.indoor_area_m2/"
LOOKS = ("normal", "elder")


def shown(page: Page, mode: str) -> list[str]:
    return checks.everything(page, checks.LOOKS[mode], finger=True)


@pytest.mark.parametrize(
    ("user", "path", "button", "mode"),
    turns.over(
        [
            (None, "/login/", "登录"),
            ("county", FACT, "记入台账"),
            ("county", "/imports/", "上传并校验"),
            ("secadmin", "/accounts/new/", "开通账号"),
            ("county", "/password/", "更改密码"),
        ],
        LOOKS,
    ),
)
def test_refused_form_says_what_to_mend(
    chromium_browser: Browser, city: City, user: str | None, path: str, button: str, mode: str
) -> None:
    with city.visit(chromium_browser, user=user, mode=mode, size=PHONE) as context:
        page = context.new_page()
        watch = checks.Watch(city.url, expected_status=422).on(page)
        page.goto(path)

        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_selector("[data-error-summary]")

        assert checks.error_summary(page) == []
        assert shown(page, mode) == []
        assert watch.faults == []


def test_second_officer_judges_a_veto(chromium_browser: Browser, city: City) -> None:
    faults: list[str] = []
    with city.visit(chromium_browser, user="county", size=PHONE) as context:
        page = context.new_page()
        page.goto(f"/sites/{STRONG}/scores/")
        page.get_by_text("发现一票否决情形").click()
        page.locator("input[name=vetoes]").first.check()
        picture = {"name": "现场.jpg", "mimeType": "image/jpeg"}
        picture["buffer"] = page.screenshot(type="jpeg")
        page.locator("#id_file").set_input_files(picture)
        page.locator("#id_confirmed").check()
        page.get_by_role("button", name="存档", exact=True).click()
        page.wait_for_url(re.compile(r"/scores/\d+/\?saved=1$"))
        path = page.url.split("?")[0]
        faults += shown(page, "normal")
        expect(page.get_by_role("button", name="确认否决")).to_have_count(0)
    for mode in LOOKS:
        with city.visit(chromium_browser, user="city", mode=mode, size=PHONE) as context:
            page = context.new_page()
            page.goto(path)
            if mode == "elder":
                page.get_by_label("不确认的理由").fill("证据不足")
            page.get_by_role("button", name="本份作废").click()
            page.wait_for_selector(".notice-bad" if mode == "elder" else "[data-error-summary]")
            faults += shown(page, mode)

    assert faults == []


def test_wrong_password_is_refused_without_saying_which_was_wrong(
    chromium_browser: Browser, city: City
) -> None:
    told = []
    with city.visit(chromium_browser, size=PHONE) as context:
        for name in ("nobody-here", "planner"):
            page = context.new_page()
            page.goto("/login/")
            page.locator("#id_username").fill(name)
            page.locator("#id_password").fill("not-the-password")
            page.get_by_role("button", name="登录", exact=True).click()
            told.append(page.locator("[data-error-summary]").inner_text())
            assert shown(page, "normal") == []

    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("user", "path", "mode"),
    turns.over(
        [
            (None, "/?q=nowhere"),
            ("county", "/sites/?q=nowhere"),
            ("county", "/map/?q=nowhere"),
            ("county", "/board/?q=nowhere"),
            ("secadmin", "/accounts/?q=nowhere"),
        ],
        LOOKS,
    ),
)
def test_empty_list_names_the_next_step(
    chromium_browser: Browser, city: City, user: str | None, path: str, mode: str
) -> None:
    with city.visit(chromium_browser, user=user, mode=mode, size=PHONE) as context:
        page = context.new_page()
        watch = checks.Watch(city.url).on(page)
        page.goto(path)

        expect(page.locator("main .empty").first).to_be_visible()
        assert shown(page, mode) == []
        assert watch.faults == []


@pytest.mark.parametrize("mode", turns.whose_turn("popup", LOOKS))
def test_opened_popup_has_no_fault(chromium_browser: Browser, city: City, mode: str) -> None:
    with city.visit(chromium_browser, user="county", mode=mode, size=PHONE) as context:
        page = context.new_page()
        watch = checks.Watch(city.url).on(page)
        page.goto("/map/?q=吕四港镇便民")
        page.wait_for_selector("[data-c15-map][data-c15-ready='1']")
        page.locator("[data-c15-map-show]").first.click()

        expect(page.locator(".leaflet-popup a[href^='/sites/']")).to_be_visible()
        assert shown(page, mode) == []
        assert watch.faults == []


@pytest.mark.parametrize("mode", turns.whose_turn("saved fact", LOOKS))
def test_saved_fact_with_a_long_story_has_no_fault(
    chromium_browser: Browser, city: City, mode: str
) -> None:
    with city.visit(chromium_browser, user="county", mode=mode, size=PHONE) as context:
        page = context.new_page()
        page.goto("/sites/320681108000C01/facts/site.indoor_area_m2/")
        page.locator("#id_value").fill("99.5")
        page.locator("#id_note").fill("很长的说明" * 30 + "W" * 100)
        page.get_by_role("button", name="记入台账").click()

        expect(page.get_by_role("status").filter(has_text="已记入台账")).to_be_visible()
        assert shown(page, mode) == []


@pytest.mark.parametrize(
    ("user", "path", "status", "mode"),
    turns.over(
        [
            (None, "/nowhere/", 404),
            ("county", "/sites/320682103000C01/", 404),
            ("clerk1", "/accounts/", 403),
            ("county", "/accounts/", 403),
        ],
        LOOKS,
    ),
)
def test_page_that_is_not_to_be_had_shows_a_way_on(
    chromium_browser: Browser, city: City, user: str | None, path: str, status: int, mode: str
) -> None:
    with city.visit(chromium_browser, user=user, mode=mode, size=PHONE) as context:
        page = context.new_page()
        watch = checks.Watch(city.url, expected_status=status).on(page)

        reply = page.goto(path)

        assert reply is not None
        assert reply.status == status
        assert page.locator("main a, main button").count() > 0
        assert shown(page, mode) == []
        assert watch.faults == []


def test_menu_opens_and_leads_to_the_password(chromium_browser: Browser, city: City) -> None:
    with city.visit(chromium_browser, user="county", size=PHONE) as context:
        page = context.new_page()
        page.goto("/board/")

        page.locator("[data-c15-menu] summary").click()

        assert checks.accessibility(page) == []
        assert checks.small_targets(page, checks.FINGER_PX) == []
        page.get_by_role("link", name="更改密码").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("更改密码")
