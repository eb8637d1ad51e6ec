"""What people do, done in the browser on the demo city: with mouse, with keys, without scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.web.browser import checks
from tests.web.browser.city import City

from circle15.accounts.demo_accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Each journey writes on a site of its own.
NEWCOMERS, KEYBOARDS, PLAIN, TWICE, BACK, CUT = (
    f"320681{town}000C01" for town in (110, 101, 102, 104, 106, 107)
)
AREA = "site.indoor_area_m2"


@pytest.fixture
def officer(chromium_browser: Browser, city: City) -> Iterator[BrowserContext]:
    with city.visit(chromium_browser, user="county") as context:
        yield context


def recorded(city: City, code: str) -> list[str]:
    """Return the areas recorded for a site, newest first, as the ledger holds them."""
    joined = city.one(
        "SELECT coalesce(string_agg(f.value #>> '{}', ' ' ORDER BY f.id DESC), '')"
        " FROM ledger_fact f JOIN sites_site s ON s.id = f.site_id"
        " WHERE s.code = %s AND f.name = %s",
        code,
        AREA,
    )
    return joined.split()


def test_newcomer_finds_a_site_and_records_what_was_measured(
    chromium_browser: Browser, city: City
) -> None:
    with city.visit(chromium_browser) as context:
        page = context.new_page()
        watch = checks.Watch(city.url).on(page)
        page.goto("/")
        page.wait_for_selector("[data-c15-map][data-c15-ready='1'] .map-pin")
        page.get_by_role("link", name="工作人员登录").click()
        page.get_by_role("link", name="county", exact=False).first.click()
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("工作看板")

        page.get_by_role("link", name="网点地图").click()
        page.get_by_label("名称、拼音或代码").fill("吕四港镇便民")
        page.get_by_role("button", name="筛选").click()
        page.locator(".map-pin-icon").first.click()
        page.locator(".map-popup-link").click()
        expect(page.locator(".score-of-book")).to_have_count(4)
        before = page.locator(".score-of-book p").first.inner_text()

        page.get_by_role("link", name="逐条看").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("评分")
        page.go_back()
        page.get_by_role("link", name="记一笔台账").click()
        page.get_by_label("要记录哪一项").select_option(AREA)
        page.get_by_role("button", name="下一步").click()
        record(page, "128")
        page.get_by_role("link", name="概况").click()
        assert page.locator(".score-of-book p").first.inner_text() != before

        page.goto(f"/sites/{NEWCOMERS}/facts/{AREA}/")
        page.get_by_label("这是更正吗").select_option(index=1)
        record(page, "410")
        expect(page.locator(".timeline")).to_contain_text("已更正")
        page.get_by_role("link", name="概况").click()
        assert page.locator(".score-of-book p").first.inner_text() == before
        assert watch.faults == []


def record(page: Page, value: str) -> None:
    page.locator("#id_value").fill(value)
    page.get_by_role("button", name="记入台账").click()
    expect(page.get_by_role("status").filter(has_text="已记入台账")).to_be_visible()


def test_keys_alone_log_in_and_record(chromium_browser: Browser, city: City) -> None:
    with city.visit(chromium_browser) as context:
        page = context.new_page()
        page.goto("/login/")
        tab_to(page, "#id_username")
        page.keyboard.type("county")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/board/")

        page.goto(f"/sites/{KEYBOARDS}/facts/{AREA}/")
        tab_to(page, "#id_value")
        page.keyboard.type("131")
        tab_to(page, "main form[method=post] .btn-primary")
        page.keyboard.press("Enter")

        expect(page.get_by_role("status").filter(has_text="已记入台账")).to_be_visible()
        assert recorded(city, KEYBOARDS)[0] == "131"


def tab_to(page: Page, selector: str) -> None:
    wanted = page.locator(selector)
    for _ in range(80):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {selector}")


def test_list_site_and_record_work_without_scripts(chromium_browser: Browser, city: City) -> None:
    with city.visit(chromium_browser, user="county", scripts=False) as context:
        page = context.new_page()
        page.goto("/sites/")
        page.get_by_label("名称、拼音或代码").fill(PLAIN)
        page.get_by_role("button", name="筛选").click()
        page.locator("tbody a").first.click()
        page.get_by_role("link", name="记一笔台账").click()
        page.get_by_label("要记录哪一项").select_option(AREA)
        page.get_by_role("button", name="下一步").click()

        record(page, "132")

        assert recorded(city, PLAIN)[0] == "132"


def test_double_click_records_once(officer: BrowserContext, city: City) -> None:
    before = recorded(city, TWICE)
    page = officer.new_page()
    page.goto(f"/sites/{TWICE}/facts/{AREA}/")
    page.locator("#id_value").fill("133")

    page.get_by_role("button", name="记入台账").dblclick()
    expect(page.get_by_role("status").filter(has_text="已记入台账")).to_be_visible()

    assert recorded(city, TWICE) == ["133", *before]


def test_back_and_reload_do_not_record_again(officer: BrowserContext, city: City) -> None:
    before = recorded(city, BACK)
    page = officer.new_page()
    page.goto(f"/sites/{BACK}/facts/{AREA}/")
    record(page, "134")

    page.reload()
    page.go_back()
    page.go_forward()

    assert recorded(city, BACK) == ["134", *before]


def test_lost_network_records_nothing_and_keeps_what_was_typed(
    officer: BrowserContext, city: City
) -> None:
    before = recorded(city, CUT)
    page = officer.new_page()
    page.goto(f"/sites/{CUT}/facts/{AREA}/")
    page.locator("#id_value").fill("135")
    officer.set_offline(True)

    page.get_by_role("button", name="记入台账").click()

    expect(page.get_by_role("alert")).to_contain_text("没有网络")
    assert page.locator("#id_value").input_value() == "135"
    assert recorded(city, CUT) == before
    officer.set_offline(False)
    page.get_by_role("button", name="记入台账").click()
    expect(page.get_by_role("status").filter(has_text="已记入台账")).to_be_visible()
    assert recorded(city, CUT) == ["135", *before]


def test_map_of_ten_thousand_sites_stays_usable(officer: BrowserContext, city: City) -> None:
    """Given ten thousand points, the map draws them, and opens the one that is asked for."""
    page = officer.new_page()
    watch = checks.Watch(city.url).on(page)
    page.goto("/map/")
    listed = page.locator("[data-c15-map-show]").first.get_attribute("data-c15-map-show")
    many = many_sites(listed)
    page.route(re.compile(r"/map/sites\.geojson"), lambda route: route.fulfill(json=many))

    page.reload()
    page.wait_for_selector("[data-c15-map][data-c15-ready='1']", timeout=10_000)

    assert page.locator(".leaflet-container canvas").count() == 1
    assert page.locator(".leaflet-container *").count() < 1000
    page.locator("[data-c15-map-show]").first.click()
    expect(page.locator(".leaflet-popup strong")).to_have_text("第0个")
    assert watch.faults == []


def many_sites(first: str | None) -> dict[str, object]:
    codes = [first, *(f"made-up-{n}" for n in range(1, 10_000))]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [121.3 + n % 100 / 200, 31.7 + n / 25000]},
            "properties": {"id": code, "name": f"第{n}个", "shape": "circle", "tone": "good"},
        }
        for n, code in enumerate(codes)
    ]
    return {"type": "FeatureCollection", "features": features}
