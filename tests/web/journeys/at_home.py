"""Somebody at home, on a phone or in elder mode: signs in, applies, follows what becomes of it."""

import re

from playwright.sync_api import Page
from tests.web.browser.insured import add_photo, fill_in, submit

from circle15.ops.demo.served import known_people

MOTHER, SON, NEWLY_HERE, IN_HARDSHIP, *_YOUNG = known_people()
MOST_STEPS = 20


def sign_in_as(page: Page, number: str) -> None:
    """Sign in by number and code; a demo shows the code in place of a message."""
    page.goto("/signin/")
    page.locator("#id_id_number").fill(number)
    page.locator("main form.form button.btn-primary").click()
    page.locator("#id_code").fill(page.locator(".online-code").inner_text())
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url("**/mine/")


def apply(page: Page, item: str, **answers: str) -> str:
    """Walk through an application, one thing a page, and hand it in; return its number."""
    page.goto(f"/apply/{item}/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/apply/case/**")
    page.locator("main a.btn-primary").first.click()
    for _step in range(MOST_STEPS):
        found = re.search(r"/(question|form|paper|handover|check)/(?:([a-z0-9-]+)/)?$", page.url)
        assert found, page.url
        match found.groups():
            case ("question", key):
                _choose(page, answers[key.replace("-", "_")])
            case ("form", _key):
                for group in page.locator("main form.form fieldset").all():
                    group.locator("label").first.click()
                fill_in(page)
            case ("paper", _key):
                add_photo(page)
                page.locator("main a.btn-primary").click()
            case ("handover", _none):
                _choose(page, "online")
            case _:
                break
    submit(page)
    return page.locator(".online-number").inner_text()


def _choose(page: Page, value: str) -> None:
    box = page.locator(f"form.online-question input[value='{value}']")
    page.locator(f"label[for='{box.get_attribute('id')}']").click()
    page.locator("form.online-question button.btn-primary").click()
