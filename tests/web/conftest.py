"""The browser of the web tests: one Chromium a run, one clean context a test."""

import os
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.plugin import VAR
from tests.web.browser import chromium
from tests.web.browser.city import WORKER, City, served
from tests.web.browser.visitors import Visitors, begin_work


@pytest.fixture(scope="session", autouse=True)
def front_end(plain_static: None) -> Iterator[None]:
    """Serve styles and scripts as built."""
    if finders.find("build/base.css") is None:
        pytest.exit("no front end built: run `npm ci --ignore-scripts && npm run build`", 4)
    with override_settings(WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """Give the machine's Chromium, or fail saying how to get one."""
    try:
        chromium.path()
    except chromium.NoChromium as missing:
        pytest.fail(str(missing), pytrace=False)
    # Playwright runs an event loop in this thread; Django would take it for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium_browser: Browser) -> Iterator[BrowserContext]:
    context = chromium_browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """Give the demo city on a server of its own; a test may write, but must not count on others."""
    with served() as city:
        yield city


@pytest.fixture(scope="session")
def visitors(chromium_browser: Browser) -> Iterator[Visitors]:
    """Give visitors of a city apart, where only they go: what they see hangs on no other test."""
    with served(VAR / f"city_visited_{WORKER}") as city:
        begin_work(chromium_browser, city)
        found = Visitors(chromium_browser, city)
        yield found
        found.leave_all()
