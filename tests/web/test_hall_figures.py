"""A hall's figures on a page and as a workbook."""

from datetime import timedelta
from http import HTTPStatus
from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT, logged_in
from tests.hall.conftest import furnish

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAYS = f"?since={AT:%Y-%m-%d}&until={AT:%Y-%m-%d}"


def served_hall():
    place = furnish()
    place.take(items=("resident-enrolment",))
    called = place.call(at=AT + 5 * MINUTE)
    place.begin(called, at=AT + 6 * MINUTE)
    place.finish(called, at=AT + 14 * MINUTE)
    return place


def address(place, tail="") -> str:
    return f"/halls/{place.hall.site.code}/figures/{tail}{DAYS}"


def test_the_page_shows_the_average_and_what_it_rests_on():
    place = served_hall()
    page = logged_in(factories.manager()).get(address(place))
    assert page.status_code == HTTPStatus.OK
    assert page.context["instant"] == 8.0
    assert page.context["instant_tone"] == "good"
    assert "共 1 件即办" in page.content.decode()
    assert [table.id for table in page.context["tables"]][-1] == "clerks"


def test_the_page_and_the_workbook_show_what_the_green_channel_costs():
    place = furnish()
    for lane in "AAG":
        place.take(lane)
    for minute in range(3):
        called = place.call(at=AT + minute * MINUTE)
        place.begin(called, at=AT + minute * MINUTE)
        place.finish(called, at=AT + minute * MINUTE)
    client = logged_in(factories.manager())
    page = client.get(address(place)).content.decode()
    assert "每叫一位绿色通道的人，普通号合计多等 2 分钟" in page
    assert "平摊到每位普通号是 1 分钟，最多的一位多等 1 分钟" in page
    assert "人还是那些人" in page
    sheet = load_workbook(BytesIO(client.get(address(place, "export/")).content))["绿色通道"]
    assert [row[:6] for row in sheet.values][1:3] == [
        ("普通", 2, 1.5, 0.5, 1.9, 0.9),
        ("绿色通道", 1, 0, 2, 0, 2),
    ]


def test_without_the_green_channel_the_page_says_so():
    page = logged_in(factories.manager()).get(address(served_hall()))
    assert page.context["green"] is None
    assert "绿色通道没有叫过人" in page.content.decode()


def test_clerks_do_not_see_one_another():
    place = served_hall()
    page = logged_in(factories.alice()).get(address(place))
    assert "clerks" not in [table.id for table in page.context["tables"]]


def test_a_stranger_finds_no_hall():
    place = served_hall()
    client = logged_in(factories.dave())
    assert client.get(address(place)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(address(place, "export/")).status_code == HTTPStatus.NOT_FOUND


def test_days_the_wrong_way_round_are_named():
    place = furnish()
    client = logged_in(factories.manager())
    page = client.get(f"/halls/{place.hall.site.code}/figures/?since=2026-02-02&until=2026-02-01")
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "结束日期不能早于开始日期" in page.content.decode()


def test_the_workbook_has_the_same_rows_and_every_visit():
    place = served_hall()
    reply = logged_in(factories.manager()).get(address(place, "export/"))
    book = load_workbook(BytesIO(reply.content))
    assert book.sheetnames[:3] == ["概况", "按日", "按事项"]
    visits = list(book["明细"].values)
    assert visits[1][1:4] == ("A001", "普通", "已办结")
    assert visits[1][6:9] == (5, 1, 8)


def test_a_past_day_is_compared_with_the_simulation_when_asked():
    place = served_hall()
    client = logged_in(factories.manager())
    assert client.get(address(place)).context["can_compare"]
    page = client.get(address(place) + "&compare=1")
    assert page.context["comparison"] == []
    assert "不足 20 人" in page.content.decode()
