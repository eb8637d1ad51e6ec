"""Guides on a phone: found while one types, or without scripts; answered; the nearest site."""

from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.factories import SiteFactory, TownFactory, catalogue
from tests.web.browser import checks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def visit(browser: Browser, *, script: bool) -> Page:
    width, height = checks.SCREENS["phone"]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=script,
        locale="zh-CN",
        geolocation={"longitude": 121.655, "latitude": 31.811},
        permissions=["geolocation"],
    )
    return context.new_page()


def answered(page: Page) -> int:
    """Give the first answer to every question; return how many there were."""
    asked = 0
    while page.locator(".guide-ask").count():
        page.locator(".choice label").first.click()
        with page.expect_navigation():
            page.get_by_role("button", name="继续").click()
        asked += 1
    return asked


def test_from_a_word_to_the_papers_and_the_nearest_site(
    chromium_browser: Browser, live_server: LiveServer
):
    catalogue()
    town = TownFactory(lon=Decimal("121.655"), lat=Decimal("31.811"))
    SiteFactory(division=town)
    for script in (True, False):
        page = visit(chromium_browser, script=script)
        watch = checks.Watch(live_server.url).on(page)
        page.goto(f"{live_server.url}/guides/")
        page.locator("#q").press_sequentially("zhuyuanbaoxiao")
        if not script:
            page.get_by_role("button", name="查找").click()
        page.locator("#found .door").first.click()
        expect(page.locator("h1")).to_have_text("住院费用报销")
        page.get_by_role("link", name="我能不能办").click()
        assert answered(page) == 4
        expect(page.locator(".guide-verdict h1")).to_have_text("您可以办“住院费用报销”")
        if script:
            page.get_by_role("button", name="用我的位置").click()
        else:
            page.locator("#near").fill("huilong")
            page.get_by_role("button", name="找最近的").click()
        expect(page.locator(".guide-sites strong").first).to_have_text("汇龙镇医保服务站")
        expect(page.locator(".guide-papers li").first).to_contain_text("医院收费票据")
        assert watch.faults == []
        page.context.close()
