"""Who has a part in a hall's day: a machine, a display, clerks, phones, each in its own browser."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.web.browser import checks
from tests.web.browser.city import City

from circle15.ops.demo.centres import HALL

SOON_MS = 2_000
PATIENT_MS = 12_000
DESK, PHONE = (1366, 768), (390, 844)
STAND, WALL = checks.SCREENS["stand"], (1920, 1080)
MOST_TAPS = 4
KEEP_WHAT_IS_TOLD = """
window.heard = [];
window.said = [];
document.addEventListener("c15-called", (event) => window.heard.push(event.detail));
document.addEventListener("c15-said", (event) => window.said.push(event.detail));
"""


@dataclass
class Station:
    """A page in a browser of its own, and all it complains about."""

    city: City
    browser: Browser
    size: tuple[int, int]
    user: str | None = None
    mode: str = ""
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    watch: checks.Watch = field(init=False)

    def __post_init__(self) -> None:
        self.context = self.city.visit(self.browser, user=self.user, mode=self.mode, size=self.size)
        self.page = self.context.new_page()
        self.watch = checks.Watch(self.city.url).on(self.page)

    def go(self, path: str) -> None:
        reply = self.page.goto(path)
        assert reply is not None
        assert reply.ok, (path, reply.status)

    @property
    def faults(self) -> list[str]:
        """Return what went wrong, but for a line that was cut and the printer's own address."""
        printer = f"asked another origin: http://127.0.0.1:{self.city.printer_port}/"
        return [
            fault
            for fault in self.watch.faults
            if "net::ERR_" not in fault and not fault.startswith(printer)
        ]

    def register(self, code: str) -> None:
        """Type the one-time code, as whoever sets up a machine does."""
        self.go("/device/")
        self.page.locator("#id_code").fill(code)
        self.page.get_by_role("button", name="登记", exact=True).click()


class Manager(Station):
    """Sets the hall up."""

    def adds_machine(self, kind: str, name: str) -> str:
        """Return the code that is shown once."""
        self.go("/devices/")
        self.page.locator("#id_kind").select_option(label=kind)
        assert self.page.locator("#id_site_code").input_value() == HALL
        self.page.locator("#id_name").fill(name)
        self.page.get_by_role("button", name="添加并生成登记码").click()
        return self.page.locator(".stat-figure").inner_text()

    def opens_booking_today(self, today: str) -> None:
        """Let people book from this minute on, whatever weekday it is."""
        page = self.page
        self.go(f"/halls/{HALL}/appointments/hours/")
        page.get_by_label("网上最晚提前（分钟）").fill("0")
        page.get_by_label("提前多久可签到（分钟）").fill("60")
        page.get_by_role("button", name="保存规则").click()
        page.get_by_text("增加一天", exact=True).click()
        day = page.locator("form").filter(has=page.get_by_role("button", name="保存这一天"))
        given = {"哪一天": today, "原因": "演练", "开始时间": "00:00", "结束时间": "23:59"}
        for label, value in {**given, "每个时段（分钟）": "5"}.items():
            day.get_by_label(label).fill(value)
        day.get_by_role("button", name="保存这一天").click()
        expect(page.locator(".plain-rows").last).to_contain_text(today)


