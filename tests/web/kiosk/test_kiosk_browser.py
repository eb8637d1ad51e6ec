"""The ticket machine as people use it: a standing touch screen, a card reader, a printer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer
from tests.web.browser import checks, chromium, turns
from tests.web.kiosk.conftest import Machine, bring_in, revoke

from circle15.hall.printing.agent import PrintAgent
from circle15.hall.printing.ports import address
from circle15.ops.simulators.printer import PrinterSimulator
from circle15.ops.simulators.reader import (
    KEY_INTERVAL_MS,
    keystrokes,
    synthetic_ecard,
    synthetic_resident_id,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

OLD_PERSON = synthetic_resident_id(date(1950, 1, 1))
YOUNG_PERSON = synthetic_resident_id(date(2004, 2, 29))
GROUPS, ENROLMENT = "a[href='/kiosk/items/']", "a[href='/kiosk/items/enrolment/']"


def at_step(page: Page, step: str) -> None:
    page.locator(f"[data-c15-kiosk={step}]").wait_for()


def tap_through(page: Page) -> None:
    """Take a number for an item: three taps."""
    page.locator(GROUPS).click()
    page.locator(ENROLMENT).click()
    page.get_by_role("button", name="新生儿参保").click()
    at_step(page, "ticket")


def read_card(page: Page, code: str) -> None:
    page.keyboard.type("".join(keystrokes(code)[:-1]), delay=KEY_INTERVAL_MS)
    page.keyboard.press("Enter")


def read_until(page: Page, code: str, shown: str) -> None:
    """Read a card, and again where a busy machine typed as slowly as a person."""
    for _try in range(6):
        read_card(page, code)
        with suppress(PlaywrightError):
            page.locator(shown).first.wait_for(timeout=4000)
            return
    pytest.fail(f"never seen: {shown}")


def test_three_taps_give_a_number_and_every_step_is_usable(stand: Page, live_server: LiveServer):
    watch = checks.Watch(live_server.url).on(stand)
    entries = stand.evaluate("history.length")
    look = checks.LOOKS["kiosk"]

    assert checks.everything(stand, look, finger=True) == []
    stand.locator(GROUPS).click()
    at_step(stand, "groups")
    assert checks.everything(stand, look, finger=True) == []
    stand.locator(ENROLMENT).click()
    at_step(stand, "items")
    assert checks.everything(stand, look, finger=True) == []
    assert watch.faults == []
    stand.get_by_role("button", name="新生儿参保").click()
    expect(stand.locator(".kiosk-label")).to_have_text("A001")
    assert checks.everything(stand, look, finger=True) == []
    assert stand.evaluate("[location.pathname, history.length]") == ["/kiosk/", entries]


@pytest.mark.parametrize(
    ("mode", "language", "size"),
    turns.whose_turn(
        "steps",
        [
            ("kiosk", "zh-hans", checks.SCREENS["stand"]),
            ("elder", "zh-hans", checks.SCREENS["stand"]),
            ("kiosk", "en", (1024, 768)),
        ],
    ),
)
def test_other_steps_have_no_fault(
    stand: Page, live_server: LiveServer, mode: str, language: str, size: tuple[int, int]
):
    names = {"circle15-mode": mode, "circle15-language": language}
    cookies = [{"name": n, "value": v, "url": live_server.url} for n, v in names.items()]
    stand.context.add_cookies(cookies)  # type: ignore[arg-type]
    stand.set_viewport_size({"width": size[0], "height": size[1]})
    faults = {}
    for step in ("green", "scan", "appointment"):
        stand.goto(f"{live_server.url}/kiosk/")
        stand.locator(f"a[href='/kiosk/{step}/']").click()
        at_step(stand, step)
        faults[step] = checks.everything(stand, checks.LOOKS[mode], finger=True)
    for name, code in (("known", OLD_PERSON), ("app", synthetic_ecard(1))):
        stand.goto(f"{live_server.url}/kiosk/")
        read_until(stand, code, "[data-c15-kiosk=known]")
        faults[name] = checks.everything(stand, checks.LOOKS[mode], finger=True)
    read_until(stand, OLD_PERSON[:-1], "[role=alert]:visible")
    faults["wrong"] = checks.everything(stand, checks.LOOKS[mode], finger=True)

    assert {step: found for step, found in faults.items() if found} == {}
    assert len(faults) == 6


def test_appointment_code_is_tapped_in(stand: Page):
    stand.locator("a[href='/kiosk/appointment/']").click()
    for digit in "1234567":
        stand.get_by_role("button", name=digit, exact=True).click()
    stand.get_by_role("button", name="删除").click()
    stand.keyboard.type("9")
    expect(stand.locator("#kiosk-code")).to_have_value("123459")
    stand.get_by_role("button", name="取号", exact=True).click()

    expect(stand.get_by_role("alert").first).to_contain_text("预约")


def test_a_revoked_machine_shows_its_registration(stand: Page, machine: Machine):
    revoke(machine)
    stand.locator(GROUPS).click()

    stand.wait_for_url("**/device/")


def test_double_tap_gives_one_number(stand: Page, machine: Machine):
    stand.locator(GROUPS).dblclick()
    at_step(stand, "groups")
    stand.get_by_role("button", name="直接取号").dblclick()
    at_step(stand, "ticket")

    assert [ticket.label for ticket in machine.tickets()] == ["A001"]


def test_end_and_back_show_the_start_and_no_number(stand: Page):
    tap_through(stand)
    stand.get_by_role("link", name="完成").click()
    at_step(stand, "start")
    tap_through(stand)
    stand.go_back()
    at_step(stand, "start")
    stand.go_forward()
    at_step(stand, "start")

    assert "A00" not in stand.content()
    # htmx notes the address it is at; there is but one.
    assert stand.evaluate("Object.values({...localStorage, ...sessionStorage})") == ["/kiosk/"]


def test_after_idleness_it_warns_and_forgets(settings, stand: Page, live_server: LiveServer):
    settings.KIOSK_IDLE_S = 3
    stand.goto(f"{live_server.url}/kiosk/")
    stand.get_by_role("button", name="大字版").click()
    expect(stand.locator("html")).to_have_attribute("data-mode", "elder")
    tap_through(stand)
    warning = stand.locator("#kiosk-idle")
    expect(warning).to_be_visible()
    stand.get_by_role("button", name="继续使用").click()
    expect(warning).to_be_hidden()

    at_step(stand, "start")
    expect(stand.locator("html")).to_have_attribute("data-mode", "kiosk")


def test_card_is_read_anywhere_and_never_shown(stand: Page, machine: Machine):
    read_until(stand, OLD_PERSON, "[data-c15-kiosk=known]")
    assert OLD_PERSON not in stand.content()
    stand.get_by_role("button", name="绿色通道取号").click()
    expect(stand.locator(".kiosk-label")).to_have_text("G001")

    assert [ticket.green_class for ticket in machine.tickets()] == ["old"]


def test_a_card_is_forgotten_on_back_at_the_end_and_when_another_is_read(stand: Page):
    read_until(stand, OLD_PERSON, "[data-c15-kiosk=known]")
    stand.go_back()
    at_step(stand, "start")
    stand.go_forward()
    at_step(stand, "start")

    read_until(stand, OLD_PERSON, "[data-c15-kiosk=known]")
    expect(stand.get_by_role("button", name="绿色通道取号")).to_be_visible()
    read_until(stand, YOUNG_PERSON, "[data-c15-kiosk=known]:not(:has([value=old]))")
    expect(stand.get_by_role("button", name="绿色通道取号")).to_have_count(0)
    stand.get_by_role("link", name="回到首页").click()
    at_step(stand, "start")
    left = stand.content() + str(stand.evaluate("({...localStorage, ...sessionStorage})"))
    assert [code for code in (OLD_PERSON, YOUNG_PERSON) if code in left] == []


def test_line_is_cut_and_comes_back(stand: Page, browser_context: BrowserContext):
    stand.locator(GROUPS).click()
    at_step(stand, "groups")
    browser_context.set_offline(True)
    stand.get_by_role("button", name="直接取号").click()
    expect(stand.locator("[data-c15-kiosk-cut]")).to_be_visible()
    browser_context.set_offline(False)

    expect(stand.locator(".kiosk-label")).to_have_text("A001", timeout=8000)
    expect(stand.locator("[data-c15-kiosk-cut]")).to_be_hidden()


def test_it_forgets_without_a_line_too(stand: Page, browser_context: BrowserContext):
    tap_through(stand)
    browser_context.set_offline(True)
    stand.get_by_role("link", name="完成").click()
    at_step(stand, "start")
    expect(stand.locator("[data-c15-kiosk-cut]")).to_be_visible()
    assert "A001" not in stand.content()
    browser_context.set_offline(False)

    expect(stand.locator("[data-c15-kiosk-cut]")).to_be_hidden(timeout=8000)
    tap_through(stand)
    expect(stand.locator(".kiosk-label")).to_have_text("A002")


@contextmanager
def printing(settings, server: LiveServer, **state: bool) -> Iterator[PrinterSimulator]:
    with PrinterSimulator(**state) as printer:
        to = address(f"tcp:127.0.0.1:{printer.port}")
        with PrintAgent(printer=to, width_mm=80, origin=server.url, port=0) as agent:
            settings.KIOSK_PRINTER_PORT = agent.server_port
            runner = Thread(target=agent.serve_forever, kwargs={"poll_interval": 0.02})
            runner.start()
            try:
                yield printer
            finally:
                agent.shutdown()
                runner.join()


@pytest.mark.parametrize(
    ("state", "words", "papers"),
    [({}, "号票已打印", 1), ({"has_paper": False}, "打印机没纸了", 0)],
)
def test_ticket_is_printed_or_the_screen_says_why_not(
    settings,
    stand: Page,
    live_server: LiveServer,
    state: dict[str, bool],
    words: str,
    papers: int,
):
    with printing(settings, live_server, **state) as printer:
        stand.goto(f"{live_server.url}/kiosk/")
        tap_through(stand)
        expect(stand.locator(".kiosk-paper")).to_contain_text(words)

    assert [paper.picture.width for paper in printer.papers] == [576] * papers
    expect(stand.locator(".kiosk-qr svg")).to_be_visible()


def test_without_a_printer_number_and_code_stay(settings, stand: Page, live_server: LiveServer):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        settings.KIOSK_PRINTER_PORT = nobody.getsockname()[1]
    stand.goto(f"{live_server.url}/kiosk/")
    tap_through(stand)

    expect(stand.locator(".kiosk-paper")).to_contain_text("没有打印出来")
    expect(stand.locator(".kiosk-label")).to_have_text("A001")


def test_nothing_of_a_person_is_left_on_disk(
    tmp_path: Path, live_server: LiveServer, machine: Machine, chromium_browser: Browser
):
    with chromium_browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium.whole(), args=chromium.ARGUMENTS
    ) as context:
        bring_in(context, live_server, machine)
        page = context.new_page()
        page.goto(f"{live_server.url}/kiosk/")
        read_until(page, OLD_PERSON, "[data-c15-kiosk=known]")
        page.get_by_role("button", name="绿色通道取号").click()
        at_step(page, "ticket")
        page.get_by_role("link", name="完成").click()
        at_step(page, "start")
    (ticket,) = machine.tickets()
    traces = [OLD_PERSON, str(ticket.uid), "kiosk/scan", "kiosk/take", "kiosk/green"]

    found = [(path.name, trace) for path, trace in _traces(tmp_path, traces)]
    assert found == []
    # The search finds what there is: the one address the browser has been at.
    assert list(_traces(tmp_path, ["/kiosk/"])) != []


def _traces(profile: Path, traces: list[str]) -> Iterator[tuple[Path, str]]:
    """Look through every file of a browser's profile, as text of one and of two bytes."""
    for path in profile.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for trace in traces:
                if trace.encode() in content or trace.encode("utf-16-le") in content:
                    yield path, trace
