"""Those who open every page of a city in which some work is under way, and do nothing else."""

from playwright.sync_api import Browser, BrowserContext
from tests.web.browser import checks
from tests.web.browser.city import City
from tests.web.browser.insured import have_an_application

# Mode, screen, language.
View = tuple[str, str, str]
EQUIPMENT = """网点编码,资产编号,设备类别,数量
320681110000C01,320681110000C01-801,打印机,1
320681110000C01,320681110000C01-802,打印机,一台
"""


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


def begin_work(browser: Browser, city: City) -> None:
    """Begin what the demo leaves to people: a draft, an import, a call, an application."""
    with city.visit(browser, user="city") as officer:
        page = officer.new_page()
        page.goto(f"/editions/{city.one('SELECT min(id) FROM assessments_storededition')}/")
        page.get_by_role("button", name="以此为底稿起草新版本").click()
        page.wait_for_url("**/edit/")
    with city.visit(browser, user="county") as officer:
        page = officer.new_page()
        page.goto("/imports/")
        page.locator("#id_kind").select_option("equipment")
        table = {"name": "设备.csv", "mimeType": "text/csv", "buffer": EQUIPMENT.encode()}
        page.locator("#id_file").set_input_files(table)  # type: ignore[arg-type]
        page.get_by_role("button", name="上传并校验").click()
        page.wait_for_url("**/imports/*/")
    _have_a_queue(browser, city)
    have_an_application(browser, city)


def _have_a_queue(browser: Browser, city: City) -> None:
    """Sit a clerk down, let two people come and call one of them."""
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
