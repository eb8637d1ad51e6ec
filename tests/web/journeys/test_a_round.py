"""A round from its opening to the list of awarded sites: three towns, all through pages.

One is returned, filed again and selected, one is late, one is awarded. Part of the long campaigns
(CIRCLE15_ROUND=1).
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Locator, Page, expect
from tests.web.journeys.town import HAS_KEYS, PICTURES, Town, shoot
from tests.web.journeys.year import act, fill, send

from circle15.core.papers.text import printable

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("CIRCLE15_ROUND") != "1", reason="a long campaign"),
]
FIRST, SECOND = "320681110000C01", "320681100000C01"
ACCEPTED = (
    "SELECT s.code, to_char(e.published_at, 'YYYY-MM-DD') FROM assessments_entry e"
    " JOIN assessments_campaign c ON c.id = e.campaign_id JOIN sites_site s ON s.id = e.site_id"
    " WHERE e.state = 'published' AND e.outcome = 'pass' AND c.kind = 'acceptance'"
    " AND s.code <> ALL(%s) ORDER BY s.code LIMIT 1"
)
TODAY = timezone.localdate()
PROFILE = "中心设三个窗口，配叫号和自助设备。\n高频事项当场办结，人员全部持证。"
PLAN = "五月完善分区标识，六月补齐设备，七月试运行并申请验收。"


@pytest.fixture(scope="module")
def screens(town: Town) -> Iterator[Callable[[str], Page]]:
    """Give everybody a screen of their own for the whole round; refusals are part of it."""
    with ExitStack() as stack:
        known: dict[str, Page] = {}

        def of(user: str) -> Page:
            if user not in known:
                known[user] = stack.enter_context(town.screen(user, refused=422))
            return known[user]

        yield of


def begin(page: Page, where: str, code: str) -> str:
    """Start the application of a site and return its address."""
    page.goto(where)
    form = page.locator("main form[action$='/do/start/']")
    fill(form, site=code)
    send(page, form)
    return page.url.split(page.url.split("/programme/")[0])[-1]


def task(page: Page, address: str, key: str, **answers: str) -> None:
    """Fill in one part of the form and save it."""
    page.goto(f"{address}tasks/{key}/")
    form = page.locator("main form.card")
    fill(form, **answers)
    send(page, form)


def fill_in(page: Page, address: str, *, shows: str = "") -> None:
    """Fill in every part, in another order than listed."""
    task(page, address, "plan", text=PLAN)
    task(page, address, "profile", text=PROFILE)
    page.goto(f"{address}tasks/contact/")
    person = page.locator("main form.card input[name='person']").first.get_attribute("value")
    task(page, address, "contact", person=str(person))
    task(page, address, "site")
    task(page, address, "files", file="photo")
    page.goto(address)
    expect(page.locator("#tasks").locator("xpath=../..").get_by_text("已完成")).to_have_count(5)
    if shows:
        shoot(page, shows)


def endorse(page: Page, address: str) -> None:
    page.goto(address)
    form = page.locator("main form[action$='/do/endorse/']")
    open_fold(form)
    fill(form, opinion="材料齐全，情况属实，同意上报。", signed_as="县级医疗保障局主要负责人")
    for box in form.locator("input[name='confirmed']").all():
        form.locator(f"label[for='{box.get_attribute('id')}']").click()
    send(page, form)


def open_fold(form: Locator) -> None:
    fold = form.locator("xpath=ancestor::details[1]")
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()


def words_of(page: Page, address: str, name: str) -> str:
    """Fetch a Word document as the reader does, keep it where pictures are, return its words."""
    reply = page.request.get(address)
    assert reply.status == 200, (address, reply.status)
    if PICTURES:
        (Path(PICTURES) / f"{name}.docx").write_bytes(reply.body())
    paper = Document(BytesIO(reply.body()))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return printable("\n".join([*(one.text for one in paper.paragraphs), *cells]))


def state(town: Town, address: str) -> tuple[Any, ...]:
    [found] = town.rows(
        "SELECT state, is_late, attempt FROM programme_application WHERE uid = %s",
        address.rstrip("/").split("/")[-1],
    )
    return found


# Clauses: W-14, W-15, W-16, W-18, W-104, W-105
def test_three_towns_go_through_a_round(town: Town, screens: Callable[[str], Page]) -> None:
    city = screens("city")
    where = open_round(city)
    notice = words_of(city, f"{where}files/notice.docx", "round-notice")
    assert f"关于组织申报{TODAY.year}年度市级示范点的通知" in notice
    assert "本轮名额2个" in notice
    first = return_and_select(town, screens, where)
    award(town, screens, where)
    come_late(town, screens, where)
    papers(city, where, first)
    city.goto(where)
    shoot(city, "round-page")


def return_and_select(town: Town, screens: Callable[[str], Page], where: str) -> str:
    """Let the first town file too early, be returned, mend, and be selected."""
    city, county = screens("city"), screens("county")
    manager = screens("manager1")
    first = begin(manager, where, FIRST)
    shoot(manager, "round-tasks-empty")
    manager.locator("main form[action$='/do/file/'] button").click()
    expect(manager.locator(".notice-bad li")).to_have_count(4)
    refuse_long(manager, first)
    fill_in(manager, first, shows="round-tasks-done")
    act(manager, first, "file", picture="round-filed")
    act(county, first, "return", why_plan="请写明每一步的完成日期", why_profile="请补充年办件量")
    manager.goto(first)
    expect(manager.get_by_text("请写明每一步的完成日期").first).to_be_visible()
    shoot(manager, "round-returned")
    task(manager, first, "plan", text=f"{PLAN}五月三十一日、六月三十日、七月三十一日各完成一步。")
    task(manager, first, "profile", text=f"{PROFILE}\n年办件一万两千件。")
    act(manager, first, "file")
    endorse(county, first)
    shoot(county, "round-endorsed")
    act(city, first, "select", picture="round-selected")
    assert state(town, first) == ("selected", False, 2)
    return first


def award(town: Town, screens: Callable[[str], Page], where: str) -> None:
    """Let an officer fill in for a town that goes on to its award, by two."""
    city, city2, county = screens("city"), screens("city2"), screens("county")
    [(code, accepted)] = town.rows(ACCEPTED, [FIRST, SECOND])
    third = begin(city2, where, code)
    fill_in(city2, third)
    act(city2, third, "file")
    endorse(county, third)
    act(city, third, "select")
    act(city, third, "record")
    city.goto(third)
    result = city.locator("select[name='acceptance'] option").last.get_attribute("value")
    built = date.fromisoformat(accepted) - timedelta(days=30)
    act(city, third, "propose", acceptance=str(result), built_on=str(built))
    expect(city.locator("main form[action$='/do/award/']")).to_have_count(0)
    act(city2, third, "award", picture="round-awarded")
    assert state(town, third)[0] == "awarded"


def come_late(town: Town, screens: Callable[[str], Page], where: str) -> None:
    """Let the second town file after the last day; the owner takes it in writing."""
    city, county = screens("city"), screens("county")
    closed = str(TODAY - timedelta(days=1))
    act(city, where, "change", closes_on=closed, quota="2", note="申报期结束")
    other = screens("manager2")
    second = begin(other, where, SECOND)
    fill_in(other, second)
    act(other, second, "file", picture="round-late")
    assert state(town, second) == ("late", True, 1)
    act(city, second, "accept_late", note="道路施工致网络中断，予以受理")
    endorse(county, second)
    city.goto(second)
    city.locator("main form[action$='/do/wait/']").wait_for(state="attached")
    act(city, second, "wait", note="名额已满", picture="round-waiting")


def open_round(city: Page) -> str:
    """Open a round of this year through its form and return its address."""
    city.goto("/programme/")
    shoot(city, "round-list")
    city.goto("/programme/new/")
    form = city.locator("main form.card")
    fill(
        form,
        opens_on=str(TODAY - timedelta(days=9)),
        closes_on=str(TODAY + timedelta(days=9)),
        built_by=str(TODAY + timedelta(days=90)),
        quota="2",
        phone="12393",
    )
    shoot(city, "round-new")
    send(city, form)
    return re.sub(r"^https?://[^/]+", "", city.url)


def refuse_long(page: Page, address: str) -> None:
    """Type too much: it is counted as it is typed, refused, and still there."""
    page.goto(f"{address}tasks/plan/")
    page.locator("textarea[name='text']").fill("好" * 501)
    if HAS_KEYS:
        expect(page.locator("[data-c15-counter]")).to_contain_text("501")
    page.locator("main form.card button.btn-primary").click()
    expect(page.locator(".error-summary")).to_contain_text("请删去 1 个")
    expect(page.locator("textarea[name='text']")).to_have_value("好" * 501)
    shoot(page, "round-too-long")


def papers(city: Page, where: str, first: str) -> None:
    """Read the form and the list as Word: the year is the round's, nothing typed twice."""
    form = words_of(city, f"{first}form.docx", "round-form")
    for wanted in (f"{TODAY.year}年度市级", "平方米", "七月三十一日", "同意上报", "主要负责人"):
        assert wanted in form
    listed = words_of(city, f"{where}files/awarded.docx", "round-awarded")
    assert f"关于公布{TODAY.year}年度市级示范点名单的通知" in listed
    assert "授予下列1个单位" in listed
