"""Every page, for somebody who may open it, in every mode, on the screens the mode is made for."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Response
from playwright.sync_api import Error as PlaywrightError
from tests.web.browser import checks, turns
from tests.web.browser.city import DOORS, INSURED, City
from tests.web.browser.insured import have_an_application
from tests.web.browser.routes import EXPECTED_STATUS, Route, all_routes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

View = tuple[str, str, str]
# Mode, screen, language: what staff and what everybody else look at most, and the hardest.
OF_STAFF = (("clerk", "desk", "en"), ("elder", "phone", "zh-hans"))
OF_EVERYBODY = (("normal", "phone", "zh-hans"), ("elder", "phone", "zh-hans"))
DRAWN = """() => !document.querySelector(
    '[data-c15-map]:not([data-c15-ready]), [data-c15-plan-map]:not([data-c15-ready]),'
    + '[data-c15-chart]:not([data-c15-ready])')"""
ROUTES = all_routes()


EQUIPMENT = """网点编码,资产编号,设备类别,数量
320681110000C01,320681110000C01-801,打印机,1
320681110000C01,320681110000C01-802,打印机,一台
"""


def have_a_queue(browser: Browser, city: City) -> None:
    """Sit a clerk down, let two people come and call one of them, unless it was done before."""
    if city.one("SELECT count(*) FROM hall_windowsession WHERE ended_at IS NULL") != "0":
        return
    with city.visit(browser, user="clerk1") as clerk:
        page = clerk.new_page()
        page.goto("/counter/")
        page.locator(".seats button").first.click()
        page.wait_for_selector("#key-call")
        for _ in range(2):
            page.goto("/counter/take/")
            page.locator("main form button.btn-primary").click()
            page.wait_for_selector(".slip")
        page.goto("/counter/")
        page.locator("#key-call").click()
        page.wait_for_selector(".desk-number")


def have_a_plan(browser: Browser, city: City) -> None:
    """Ask for coverage and have it computed, unless it was done before."""
    if city.one("SELECT count(*) FROM plans_plan WHERE title = 'Coverage now'") != "0":
        return
    with city.visit(browser, user="county") as officer:
        page = officer.new_page()
        page.goto("/plans/new/coverage/")
        page.locator("#id_title").fill("Coverage now")
        page.locator("main form button.btn-primary").click()
        page.wait_for_url("**/plans/*-*/")
    city.work_off()


@pytest.fixture(scope="module", autouse=True)
def work_under_way(chromium_browser: Browser, city: City) -> None:
    """Begin what the demo leaves to people: a draft of a rule book, an import being checked.

    A worker may come back to this file; what it began the first time is still there.
    """
    if city.one("SELECT count(*) FROM assessments_storededition WHERE state = 'draft'") != "0":
        return
    with city.visit(chromium_browser, user="city") as officer:
        page = officer.new_page()
        page.goto(f"/editions/{city.one('SELECT min(id) FROM assessments_storededition')}/")
        page.get_by_role("button", name="以此为底稿起草新版本").click()
        page.wait_for_url("**/edit/")
    with city.visit(chromium_browser, user="county") as officer:
        page = officer.new_page()
        page.goto("/imports/")
        page.locator("#id_kind").select_option("equipment")
        table = {"name": "设备.csv", "mimeType": "text/csv", "buffer": EQUIPMENT.encode()}
        page.locator("#id_file").set_input_files(table)  # type: ignore[arg-type]
        page.get_by_role("button", name="上传并校验").click()
        page.wait_for_url("**/imports/*/")
    have_a_plan(chromium_browser, city)
    have_a_queue(chromium_browser, city)
    have_an_application(chromium_browser, city)


def opened(page: Page, path: str) -> Response | APIResponse:
    """Go there and wait until maps and charts are drawn; what is no page is fetched."""
    try:
        reply = page.goto(path)
    except PlaywrightError:  # a file to keep, or nothing to show
        return page.context.request.get(path)
    assert reply is not None
    page.wait_for_function(DRAWN)
    return reply


class Visitors:
    """One visitor of each kind, who opens page after page as people do."""

    def __init__(self, browser: Browser, city: City) -> None:
        self.browser, self.city = browser, city
        self._known: dict[tuple[str | None, View], BrowserContext] = {}

    def of(self, user: str | None, view: View) -> BrowserContext:
        if (user, view) not in self._known:
            mode, screen, language = view
            self._known[user, view] = self.city.visit(
                self.browser, user=user, mode=mode, language=language, size=checks.SCREENS[screen]
            )
        return self._known[user, view]

    def leave(self, user: str | None, view: View) -> None:
        self._known.pop((user, view)).close()

    def leave_all(self) -> None:
        for who in list(self._known):
            self.leave(*who)


@pytest.fixture(scope="module")
def visitors(chromium_browser: Browser, city: City) -> Iterator[Visitors]:
    found = Visitors(chromium_browser, city)
    yield found
    found.leave_all()


def faults_of(visitors: Visitors, route: Route, view: View) -> list[str]:
    mode, screen, _language = view
    city, status = visitors.city, EXPECTED_STATUS.get(route.name, 200)
    with visitors.of(route.user, view).new_page() as page:
        watch = checks.Watch(city.url, status).on(page)
        reply = opened(page, route.path(city))
        if route.user and urlsplit(reply.url).path.endswith(DOORS):
            # Somebody else logged in as this user; the visitor comes in again.
            visitors.leave(route.user, view)
            return faults_of(visitors, route, view)
        found = [] if reply.status == status else [f"status {reply.status}"]
        is_page = reply.headers.get("content-type", "").startswith("text/html")
        if not (is_page and reply.body()):  # a file, or no news
            return found
        shown = page.locator("html").get_attribute("data-mode")
        # A machine and a wall have their own look, whatever the browser remembers.
        wanted = {"device": "kiosk", "dashboard_wall": "wall"}.get(route.name, mode)
        found += [] if shown == wanted else [f"shown in mode {shown}"]
        finger = screen == "phone"
        # By Tab once: the order of a page is the same in every mode.
        walks = view == views_of(route)[0] and turns.is_turn(route.name, of=3)
        found += checks.everything(page, checks.LOOKS[mode], finger=finger, walks=walks)
        return found + watch.faults


def views_of(route: Route) -> Sequence[View]:
    """Return how a page is looked at: in turns, unless all is asked for."""
    is_of_staff = route.user not in {None, INSURED}
    return turns.whose_turn(route.name, OF_STAFF if is_of_staff else OF_EVERYBODY)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_route_has_no_fault(visitors: Visitors, route: Route) -> None:
    faults = {
        " ".join(view): found
        for view in views_of(route)
        if (found := faults_of(visitors, route, view))
    }

    assert faults == {}
