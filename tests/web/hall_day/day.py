"""A day in the county hall of the demo city, short but whole: what people do, in order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Thread

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tests.web.browser.city import City
from tests.web.hall_day.stations import (
    DESK,
    PATIENT_MS,
    PHONE,
    STAND,
    WALL,
    Clerk,
    Display,
    Kiosk,
    Manager,
    Phone,
    Station,
)

from circle15.hall.printing.agent import PrintAgent
from circle15.hall.printing.ports import address
from circle15.ops.children import Child
from circle15.ops.demo.centres import HALL
from circle15.ops.simulators.printer import PrinterSimulator
from circle15.ops.simulators.reader import synthetic_resident_id

DOTS_OF_80_MM = 576
Shoot = Callable[[str, Page], None]


def nobody_looks(_name: str, _page: Page) -> None:
    """Take no picture."""


@dataclass
class Hall:
    """Everybody in place, and the process that tells displays and phones."""

    city: City
    live: Child
    printer: PrinterSimulator
    manager: Manager
    kiosk: Kiosk
    display: Display
    first: Clerk
    second: Clerk
    phone: Phone
    booker: Phone
    shoot: Shoot = nobody_looks

    @property
    def stations(self) -> tuple[Station, ...]:
        return (
            self.manager,
            self.kiosk,
            self.display,
            self.first,
            self.second,
            self.phone,
            self.booker,
        )


@contextmanager
def printing(city: City) -> Iterator[PrinterSimulator]:
    """Run the kiosk's own print agent, with a printer that keeps what it gets."""
    with PrinterSimulator() as printer:
        to = address(f"tcp:127.0.0.1:{printer.port}")
        with PrintAgent(printer=to, width_mm=80, origin=city.url, port=city.printer_port) as agent:
            runner = Thread(target=agent.serve_forever, kwargs={"poll_interval": 0.02})
            runner.start()
            try:
                yield printer
            finally:
                agent.shutdown()
                runner.join()


@contextmanager
def staffed(city: City, browser: Browser, shoot: Shoot = nobody_looks) -> Iterator[Hall]:
    """Open a browser for each; leave none open."""
    with ExitStack() as stack:
        live = stack.enter_context(city.told_live())
        hall = Hall(
            city,
            live,
            stack.enter_context(printing(city)),
            Manager(city, browser, DESK, "manager3"),
            Kiosk(city, browser, STAND),
            Display(city, browser, WALL),
            Clerk(city, browser, DESK, "clerk3"),
            Clerk(city, browser, DESK, "clerk4"),
            Phone(city, browser, PHONE),
            Phone(city, browser, PHONE),
            shoot,
        )
        for station in hall.stations:
            stack.callback(station.context.close)
        yield hall


def morning(hall: Hall) -> None:
    """Machines register by code, windows open."""
    manager = hall.manager
    hall.display.comes_up(manager.adds_machine("叫号大屏", "东墙大屏"))
    code = manager.adds_machine("自助取号机", "大厅入口 1 号机")
    hall.shoot("hall-device-code", manager.page)
    hall.kiosk.register(code)
    manager.go("/devices/")
    hall.shoot("hall-devices", manager.page)
    manager.go(f"/halls/{HALL}/appointments/hours/")
    hall.shoot("hall-hours", manager.page)
    manager.opens_booking_today(f"{timezone.localdate()}")
    hall.first.go("/counter/")
    hall.shoot("hall-seats", hall.first.page)
    hall.first.opens(1)
    hall.second.opens(2)
    hall.kiosk.go("/kiosk/")
    hall.shoot("hall-kiosk", hall.kiosk.page)


