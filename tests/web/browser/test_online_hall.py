"""The online hall in a browser: with and without scripts, on a phone, in elder mode."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route, expect
from tests.web.browser import checks, insured
from tests.web.browser.city import City
from tests.web.browser.routes import EXAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = (360, 740)


def cut_once() -> Callable[[Route], None]:
    """Cut the line at the first upload: the page sends it again by itself."""
    cuts = [1]

    def handle(route: Route) -> None:
        if route.request.method == "POST" and cuts:
            cuts.pop()
            route.abort()
        else:
            route.continue_()

    return handle


@pytest.mark.parametrize(("person", "scripts"), [(1, True), (2, False)])
def test_apply_from_a_phone_and_see_where_it_stands(
    chromium_browser: Browser, city: City, person: int, scripts: bool
) -> None:
    mode = "normal" if scripts else "elder"
    with city.visit(chromium_browser, mode=mode, size=PHONE, scripts=scripts) as visitor:
        page = visitor.new_page()
        insured.sign_in(page, person=person)
        if scripts:
            page.route("**/paper/**", cut_once())
        insured.to_the_check(page)
        shown = page.locator(".online-answers").inner_text()
        assert insured.WORDS in shown
        insured.submit(page)
        number = page.locator(".online-number").inner_text()
        page.go_back()
        page.goto(page.url)
        assert "/done/" in page.url or "/mine/case/" in page.url
        page.goto("/mine/")
        expect(page.locator("main")).to_contain_text(number)
        page.locator("main a.door").first.click()
        expect(page.locator(".timeline")).to_contain_text("提交了申请")
    sql = "SELECT count(*) FROM cases_case WHERE number = %s"
    assert city.one(sql, number) == "1"


def test_the_phone_page_of_a_receipt_says_the_state_only(
    chromium_browser: Browser, city: City
) -> None:
    insured.have_an_application(chromium_browser, city)
    with city.visit(chromium_browser, user="insured") as visitor:
        page = visitor.new_page()
        uid = city.one(EXAMPLES["apply_done case_uid"])
        page.goto(f"/apply/case/{uid}/done/")
        name = page.locator("dd", has_text=re.compile(r"\*")).first.inner_text()
        link = page.locator("main p.muted a").last.get_attribute("href") or ""
    with city.visit(chromium_browser, size=PHONE) as stranger:
        page = stranger.new_page()
        watch = checks.Watch(city.url).on(page)
        page.goto(link)
        assert name not in page.locator("main").inner_text()
        found = checks.everything(page, checks.LOOKS["normal"], finger=True)
        assert found + watch.faults == []
