"""The pages of login and accounts in a real browser: no fault on a desk and on a phone."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer
from tests import factories
from tests.factories import PASSWORD, logged_in
from tests.web.browser import checks, turns

from circle15.accounts.demo_accounts import PASSWORD as DEMO_PASSWORD
from circle15.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(context: BrowserContext, screen: str) -> Page:
    page = context.new_page()
    width, height = checks.SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    return page


def bring_in(context: BrowserContext, client: Client, url: str) -> None:
    value = client.cookies["circle15"].value
    context.add_cookies([{"name": "circle15", "value": value, "url": url}])


@pytest.fixture(autouse=True)
def demo(settings) -> None:
    settings.DEMO = True
    factories.staff("demo-clerk", "clerk", area=factories.SiteFactory(), is_demo=True)


@pytest.mark.parametrize("screen", turns.whose_turn("way in", list(checks.SCREENS)))
def test_way_in_has_no_fault(
    browser_context: BrowserContext, live_server: LiveServer, screen: str
) -> None:
    factories.carol()
    page = opened(browser_context, screen)
    watch = checks.Watch(live_server.url).on(page)
    finger = screen == "phone"

    page.goto(f"{live_server.url}/login/")
    assert checks.everything(page, checks.LOOKS["normal"], finger=finger) == []
    page.get_by_label("用户名").fill("carol")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/login/code/")
    assert checks.everything(page, checks.LOOKS["normal"], finger=finger) == []
    assert page.locator("main img").evaluate("image => image.naturalWidth > 100")
    assert watch.faults == []


@pytest.mark.parametrize("screen", turns.whose_turn("accounts", list(checks.SCREENS)))
def test_account_pages_have_no_fault(
    browser_context: BrowserContext, live_server: LiveServer, screen: str
) -> None:
    alice = factories.alice(enrolled=True)
    bring_in(browser_context, logged_in(factories.security_admin()), live_server.url)
    page = opened(browser_context, screen)

    for path in (
        "accounts/",
        "accounts/new/",
        f"accounts/{alice.pk}/",
        "accounts/matrix/",
        "password/",
    ):
        page.goto(f"{live_server.url}/{path}")
        assert checks.everything(page, checks.LOOKS["clerk"], finger=screen == "phone") == [], path


def test_refused_account_has_no_fault(
    browser_context: BrowserContext, live_server: LiveServer
) -> None:
    bring_in(browser_context, logged_in(factories.security_admin()), live_server.url)
    page = opened(browser_context, next(iter(checks.SCREENS)))
    page.goto(f"{live_server.url}/accounts/new/")

    page.get_by_role("button", name="开通账号").click()
    page.wait_for_selector("[data-error-summary]")

    assert checks.error_summary(page) == []


def test_demo_account_is_two_clicks_away(
    browser_context: BrowserContext, live_server: LiveServer
) -> None:
    User.objects.filter(username="demo-clerk").update(password=make_password(DEMO_PASSWORD))
    page = browser_context.new_page()
    page.goto(f"{live_server.url}/login/")

    page.get_by_role("link", name="demo-clerk").click()
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)

    assert page.get_by_text("demo-clerk").count() >= 1