def people_come(hall: Hall) -> None:
    """Five take a number in four ways; the first of them follows it on the phone."""
    kiosk = hall.kiosk
    code = hall.booker.books("王小明", synthetic_resident_id(date(1970, 5, 1)))
    hall.shoot("hall-booked", hall.booker.page)
    kiosk.asks_for_a_number()
    hall.shoot("hall-kiosk-ticket", kiosk.page)
    label, link = kiosk.number()
    assert label == "A001"
    assert kiosk.by_item("enrolment", "resident-enrolment")[0] == "A002"
    assert kiosk.green("old")[0] == "G001"
    assert kiosk.appointment(code)[0] == "Y001"
    assert kiosk.ordinary()[0] == "A003"
    assert [paper.picture.width for paper in hall.printer.papers] == [DOTS_OF_80_MM] * 5
    hall.phone.go(link)
    hall.phone.is_behind(2)
    hall.shoot("hall-phone-waiting", hall.phone.page)


def calls_begin(hall: Hall) -> None:
    """Green first, called twice and sent for a paper; the booked one goes to the other window."""
    first, second = hall.first, hall.second
    first.press("j", then="已叫 G001")
    hall.display.shows("G001", 1)
    first.press("c", then="已再叫 G001")
    first.press("k", then="开始办理 G001")
    hall.shoot("hall-desk", first.page)
    first.press("m", then="号给留着")
    first.press("j", then="已叫 Y001")
    first.hands_over(2)
    hall.phone.is_behind(1)
    second.press("j", then="已叫 Y001")
    hall.display.shows("Y001", 2)
    second.press("k", then="开始办理 Y001")


def the_phone_is_called(hall: Hall) -> None:
    hall.first.press("j", then="已叫 A001")
    hall.phone.is_called_to(1)
    hall.display.shows("A001", 1)
    hall.shoot("hall-display", hall.display.page)
    hall.shoot("hall-phone-called", hall.phone.page)
    hall.first.press("k", then="开始办理 A001")
    hall.first.press("b", then="A001 已办结")
    expect(hall.phone.page.get_by_text("已办结")).to_be_visible(timeout=PATIENT_MS)


def live_updates_die_and_come_back(hall: Hall) -> None:
    """Calls go on while nobody tells the displays; the supervisor starts the process again."""
    assert hall.live.process is not None
    hall.live.process.kill()
    hall.live.process.wait()
    hall.first.press("j", then="已叫 A002")
    hall.first.press("x", then="已撤销上一步")
    hall.second.press("b", then="Y001 已办结")
    hall.city.revive(hall.live)
    hall.first.press("j", then="已叫 A002")
    hall.display.shows("A002", 1)


def nobody_comes_then_somebody_does(hall: Hall) -> None:
    """A number passes, comes back from the list, and the one with the paper is served."""
    first = hall.first
    first.press("g", then="已记过号")
    first.press("h", then="继续办理")
    first.press("b", then="G001 已办结")
    first.page.keyboard.press("l")
    first.page.keyboard.type("002")
    expect(first.page.locator(".desk-pick li:visible")).to_have_count(1)
    hall.shoot("hall-desk-list", first.page)
    first.press("Enter", then="恢复")
    first.serves("A002")


def one_pauses_the_other_covers(hall: Hall) -> None:
    """Who was sent to the window that pauses is served at the one that covers it."""
    hall.first.press("j", then="已叫 A003")
    hall.first.hands_over(2)
    hall.second.press("p", "Enter", then="已暂停叫号")
    hall.manager.go(f"/halls/{HALL}/")
    hall.shoot("hall-now", hall.manager.page)
    hall.first.page.keyboard.press("d")
    hall.first.page.keyboard.press("2")
    hall.first.press("Enter", then="开始顶 2 号窗口的岗")
    hall.first.serves("A003")
    hall.display.shows("A003", 1)
    hall.second.press("p", then="可以继续叫号了")


def evening(hall: Hall) -> None:
    """Windows close; the manager looks at the day."""
    hall.first.closes()
    hall.second.closes()
    hall.manager.go(f"/halls/{HALL}/figures/")
    hall.shoot("hall-figures", hall.manager.page)
