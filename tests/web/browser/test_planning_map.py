"""The planning map by mouse, by keyboard, without scripts, and with a whole province on it."""

import json
import re
import struct
from contextlib import ExitStack
from itertools import cycle

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.plugin import VAR
from tests.web.browser import checks
from tests.web.browser.city import City

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MAP = "[data-c15-plan-map]"
READY = f"{MAP}[data-c15-ready='1']"
SHARE = ".plan-share strong"
DRAWN = """() => !document.querySelector(
    '[data-c15-plan-map]:not([data-c15-ready]), [data-c15-chart]:not([data-c15-ready])')"""
POINTS, ROADS = 20_000, 100_000
PLANS = {
    "coverage": {"title": "现状覆盖"},
    "siting": {"title": "十个新网点"},
    "staffing": {"title": "窗口", "people": "60000"},
    "access": {"title": "窗口可及性"},
    "capacity": {"title": "接待能力", "each": "６０００"},
    "referral": {"title": "逐级转办", "minutes": "30"},
}
MONEY = {"title": "预算之内", "budget": "２００", "cost": "60", "reach_town_centre": "12"}


@pytest.fixture
def officer(chromium_browser: Browser, city: City):
    with city.visit(chromium_browser, user="county", size=(1280, 900)) as visitor:
        yield visitor


def opened(officer: BrowserContext, path: str = "/plans/map/") -> Page:
    page = officer.new_page()
    page.goto(path)
    page.wait_for_selector(READY)
    return page


def answered(page: Page, count: int) -> None:
    page.wait_for_selector(f"{MAP}[data-c15-answers='{count}']")


def spot(page: Page, across: float, down: float) -> tuple[float, float]:
    box = page.locator(MAP).bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def record(name: str, **figures: object) -> None:
    """Keep what was measured; no time is asserted."""
    folder = VAR / "measured"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures))


def test_a_click_adds_a_drag_moves_and_undo_takes_back(officer: BrowserContext, city: City) -> None:
    page = opened(officer)
    watch = checks.Watch(city.url).on(page)
    before = page.locator(SHARE).inner_text()

    x, y = spot(page, 0.3, 0.35)
    page.mouse.click(x, y)
    answered(page, 1)
    took = page.locator(MAP).get_attribute("data-c15-took")
    added = page.locator(SHARE).inner_text()
    assert added != before
    expect(page.locator("[data-c15-part=changes]")).to_contain_text("新增：N1")

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 60, steps=6)
    page.mouse.up()
    answered(page, 2)
    assert page.locator("[data-c15-part=changes] li").count() == 1
    moved = page.url

    page.locator("[data-c15-plan-undo]").click()
    answered(page, 3)
    assert page.locator(SHARE).inner_text() == added
    page.locator("[data-c15-plan-undo]").click()
    answered(page, 4)
    assert page.locator(SHARE).inner_text() == before
    for count in (5, 6):
        page.locator("[data-c15-plan-redo]").click()
        answered(page, count)
    assert page.url == moved
    assert watch.faults == []
    record("planning_map_add", milliseconds=took)


def test_everything_can_be_done_by_keyboard(officer: BrowserContext) -> None:
    page = opened(officer)
    page.locator("summary", has_text="不用地图").press("Enter")
    page.locator("#id_place").fill("不在册")
    page.locator("#id_place").press("Enter")
    page.get_by_role("button", name="放到这里").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有找到“不在册”")

    page.locator("#id_place").fill("爱新村委会")
    page.get_by_role("button", name="放到这里").press("Enter")
    expect(page.locator("[data-c15-part=changes]")).to_contain_text("新增：")

    close = page.get_by_role("button", name=re.compile("^关闭")).first
    key = close.get_attribute("data-c15-key")
    close.press("Enter")
    expect(page.locator("[data-c15-part=changes] li")).to_have_count(2)
    assert page.evaluate("document.activeElement.dataset.c15Key") == key

    page.locator("#id_minutes").press("ArrowRight")
    expect(page.locator(".plan-basis")).to_contain_text("16 分钟")


def test_a_scenario_is_kept_and_compared(officer: BrowserContext, city: City) -> None:
    page = opened(officer)
    page.mouse.click(*spot(page, 0.6, 0.6))
    answered(page, 1)
    page.locator("#id_title").fill("试加一个")
    page.get_by_role("button", name="保存为方案").click()
    page.wait_for_url("**/plans/*-*/")
    city.work_off()
    page.wait_for_selector(READY)
    expect(page.get_by_role("link", name="Word 报告")).to_be_visible()


def test_without_scripts_the_page_is_a_form(chromium_browser: Browser, city: City) -> None:
    with city.visit(chromium_browser, user="county", scripts=False) as visitor:
        page = visitor.new_page()
        page.goto("/plans/map/")
        before = page.locator(SHARE).inner_text()
        page.get_by_role("button", name=re.compile("^关闭")).nth(5).click()
        expect(page.locator("[data-c15-part=changes]")).to_contain_text("关闭：")
        assert page.locator(SHARE).inner_text() != before
        page.get_by_role("button", name="撤去这项").click()
        assert page.locator(SHARE).inner_text() == before
        page.locator("#id_mode").select_option("drive")
        page.get_by_role("button", name="重新计算").click()
        expect(page.locator(".plan-basis")).to_contain_text("汽车")


