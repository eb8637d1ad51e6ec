"""After the journeys: no number, phone or name stands readable on disk, in addresses or exports."""

import io
import zipfile

import pytest
from playwright.sync_api import Page
from tests.on_disk import is_readable
from tests.web.journeys import at_home, doing, on_disk
from tests.web.journeys.people import Newcomer, newcomer
from tests.web.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Somebody of this test alone; others may have been here or not, whichever worker played them.
HERSELF = newcomer(9)
# What was typed of an organisation is no secret: it proves that what is in clear is found.
CENTRE = "320681110000C01"
# Booking takes mobiles only, and none of these is nobody's for sure: it is not searched for.
NOBODYS_MOBILE = "13800138000"
CANARY = "鹮鹮金丝雀合作社"


@pytest.mark.skipif(not is_readable(), reason="the database's files are not ours")
def test_nothing_of_a_person_is_readable(town: Town) -> None:
    with town.screen("county") as page:
        doing.look_up(page, HERSELF.id_number, site=CENTRE)
        _register(page, HERSELF)
        doing.begin(page, "insurance-transfer")
        doing.say(page, enrolled_here="yes")
        doing.papers(page, "given", ("id-document", "transfer-form"))
        doing.press(page, "受理")
        number = doing.case_number(page)
        files = [_export(page, "/cases/?list=all")]
        _write_in_clear(page)
    with town.screen() as page:
        _book(page, HERSELF)
        at_home.sign_in_as(page, HERSELF.id_number)
        page.goto("/mine/data/")
        paper = page.context.request.get(
            f"/mine/case/{town.case(number)['uid']}/papers/receipt.pdf"
        )
        files.append(paper.body())

    wanted = on_disk.needles()
    assert town.exposed([CENTRE.encode(), *wanted]) == {CENTRE}
    assert {one for one in wanted for file in files if one in file} == set()
    found = on_disk.found(town.city, [CANARY.encode(), *wanted], town.begun)
    assert {text for _file, text in found} == {CANARY}


def _register(page: Page, person: Newcomer) -> None:
    page.locator("#id_name").fill(person.name)
    page.locator("#id_phone").fill(person.phone)
    page.locator("#id_division").select_option("320681110000")
    page.get_by_role("button", name="登记并继续").click()


def _book(page: Page, person: Newcomer) -> None:
    """Book a time at a window, as whoever comes with a ticket later does."""
    page.goto("/booking/")
    page.locator(f"a[href$='{CENTRE}/']").click()
    page.locator(".booking-doors a").first.click()
    page.locator("button[name=time]").first.click()
    page.locator("#id_name").fill(person.name)
    page.locator("#id_phone").fill(NOBODYS_MOBILE)
    page.locator("#id_id_number").fill(person.id_number)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认预约").click()
    page.locator(".booking-number").wait_for()


def _export(page: Page, address: str) -> bytes:
    """Take the list along as Excel; return all of its text."""
    page.goto(address)
    with page.expect_download() as coming:
        page.get_by_role("button", name="导出 Excel").click()
    with zipfile.ZipFile(io.BytesIO(coming.value.path().read_bytes())) as book:
        return b"".join(book.read(name) for name in book.namelist())


def _write_in_clear(page: Page) -> None:
    page.goto("/registers/organisations/new/")
    page.locator("#id_name").fill(CANARY)
    page.locator("#id_division_code").select_option(index=1)
    page.locator("main form .btn-primary").last.click()