class Kiosk(Station):
    """The machine at the entrance; counts the taps up to a number."""

    taps: int = 0

    def tap(self, what: str, *, then: str) -> None:
        self.page.locator(what).first.click()
        self.page.locator(f"[data-c15-kiosk={then}]").wait_for()
        self.taps += 1

    def number(self) -> tuple[str, str]:
        """Return the number on the screen and the link in its QR code; let the next one come."""
        label = self.page.locator(".kiosk-label").inner_text()
        paper = self.page.locator("[data-c15-kiosk-paper]").get_attribute("data-c15-kiosk-paper")
        found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", paper or "")
        assert found
        assert self.taps <= MOST_TAPS
        expect(self.page.locator(".kiosk-paper")).to_contain_text("号票已打印")
        self.page.locator("[data-c15-kiosk-end]").click()
        self.page.locator("[data-c15-kiosk=start]").wait_for()
        self.taps = 0
        return label, f"/t/{found.group()}/"

    def asks_for_a_number(self) -> None:
        self.tap("a[href='/kiosk/items/']", then="groups")
        self.tap(".kiosk-direct button", then="ticket")

    def ordinary(self) -> tuple[str, str]:
        self.asks_for_a_number()
        return self.number()

    def green(self, key: str) -> tuple[str, str]:
        self.tap("a[href='/kiosk/green/']", then="green")
        self.tap(f"button[name=green][value={key}]", then="ticket")
        return self.number()

    def by_item(self, group: str, item: str) -> tuple[str, str]:
        self.tap("a[href='/kiosk/items/']", then="groups")
        self.tap(f"a[href='/kiosk/items/{group}/']", then="items")
        self.tap(f"button[name=item][value={item}]", then="ticket")
        return self.number()

    def appointment(self, code: str) -> tuple[str, str]:
        """Check in; the six digits are typing, not choosing."""
        self.tap("a[href='/kiosk/appointment/']", then="appointment")
        for digit in code:
            self.page.locator(f"[data-c15-kiosk-digit='{digit}']").click()
        self.tap("[data-c15-kiosk-code] .btn-primary", then="ticket")
        return self.number()


class Display(Station):
    """What hangs on the wall; remembers what it was told and what it said."""

    def comes_up(self, code: str) -> None:
        self.context.add_init_script(KEEP_WHAT_IS_TOLD)
        self.register(code)
        self.page.locator("[data-c15-screen]").wait_for()

    def shows(self, label: str, window: int) -> None:
        """Expect a call on top."""
        first = self.page.locator("[data-c15-calls] li").first
        expect(first.locator("[data-c15-row-label]")).to_have_text(label, timeout=PATIENT_MS)
        expect(first.locator("[data-c15-row-window]")).to_have_text(str(window))

    @property
    def heard(self) -> list[int]:
        return list(self.page.evaluate("window.heard"))

    @property
    def said(self) -> list[str]:
        return list(self.page.evaluate("window.said"))


class Clerk(Station):
    """Works by keys alone."""

    def opens(self, window: int) -> None:
        self.go("/counter/")
        self.page.get_by_role("button", name=f"在 {window} 号窗口开窗").press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"{window} 号窗口")
        expect(self.page.locator("#key-keys")).to_be_visible()

    def press(self, *keys: str, then: str) -> None:
        """Press keys; the desk then says so."""
        for key in keys:
            self.page.keyboard.press(key)
        expect(self.page.locator("#desk-said")).to_contain_text(then)

    def serves(self, label: str) -> None:
        """Call whoever is next, begin and finish."""
        self.press("j", then=f"已叫 {label}")
        self.press("k", then=f"开始办理 {label}")
        self.press("b", then=f"{label} 已办结")

    def hands_over(self, window: int) -> None:
        self.page.keyboard.press("z")
        self.page.keyboard.press(str(window))
        self.press("Enter", then="已转走")

    def closes(self) -> None:
        self.page.keyboard.press("q")
        self.page.keyboard.press("y")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("今天坐哪个窗口")


class Phone(Station):
    """Somebody's own telephone."""

    def books(self, name: str, id_number: str) -> str:
        """Book the next time there is; return the six digits."""
        page = self.page
        self.go("/booking/")
        page.locator(f"a[href$='{HALL}/']").click()
        page.locator(".booking-doors a").first.click()
        page.locator("button[name=time]").first.click()
        page.locator("#id_name").fill(name)
        page.locator("#id_phone").fill("13800138000")
        page.locator("#id_id_number").fill(id_number)
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="确认预约").click()
        return page.locator(".booking-number").inner_text().replace(" ", "")

    def is_behind(self, people: int) -> None:
        expect(self.page.locator("[data-c15-ahead]")).to_have_text(str(people), timeout=PATIENT_MS)

    def is_called_to(self, window: int) -> None:
        words = f"请到 {window} 号窗口"
        expect(self.page.locator(".ticket-go")).to_have_text(words, timeout=SOON_MS)
