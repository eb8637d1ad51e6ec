"""One site's year: rated badly and put right, falling and recovered, checked, accepted, vetoed.

Part of the long campaigns (CIRCLE15_YEAR=1).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.web.inspect import tablet
from tests.web.inspect.line import line_to
from tests.web.journeys.town import PHONE, Town, shoot
from tests.web.journeys.year import act, fill, send, uid_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("CIRCLE15_YEAR") != "1", reason="a long campaign"),
]
SITE, BOOK = "320681110000C01", "jiangsu-acceptance"
# What a night does, in its order.
NIGHT = (
    "circle15.assessments.actions.refresh_stale",
    "circle15.assessments.monitoring.days.keep_hourly",
    "circle15.assessments.monitoring.watching.watch_daily",
    "circle15.assessments.monitoring.supervising.sweep",
)
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def screens(town: Town) -> Iterator[Callable[[str], Page]]:
    """Give everybody a screen of their own for the whole year."""
    with ExitStack() as stack:
        known: dict[str, Page] = {}

        def of(user: str) -> Page:
            if user not in known:
                known[user] = stack.enter_context(town.screen(user))
            return known[user]

        yield of


def one(town: Town, query: str, *values: object) -> str:
    [(found,)] = town.rows(query, *values)
    return str(found)


def score(town: Town) -> Decimal:
    query = (
        "SELECT l.total FROM assessments_livescore l JOIN sites_site s ON s.id = l.site_id"
        " WHERE s.code = %s AND l.book = %s"
    )
    return Decimal(one(town, query, SITE, BOOK))


def test_bad_rating_is_put_right_revisited_and_closed(town: Town, screens) -> None:
    ticket = one(
        town,
        "SELECT t.uid FROM hall_ticket t JOIN hall_hall h ON h.id = t.hall_id"
        " JOIN sites_site s ON s.id = h.site_id WHERE s.code = %s AND t.state = 'finished'"
        " AND t.day >= %s ORDER BY t.day DESC, t.id DESC LIMIT 1",
        SITE,
        timezone.localdate() - 3 * A_DAY,
    )
    before = one(town, "SELECT coalesce(max(id), 0) FROM ratings_order")
    with town.screen(size=PHONE, mode="elder") as page:
        page.goto(f"/t/{ticket}/rate/?grade=1")
        shoot(page, "year-1-why")
        page.locator("#rate-phone").fill("13800138000")
        page.locator(".rate-label").first.click()
        expect(page.locator("main")).to_contain_text("谢")
        shoot(page, "year-1-thanks")
    uid = one(town, "SELECT uid FROM ratings_order WHERE id > %s", before)
    order, county = f"/ratings/orders/{uid}/", screens("county")
    county.goto(order)
    if "交办" in county.locator("#now + *, .card-accent").first.inner_text():
        form = county.locator("form[action$='/do/assign/']")
        manager = form.locator("option").filter(has_text="陆").first.get_attribute("value")
        act(county, order, "assign", to=str(manager))
    act(county, order, "contact", note="电话联系本人，问明经过")
    act(county, order, "verify", finding="valid", note="调看叫号记录，等候过久属实")
    act(county, order, "by_date", until=str(timezone.localdate() + 3 * A_DAY), note="加开一个窗口")
    act(county, order, "rectified", note="已加开 3 号窗口")
    act(county, order, "answer", note="已加开窗口，谢谢您的意见。")
    act(county, order, "revisit", is_satisfied="yes", note="本人表示满意")
    # Who put it right does not close it.
    act(screens("city"), order, "close", note="整改到位，同意办结", picture="year-1-closed")
    act(county, order, "publish", note="等候过久，已加开窗口。", picture="year-1-published")
    states = town.rows(
        "SELECT p.state FROM ratings_orderspan p JOIN ratings_order o ON o.id = p.order_id"
        " WHERE o.uid = %s ORDER BY p.id",
        uid,
    )
    assert [state for (state,) in states][-4:] == ["answered", "revisited", "closed", "published"]
    with town.screen() as page:
        page.goto(f"/disclosure/{SITE}/")
        expect(page.locator("main")).to_contain_text("等候过久，已加开窗口。")
        shoot(page, "year-1-board")


def test_falling_score_is_warned_of_ordered_and_recovered(town: Town, screens) -> None:
    county, manager = screens("county"), screens("manager1")
    days = (timezone.localdate() + n * A_DAY for n in range(1, 30))

    def a_night() -> None:
        day = next(days)
        for work in NIGHT:
            town.later(work, day)

    a_night()
    before = score(town)
    change_printers(manager, "故障")
    a_night()
    assert score(town) < before
    county.goto(f"/monitoring/sites/{SITE}/")
    warning = county.locator("article").filter(has_text="打印机")
    expect(warning).to_be_visible()
    shoot(county, "year-2-warning")
    warning.get_by_role("link", name="就这条下达督办").click()
    form = county.locator("main form")
    until = str(timezone.localdate() + 7 * A_DAY)
    fill(form, words="修好或更换打印机", until=until)
    send(county, form)
    order = f"/monitoring/orders/{uid_of(county)}/"
    act(manager, order, "answer", words="已更换一台", file="photo", picture="year-2-answered")
    act(county, order, "accept", words="照片和登记一致", picture="year-2-accepted")
    change_printers(manager, "正常使用")
    a_night()
    assert score(town) == before
    query = "SELECT state FROM assessments_supervisionorder WHERE uid = %s"
    assert one(town, query, order.split("/")[-2]) == "closed"
    county.goto(f"/monitoring/sites/{SITE}/")
    expect(county.locator("article").filter(has_text="打印机").locator("a")).to_have_count(0)
    shoot(county, "year-2-recovered")


def change_printers(page: Page, state: str) -> None:
    """Set every printer of the site to a state on the page of its equipment."""
    page.goto(f"/sites/{SITE}/inventory/")
    while True:
        buttons = page.locator("form[action$='/inventory/equipment/'] button")
        wanted = buttons.filter(has_text=state).filter(has_text="打印机")
        if not wanted.count():
            return
        wanted.first.click()
        page.wait_for_load_state()


def test_checked_on_a_tablet_without_a_line(town: Town, screens, chromium_browser, tmp_path):
    city = screens("city")
    city.goto(f"/inspections/new/?site={SITE}")
    shoot(city, "year-3-send")
    form = city.locator("main form").last
    inspector = form.locator("label").filter(has_text="欧").first.get_attribute("for")
    city.locator(f"label[for='{inspector}']").click()
    fill(form, book=BOOK)
    send(city, form)
    check = uid_of(city)
    screens("inspector").goto("/inspect/")
    cookie = next(
        each["value"] for each in town.city.cookies["inspector"] if each["name"] == "circle15"
    )
    with ExitStack() as end:
        line = end.enter_context(line_to(town.city.url))
        own = tablet.Tablet(chromium_browser.browser_type, tmp_path / "profile", line)
        end.callback(own.stop)
        page = own.start(str(cookie))
        tablet.set_pin(page)
        mine = page.locator(f"[data-check='{check}'] button")
        mine.wait_for()
        tablet.kept_offline(page)
        own.cut()
        mine.click()
        tablet.decide(page, most=45)
        tablet.decide(page, "yes")
        tablet.add_photos(page, tablet.picture())
        shoot(page, "year-3-tablet")
        tablet.sign_and_close(page, "欧阳示例")
        page.get_by_text("已提交，等待上传").wait_for()
        own.mend()
        own.signed_in(str(cookie))
        page.get_by_role("button", name="现在上传").click()
        page.locator("[data-receipt]").wait_for()
    city.goto(f"/inspections/{check}/")
    shoot(city, "year-3-merged")
    query = "SELECT state FROM assessments_inspection WHERE uid = %s"
    assert one(town, query, check) == "merged"


def campaign(page: Page, kind: str, name: str, **more: str) -> str:
    """Make a campaign of the site alone; return its path."""
    page.goto("/campaigns/new/")
    form = page.locator("main form").last
    town_area = form.locator("[name='area'] option").filter(has_text="吕四港镇").first
    area = str(town_area.get_attribute("value"))
    fill(form, name=name, kind=kind, book=BOOK, area=area, **more)
    send(page, form)
    return f"/campaigns/{uid_of(page)}/"


def entry(town: Town, path: str) -> str:
    uid = one(
        town,
        "SELECT e.uid FROM assessments_entry e JOIN assessments_campaign c ON c.id = e.campaign_id"
        " JOIN sites_site s ON s.id = e.site_id WHERE c.uid = %s AND s.code = %s",
        path.split("/")[-2],
        SITE,
    )
    return f"/campaigns/sites/{uid}/"


# Clauses: W-30
def test_accepted_with_an_objection_then_vetoed_and_reported(town: Town, screens) -> None:
    city, second, manager = screens("city"), screens("city2"), screens("manager1")
    county = screens("county")
    path = campaign(city, "acceptance", "年度验收", pass_mark="90", title="city_demo")
    act(city, path, "freeze", picture="year-4-frozen")
    site = entry(town, path)
    act(city, site, "confirm_rest")
    act(city, site, "reviewed")
    form_of_checks = city.locator("form[action$='/do/take_over/'] [name='check'] option")
    act(city, site, "take_over", check=str(form_of_checks.last.get_attribute("value")))
    act(county, site, "see_rest")  # whoever goes there sat not at the desk
    act(city, site, "checked", picture="year-4-objections")
    lost = one(
        town,
        "SELECT l.rule_id FROM assessments_entryline l JOIN assessments_entry e ON e.id ="
        " l.entry_id WHERE e.uid = %s AND l.computed < l.most ORDER BY l.id LIMIT 1",
        site.split("/")[-2],
    )
    most = one(
        town,
        "SELECT l.most FROM assessments_entryline l JOIN assessments_entry e ON e.id ="
        " l.entry_id WHERE e.uid = %s AND l.rule_id = %s",
        site.split("/")[-2],
        lost,
    )
    line = f"{site}lines/{lost}/"
    act(manager, line, "object", note="已经补齐，见照片", file="photo", picture="year-4-object")
    act(manager, site, "accept")
    act(second, line, "uphold", points=most, note="照片可证", picture="year-4-upheld")
    act(county, line, "approve", note="同意")
    act(city, site, "decide", note="验收通过")
    act(city, site, "publish", picture="year-4-published")
    held = "SELECT count(*) FROM assessments_sitetitle t JOIN sites_site s ON s.id = t.site_id"
    held += " WHERE s.code = %s AND t.kind = 'city_demo' AND t.withdrawn_on IS NULL"
    assert one(town, held, SITE) == "1"

    dynamic = campaign(city, "dynamic", "动态评估")
    act(city, dynamic, "freeze")
    again = entry(town, dynamic)
    act(city, again, "veto", vetoes="V3", note="台账与现场不符", file="photo")
    act(second, again, "veto_confirm", picture="year-5-vetoed")
    for step in ("confirm_rest", "reviewed", "see_rest", "checked"):
        page = county if step == "see_rest" else city
        page.goto(again)
        if page.locator(f"form[action$='/do/{step}/']").count():
            act(page, again, step)
    act(manager, again, "accept")
    act(city, again, "decide", note="一票否决")
    act(city, again, "publish", picture="year-5-published")
    assert one(town, held, SITE) == "0"
    city.goto("/campaigns/titles/")
    shoot(city, "year-5-titles")
    city.goto("/campaigns/proof/")
    shoot(city, "year-5-proof")

    city.goto("/reports/")
    form = city.locator("main form").filter(has=city.locator("[name='campaign']")).first
    option = form.locator("option").filter(has_text="年度验收").first.get_attribute("value")
    fill(form, campaign=str(option))
    send(city, form)
    shoot(city, "year-6-report")
    report = f"/reports/{uid_of(city)}/"
    for media, magic in (("docx", b"PK"), ("pdf", b"%PDF")):
        reply = city.context.request.get(f"{report}{media}/")
        assert (reply.status, reply.body().startswith(magic)) == (200, True)
