"""What a site's manager, officers, an inspector and somebody served do in a year, page by page."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page, expect
from tests.web.journeys.town import shoot

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PHOTO = BytesIO()
Image.new("RGB", (640, 480), (90, 120, 80)).save(PHOTO, "JPEG")


def form_of(page: Page, act: str) -> Locator:
    """Return the form of an act, its fold opened."""
    form = page.locator(f"main form[action$='/do/{act}/']")
    fold = form.locator("xpath=ancestor::details[1]")
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return form


def fill(form: Locator, **answers: str) -> None:
    """Fill in fields by their names: words, days, choices, ticks; `file` is a photo."""
    for name, answer in answers.items():
        field = form.locator(f"[name='{name}']")
        kind = field.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            box = form.locator(f"[name='{name}'][value='{answer}']")
            form.locator(f"label[for='{box.get_attribute('id')}']").click()
        elif kind == "file":
            photo = {"name": "佐证.jpg", "mimeType": "image/jpeg", "buffer": PHOTO.getvalue()}
            field.set_input_files(photo)  # type: ignore[arg-type]
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(answer)
        else:
            field.fill(answer)


def send(page: Page, form: Locator) -> None:
    form.locator("button.btn-primary").click()
    page.wait_for_load_state()
    expect(
        page.locator(".error-summary, .field-error, main .notice-bad[role='alert']")
    ).to_have_count(0)


def act(page: Page, path: str, name: str, *, picture: str = "", **answers: str) -> None:
    """Go to a page and take a step there, once."""
    page.goto(path)
    form = form_of(page, name)
    fill(form, **answers)
    send(page, form)
    if picture:
        shoot(page, picture)


def uid_of(page: Page) -> str:
    found = UID.findall(page.url)
    assert found, page.url
    return str(found[-1])
