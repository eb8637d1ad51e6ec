"""What people do with cases: taken in by keyboard, told once, promised, decided by two."""

import re

import pytest
from playwright.sync_api import Browser, Page
from tests.web.browser.city import City

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSPITAL = {"settled": "no", "accident": "no", "account": "card"}


def pressed(page: Page, key: str) -> None:
    """Strike a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def clicked(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).click()


def found(page: Page, number: str) -> None:
    """Type somebody's number, and register who is new."""
    page.goto("/intake/")
    page.locator("#id_number").fill(number)
    with page.expect_navigation():
        page.locator("#id_number").press("Enter")
    if page.locator("#id_name").count():
        page.locator("#id_name").fill("王秀英")
        page.locator("#id_division").select_option(index=1)
        clicked(page, "main form button.btn-primary")


def opened(page: Page, item: str, answers: dict[str, str]) -> None:
    page.locator("#id_item").select_option(item)
    clicked(page, "main form button.btn-primary")
    for question, choice in answers.items():
        page.locator(f'input[name="q-{question}"][value="{choice}"]').check()
    clicked(page, '[data-key="Q"]')


def test_intake_by_keyboard_is_told_once_then_promised(
    chromium_browser: Browser, city: City
) -> None:
    with city.visit(chromium_browser, user="clerk2") as clerk:
        page = clerk.new_page()
        found(page, "320681195003051232")
        opened(page, "hospital-costs", HOSPITAL)
        page.keyboard.press("f")
        page.keyboard.press("3")
        page.locator('input[name="how-cost-list"][value="missing"]').check()
        missing = page.locator("[data-case-missing]").inner_text()
        pressed(page, "n")
        notice = page.locator(".sheet h2").inner_text()
        number = re.search(r"\d{19}", page.locator(".lead").inner_text())
        uid = page.url.split("/cases/")[1].split("/")[0]

        page.goto(f"/intake/{uid}/")
        page.locator('input[name="how-cost-list"][value="deferred"]').check()
        page.locator("h1").click()
        pressed(page, "r")
        page.locator("input[name=is_promised]").check()
        clicked(page, ".dialog-foot button")
        receipt = page.locator(".sheet h2").inner_text()

        found(page, "320681195003051232")
        again = page.locator(".case-list").inner_text()

    assert (missing, notice, receipt) == ("还缺 1 样", "一次性告知书", "容缺受理通知书")
    assert number is not None
    assert "容缺受理" in again


def test_without_scripts_an_instant_matter_is_done_at_the_window(
    chromium_browser: Browser, city: City
) -> None:
    with city.visit(chromium_browser, user="clerk1", size=(360, 740), scripts=False) as clerk:
        page = clerk.new_page()
        found(page, "320681196001011231")
        opened(page, "resident-enrolment", {"other-cover": "no", "insured": "local"})
        for paper in ("id-document", "resident-form"):
            page.locator(f'input[name="how-{paper}"][value="given"]').check()
        clicked(page, 'button[value="accept"]')
        receipt = page.locator(".sheet h2").inner_text()
        page.get_by_role("link", name="看这件事").click()
        clicked(page, "#step-finish_here")
        result = page.locator(".sheet h2").inner_text()

    assert (receipt, result) == ("受理通知书", "办理结果通知书")


def test_two_people_decide_by_their_dialogs(chromium_browser: Browser, city: City) -> None:
    with (
        city.visit(chromium_browser, user="handler1") as one,
        city.visit(chromium_browser, user="handler2") as two,
    ):
        first, second = one.new_page(), two.new_page()
        first.goto("/cases/?list=queue&item=hospital-costs")
        clicked(first, ".case-table tbody tr:first-child a")
        pressed(first, "l")
        first.keyboard.press("d")
        dialog = first.locator("dialog[open]")
        dialog.get_by_label("不予同意").check()
        dialog.locator("textarea[name=basis]").fill("《社会保险法》第二十八条")
        dialog.locator("textarea[name=note]").fill("费用不在报销范围")
        clicked(first, "dialog[open] .dialog-foot button:last-child")

        second.goto(first.url)
        second.keyboard.press("f")
        second.locator("dialog[open]").get_by_label("同意，按拟定的结论办").check()
        clicked(second, "dialog[open] .dialog-foot button:last-child")
        outcome = second.locator(".page-head").inner_text()

    assert "不予同意" in outcome
    assert "已决定" in outcome