def test_a_late_answer_never_covers_a_newer_one(officer: BrowserContext) -> None:
    page = opened(officer)
    slow = []

    def hold(route) -> None:
        if "minutes=16" in route.request.url:
            slow.append(route)
        else:
            route.continue_()

    page.route(re.compile("look.json"), hold)
    page.locator("#id_minutes").press("ArrowRight")
    page.wait_for_timeout(200)
    page.locator("#id_minutes").press("ArrowRight")
    answered(page, 1)
    assert len(slow) == 1
    expect(page.locator(".plan-basis")).to_contain_text("17 分钟")


def test_answers_have_no_fault(chromium_browser: Browser, city: City) -> None:
    """One mode for each: the pages are built of the same parts. They see an answer come."""
    faults = {}
    with ExitStack() as visitors:
        asked = {}
        for kind, mode in zip(PLANS, cycle(["clerk", "elder"]), strict=False):
            size = checks.SCREENS["phone" if mode == "elder" else "desk"]
            visitor = city.visit(chromium_browser, user="county", mode=mode, size=size)
            page = visitors.enter_context(visitor).new_page()
            asked[kind] = mode, page, checks.Watch(city.url).on(page)
            page.goto(f"/plans/new/{kind}/")
            for name, value in PLANS[kind].items():
                page.locator(f"#id_{name}").fill(value)
            page.get_by_role("button", name="开始计算").click()
            page.wait_for_url("**/plans/*-*/")
        city.work_off()
        for kind, (mode, page, watch) in asked.items():
            expect(page.get_by_role("link", name="Word 报告")).to_be_visible(timeout=20_000)
            page.wait_for_function(DRAWN)
            found = checks.everything(page, checks.LOOKS[mode], finger=mode == "elder")
            faults[kind] = found + watch.faults

    assert faults == {kind: [] for kind in PLANS}


def test_costs_and_reach_are_asked_where_they_are_looked_for(officer: BrowserContext) -> None:
    """What most plans leave alone is folded away; what was filled in wrongly is open again."""
    page = officer.new_page()
    page.goto("/plans/new/siting/")
    expect(page.locator("#id_budget")).to_be_hidden()
    for title in ("费用和预算", "各类网点的时限"):
        page.locator("summary", has_text=title).click()
    for name, value in MONEY.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_cost").fill("六十")
    page.get_by_role("button", name="开始计算").click()
    expect(page.locator("#id_cost-error")).to_contain_text("不是有效的数字")
    expect(page.locator("#id_reach_town_centre")).to_have_value("12")
    assert checks.everything(page, checks.LOOKS["clerk"]) == []
    page.locator("#id_cost").fill("60")
    page.get_by_role("button", name="开始计算").click()
    page.wait_for_url("**/plans/*-*/")
    expect(page.get_by_text("各类网点的时限（分钟）")).to_be_visible()


def test_twenty_thousand_points_and_a_hundred_thousand_roads(officer: BrowserContext) -> None:
    """No element per point, one drawing for all roads; how long a frame takes is recorded."""
    page = officer.new_page()
    page.route(re.compile(r"points\.json"), lambda route: route.fulfill(json=province()))
    page.route(re.compile(r"roads\.bin"), lambda route: route.fulfill(body=roads()))
    page.goto("/plans/map/")
    page.wait_for_selector(READY, timeout=20_000)

    assert page.locator(".leaflet-container canvas").count() == 2
    assert page.locator(".leaflet-container *").count() < 100
    page.evaluate(COUNT_FRAMES)
    x, y = spot(page, 0.5, 0.5)
    page.locator("[data-c15-plan-adding]").click()
    page.mouse.move(x + 3, y + 3)
    page.mouse.down()
    page.mouse.move(x - 250, y - 150, steps=30)
    page.mouse.up()
    page.get_by_role("button", name="放大").click()
    page.wait_for_timeout(500)
    frames = page.evaluate("window.c15Frames")
    assert len(frames) > 1
    record("planning_map_pan", frames=len(frames), longest_ms=max(frames))


COUNT_FRAMES = """() => {
  window.c15Frames = [];
  let last = performance.now();
  const step = (now) => {
    window.c15Frames.push(now - last);
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""


def province() -> dict[str, object]:
    rows = range(POINTS)
    bands = ("near", "middle", "within", "beyond", "far", "no_way")
    places = {
        "code": [f"{n:012}" for n in rows],
        "name": [f"第{n}村" for n in rows],
        "lon": [121.3 + n % 200 / 400 for n in rows],
        "lat": [31.7 + n // 200 / 250 for n in rows],
        "people": [n % 997 for n in rows],
        "minutes": [n % 40 for n in rows],
        "bands": [bands[n % 6] for n in rows],
    }
    return {"places": places, "sites": []}


def roads() -> bytes:
    strokes = []
    for n in range(ROADS):
        lon, lat = 121_300_000 + n % 400 * 1250, 31_700_000 + n // 400 * 1600
        strokes += [lon, lat, lon + 1250 * (n % 2), lat + 1600 * ((n + 1) % 2)]
    return struct.pack(f"<{len(strokes)}i", *strokes)
