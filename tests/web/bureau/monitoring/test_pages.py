"""Monitoring in a browser: the list and its workbook, a site's page, an order from end to end."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from tests import factories
from tests.assessments.records import BOOK, a_site, complete, rule_books
from tests.factories import logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.monitoring.watching import watch
from circle15.assessments.monitoring_models import DayScore, EarlyWarning, SupervisionOrder
from circle15.web.shared.once import new_key

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SOON = TODAY + timedelta(days=7)


@pytest.fixture
def place(db):
    """A site that lacks a printer, seen by its manager, its county's officer and a stranger."""
    rule_books()
    site = a_site()
    complete(site, on=TODAY, **{"eq.printer": 0})
    watch([site.id], on=TODAY, at=NOW)
    elsewhere = factories.CountyFactory(code="320612000000", name="通州区")
    stranger = factories.staff("erin", "county_officer", area=elsewhere)
    people = {"manager": factories.manager(), "carol": factories.carol(), "erin": stranger}
    with area_scope(EVERYWHERE):
        warning = EarlyWarning.objects.get(kind="missing_equipment")
    clients = {name: logged_in(user) for name, user in people.items()}
    return SimpleNamespace(site=site, warning=warning, **clients)


def post(client, address, **given):
    return client.post(address, {"once": new_key(), **given})


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def said(reply) -> str:
    return reply.content.decode()


def test_the_list_the_board_and_the_workbook_have_the_same_number(place):
    page = said(place.carol.get("/monitoring/"))
    assert "预警 1 条" in page
    assert "打印机" in page
    assert "已失 1 分" in page
    assert "预警 1 条" in said(place.carol.get("/board/"))
    book = load_workbook(BytesIO(post(place.carol, "/monitoring/export/").content)).active
    assert [row[2].value for row in book.rows] == ["预警", "设备缺少或故障"]
    assert "没有符合条件的预警" in said(place.carol.get("/monitoring/?kind=idle_site"))
    assert "没有符合条件的预警" in said(place.carol.get("/monitoring/?state=gone"))
    assert "预警 1 条" in said(place.carol.get(f"/monitoring/?book={BOOK}&area=x"))


def test_nobody_of_elsewhere_sees_or_touches_anything(place):
    site, uid = place.site.code, place.warning.uid
    assert "现在没有预警" in said(place.erin.get("/monitoring/"))
    for address in (f"/monitoring/sites/{site}/", f"/monitoring/orders/new/{site}/"):
        assert place.erin.get(address).status_code == 404
    plan = post(place.erin, f"/monitoring/warnings/{uid}/plan/", words="不归我管", until=SOON)
    assert plan.status_code == 404
    assert place.manager.get(f"/monitoring/orders/new/{site}/").status_code == 403


def test_the_board_tells_the_manager_of_an_order(place):
    assert "督办 0 件" in said(place.manager.get("/board/"))
    given = {"words": "补齐打印机", "until": SOON}
    post(place.carol, f"/monitoring/orders/new/{place.site.code}/", **given)

    assert "督办 1 件" in said(place.manager.get("/board/"))
    assert "督办 0 件" in said(place.erin.get("/board/"))


def test_a_manager_plans_and_the_trend_needs_two_weeks(place):
    address = f"/monitoring/sites/{place.site.code}/"
    page = said(place.manager.get(address))
    assert "至少要 14 天" in page
    assert "下达督办" not in page
    planned = f"/monitoring/warnings/{place.warning.uid}/plan/"
    wrong = post(place.manager, planned, words="下周到货", until=TODAY)
    assert (wrong.status_code, "日期应在明天至" in said(wrong)) == (422, True)
    assert post(place.manager, planned, words="下周到货", until=SOON).status_code == 302
    with area_scope(EVERYWHERE):
        DayScore.objects.bulk_create(
            DayScore(
                site=place.site,
                area_path=place.site.area_path,
                book=BOOK,
                day=TODAY - timedelta(days=days),
                total=90 - days % 2,
                max_total=100,
                edition_digest="the same",
                recorded_at=NOW,
            )
            for days in range(20)
        )
    page = said(place.manager.get(address))
    assert "下周到货" in page
    assert "预计 89 至 90" in page
    assert "按 20 天的得分推算" in page


def test_an_order_goes_there_and_back_with_a_photo(place):
    new = f"/monitoring/orders/new/{place.site.code}/"
    asked = {"warning": place.warning.uid, "words": "请补齐打印机", "until": SOON}
    assert "查明原因" in said(place.carol.get(f"{new}?warning={place.warning.uid}"))
    assert post(place.carol, new, **asked | {"words": ""}).status_code == 422
    reply = post(place.carol, new, **asked)
    assert "已有一件督办" in said(post(place.carol, new, **asked))
    page, do = reply.url, f"{reply.url}do/"
    assert place.erin.get(page).status_code == 404
    assert post(place.carol, f"{do}answer/", words="代答").status_code == 409
    assert post(place.carol, f"{do}nothing/").status_code == 404
    photo = SimpleUploadedFile("打印机.png", picture(), content_type="image/png")
    done = post(place.manager, f"{do}answer/", words="已装好", file=photo)
    assert done.status_code == 302
    assert post(place.carol, f"{do}send_back/", words="看不清", until=TODAY).status_code == 409
    assert post(place.carol, f"{do}accept/", words="属实").status_code == 302
    assert "还在" in said(post(place.carol, f"{do}close/", words="销号"))
    seen = said(place.manager.get(page))
    assert "核查通过" in seen
    assert "打印机.png" in seen
    assert "在办" in said(place.carol.get("/monitoring/orders/"))
    with area_scope(EVERYWHERE):
        assert SupervisionOrder.objects.get().number in said(place.carol.get("/monitoring/orders/"))
