"""An insured person of the demo city in a browser: signs in, has an application under way."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from tests.web.browser.city import City

from circle15.ops.demo.served import known_people

ITEM = "living-elsewhere"
WORDS = "Shanghai"


def sign_in(page: Page, *, person: int = 0) -> None:
    """Sign in through the pages, with the code the demo shows in place of a message."""
    page.goto("/signin/")
    page.locator(".online-demo a").nth(person).click()
    page.locator("main form.form button.btn-primary").click()
    page.locator("#id_code").fill(page.locator(".online-code").inner_text())
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url("**/mine/")


def photo(color: str = "steelblue") -> dict[str, object]:
    """Return a photo as a phone gives it, larger than is kept."""
    out = BytesIO()
    Image.new("RGB", (3000, 2200), color).save(out, "JPEG")
    return {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def begin(page: Page, item: str = ITEM) -> None:
    """Open an application and go to its first step."""
    page.goto(f"/apply/{item}/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/apply/case/**")
    page.locator("main a.btn-primary").first.click()


def answer(page: Page, choice: int = 0) -> None:
    page.locator("form.online-question input[type=radio]").nth(choice).check()
    page.locator("form.online-question button.btn-primary").click()


def fill_in(page: Page) -> None:
    """Fill in every field of a form, once its page is there: `all` waits for nothing."""
    page.wait_for_url("**/form/**")
    for control in page.locator("main form.form .input, main form.form .textarea").all():
        is_date = control.get_attribute("type") == "date"
        control.fill("2026-11-20" if is_date else WORDS)
    page.locator("main form.form button.btn-primary").click()


def add_photo(page: Page, color: str = "steelblue") -> None:
    page.locator("input[type=file]").set_input_files(photo(color))  # type: ignore[arg-type]
    page.locator("form[enctype] button").click()
    page.wait_for_selector(".online-pages")


def to_the_check(page: Page, item: str = ITEM) -> None:
    """Walk through an application to the page where all is checked."""
    begin(page, item)
    answer(page)
    fill_in(page)
    add_photo(page)
    page.locator("main a.btn-primary").click()
    answer(page, 1)  # how the result comes
    page.wait_for_url("**/check/")


def submit(page: Page) -> None:
    page.locator("#id_true").check()
    page.locator("#id_share").check()
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url("**/done/")


def have_an_application(browser: Browser, city: City) -> None:
    """Hand one application in, leave another half done, ask for a mandate; once for a city."""
    if city.one("SELECT count(*) FROM accounts_signincode WHERE purpose = 'mandate'") != "0":
        return
    with city.visit(browser, user="insured") as visitor:
        page = visitor.new_page()
        to_the_check(page)
        submit(page)
        begin(page)
        answer(page)
        fill_in(page)
        add_photo(page)
        ask_for_a_mandate(visitor)


def ask_for_a_mandate(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/mine/mandates/new/")
    # Nobody the tests sign in as: a number gets one code a minute.
    page.locator("#id_id_number").fill(known_people()[-1].id_number)
    page.locator("input[name=relation]").first.check()
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url("**/mandates/code/**")
