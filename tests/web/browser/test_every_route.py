"""Every page, for somebody who may open it, in every mode, on the screens the mode is made for."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Page, Response
from playwright.sync_api import Error as PlaywrightError
from tests.web.browser import checks, turns
from tests.web.browser.city import DOORS, INSURED
from tests.web.browser.routes import EXPECTED_STATUS, Route, all_routes
from tests.web.browser.visitors import View, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Mode, screen, language: what staff and what everybody else look at most, and the hardest.
OF_STAFF = (("clerk", "desk", "en"), ("elder", "phone", "zh-hans"))
OF_EVERYBODY = (("normal", "phone", "zh-hans"), ("elder", "phone", "zh-hans"))
DRAWN = """() => !document.querySelector(
    '[data-c15-map]:not([data-c15-ready]), [data-c15-plan-map]:not([data-c15-ready]),'
    + '[data-c15-chart]:not([data-c15-ready])')"""
ROUTES = all_routes()


def opened(page: Page, path: str) -> Response | APIResponse:
    """Go there and wait until maps and charts are drawn; what is no page is fetched."""
    try:
        reply = page.goto(path)
    except PlaywrightError:  # a file to keep, or nothing to show
        return page.context.request.get(path)
    assert reply is not None
    page.wait_for_function(DRAWN)
    return reply


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
