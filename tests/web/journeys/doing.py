"""What people do on the pages: a clerk at the window, the back office, somebody at home."""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from tests.web.journeys.people import TOWN, Newcomer
from tests.web.journeys.town import HAS_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

REFERRAL = {
    "mdtrtarea_admdvs": "上海",
    "reflin_medins_name": "合成市第一医院",
    "diag_name": "合成诊断",
    "begndate": "2026-12-01",
}
UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def look_up(page: Page, number: str, *, site: str = "") -> None:
    """Find somebody at the window by the number of their card."""
    page.goto("/intake/")
    if site:
        # A long list of sites is no list any more: its name or number is typed.
        listed = page.locator("select#id_site")
        listed.select_option(site) if listed.count() else page.locator("#id_site").fill(site)
        page.get_by_role("button", name="换到这个网点").click()
    page.locator("#id_number").fill(number)
    page.get_by_role("button", name=re.compile("^查找(?!单位)")).click()


def register(page: Page, person: Newcomer, *, division: str = TOWN) -> None:
    """Enter somebody who is there for the first time, as their card says."""
    look_up(page, person.id_number)
    expect(page.get_by_role("heading", level=1)).to_have_text("第一次来，先登记")
    page.locator("#id_name").fill(person.name)
    page.locator("#id_phone").fill(person.phone)
    page.locator("#id_division").select_option(division)
    page.get_by_role("button", name="登记并继续").click()


def begin(page: Page, item: str, *, agent: str = "") -> str:
    """Open a case for whoever was found; return its uid."""
    page.locator("#id_item").select_option(item)
    if agent:
        page.get_by_text("代办", exact=True).click()
        page.locator("#id_agent").fill(agent)
    page.get_by_role("button", name="看要哪些材料").click()
    page.wait_for_url("**/intake/*-*/")
    found = UID.search(page.url)
    assert found
    return found.group()


def say(page: Page, **answers: str) -> None:
    """Note what the person answers, all in one go."""
    for key, value in answers.items():
        box = page.locator(f"input[name='q-{key.replace('_', '-')}'][value='{value}']")
        page.locator(f"label[for='{box.get_attribute('id')}']").click()
    page.get_by_role("button", name="记下回答").click()


def papers(page: Page, how: str, keys: "Iterable[str]") -> None:
    """Tick how papers came."""
    for key in keys:
        box = page.locator(f"input[name='how-{key}'][value='{how}']")
        page.locator(f"label[for='{box.get_attribute('id')}']").click()


def filed(page: Page, **values: str) -> None:
    """Fill in what goes to the insurance platform."""
    for key, value in values.items():
        page.locator(f"[name='d-{key}']").fill(value)


def press(page: Page, name: str) -> None:
    """Press a button of a case by its words."""
    page.locator("main button, main a.btn").filter(has_text=re.compile(f"^{name}")).first.click()


def key(page: Page, name: str) -> None:
    """Press a key; without scripts the button that has it."""
    if HAS_KEYS:
        page.keyboard.press(name)
    else:
        page.locator(f"main [data-key='{name.upper()}']").first.click()


def go(page: Page, uid: str) -> None:
    page.goto(f"/cases/{uid}/")


def step(page: Page, uid: str, act: str, **answers: str) -> None:
    """Take a step whose question is a page of its own, as it is without scripts."""
    page.goto(f"/cases/{uid}/ask/{act}/")
    for key, value in answers.items():
        control = page.locator(f"[name='{key}']")
        if control.first.get_attribute("type") in {"radio", "checkbox"}:
            box = control.and_(page.locator(f"[value='{value}']")) if value else control
            page.locator(f"label[for='{box.first.get_attribute('id')}']").click()
        elif control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.locator(".dialog-foot button").last.click()
    expect(page.locator("main form .field-error, .error-summary")).to_have_count(0)


def act(page: Page, uid: str, name: str) -> None:
    """Press a button on the page of a case that acts at once."""
    go(page, uid)
    page.locator(f"#step-{name}").click()


def case_number(page: Page) -> str:
    """Return the number of the case whose paper or page is shown."""
    found = re.search(r"\d{19}", page.locator("main").inner_text())
    assert found
    return found.group()
