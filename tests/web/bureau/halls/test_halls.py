"""Halls for managers and officers: now, set up, rules, lanes, hours of the old, cover."""

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import factories
from tests.factories import actor_for, logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.actions import taking, windows
from circle15.hall.models import Cover, ElderPeak, Hall, Lane, WindowSkill

pytestmark = pytest.mark.django_db
HOME = "/halls/QD-0001/"
RULES = {"call_limit": "2", "green_ratio": "3", "longest_wait_min": "20", "takes_tickets": "on"}


@pytest.fixture
def hall() -> Hall:
    for number in (1, 2):
        factories.WindowFactory(number=number)
    return factories.HallFactory()


@pytest.fixture
def manager(hall):
    return logged_in(factories.manager())


def text(reply) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def take(lane: str = "A", *, minutes: int = 0) -> None:
    with area_scope(EVERYWHERE):
        taking.take(
            site_code="QD-0001",
            lane=lane,
            green_class="old" if lane == "G" else "",
            source="kiosk",
            by=actor_for(factories.manager(), at=timezone.now()),
            at=timezone.now() - timedelta(minutes=minutes),
        )


def test_a_site_gets_its_hall_in_one_step():
    factories.WindowFactory(number=1)
    factories.SiteFactory()
    client = logged_in(factories.manager())
    assert "还没有开通叫号" in text(client.get(HOME))
    assert "开通叫号" in text(client.get("/halls/"))

    assert client.post(f"{HOME}set-up/").url == f"{HOME}settings/"
    assert client.post(f"{HOME}set-up/").status_code == 302

    assert "综合业务" in text(client.get(HOME))
    with area_scope(EVERYWHERE):
        assert Hall.objects.count() == 1


def test_a_hall_now(manager):
    take(minutes=35)
    take("G")
    alice = actor_for(factories.alice(), at=timezone.now())
    with area_scope(EVERYWHERE):
        there = factories.WindowFactory(number=1).id
        windows.open_window(window_id=there, by=alice, at=timezone.now())
        windows.pause(window_id=there, reason="meal", by=alice, at=timezone.now())
        windows.emergency(window_id=there, by=alice, at=timezone.now())

    page = text(manager.get(HOME))

    assert "35 分钟" in page
    assert "1 / 2" in page
    assert "暂停中 用餐" in page
    assert "1 号窗口紧急呼叫" in page
    assert "已连叫 0 位" in page
    script = {"HX-Request": "true"}
    assert text(manager.get(f"{HOME}now/", headers=script)).strip() in page
    assert manager.get(f"{HOME}now/").url == HOME


def test_rules_are_kept_or_everything_wrong_is_said(manager, hall):
    wrong = {"call_limit": "0", "green_ratio": "x", "longest_wait_min": ""}
    refused = manager.post(f"{HOME}settings/rules/", wrong)
    assert refused.status_code == 422
    assert len(refused.context["form"].errors) == 3
    assert refused.context["form"]["green_ratio"].value() == "x"

    assert manager.post(f"{HOME}settings/rules/", RULES).status_code == 302

    with area_scope(EVERYWHERE):
        hall.refresh_from_db()
    kept = (hall.call_limit, hall.green_ratio, hall.longest_wait_min, hall.takes_tickets)
    assert kept == (2, 3, 20, True)
    assert "规则已保存" in text(manager.get(f"{HOME}settings/"))


def test_lanes_are_added_and_renamed_and_keep_their_kind(manager):
    def send(code, name, kind):
        data = {"code": code, "name": name, "kind": kind}
        return manager.post(f"{HOME}settings/lanes/", data).status_code

    assert send("b", "单位业务", "ordinary") == 302
    assert send("A", "居民业务", "ordinary") == 302
    assert send("A", "居民业务", "green") == 422
    assert send("1", "", "other") == 422

    with area_scope(EVERYWHERE):
        lanes = Lane.objects.order_by("position").values_list("code", "name")
        assert list(lanes) == [
            ("A", "居民业务"),
            ("G", "绿色通道"),
            ("Y", "预约"),
            ("B", "单位业务"),
        ]


def test_hours_of_the_old(manager):
    def send(opens, closes, *weekdays):
        data = {"weekdays": weekdays, "opens": opens, "closes": closes}
        return manager.post(f"{HOME}settings/peaks/", data)

    assert send("08:30", "10:00", 1, 2).status_code == 302
    assert "不能重叠" in text(send("09:30", "11:00", 2))
    assert "结束时间要晚于开始时间。" in text(send("10:00", "10:00", 3))
    manager.post(f"{HOME}settings/peaks/remove/", {"weekday": 1, "opens": "08:30"})

    with area_scope(EVERYWHERE):
        assert list(ElderPeak.objects.values_list("weekday", "opens")) == [(2, time(8, 30))]


def test_a_window_is_narrowed_and_freed(manager):
    page = f"{HOME}settings/windows/2/"
    assert manager.post(page, {"lanes": ["G"], "items": ["own-record"]}).status_code == 302
    assert "绿色通道、个人参保信息查询" in text(manager.get(f"{HOME}settings/"))
    assert manager.post(page, {"lanes": ["Q"]}).status_code == 422
    assert manager.get(f"{HOME}settings/windows/9/").status_code == 404

    manager.post(page, {})

    with area_scope(EVERYWHERE):
        assert WindowSkill.objects.count() == 0


def test_a_manager_lets_one_window_stand_in_for_another(manager):
    one, two = (factories.WindowFactory(number=number).id for number in (1, 2))
    assert "顶岗窗口须已上岗" in text(manager.post(f"{HOME}cover/", {"absent": one, "by": two}))
    assert "不能自己顶自己" in text(manager.post(f"{HOME}cover/", {"absent": one, "by": one}))
    alice = actor_for(factories.alice(), at=timezone.now())
    with area_scope(EVERYWHERE):
        windows.open_window(window_id=two, by=alice, at=timezone.now())

    assert manager.post(f"{HOME}cover/", {"absent": one, "by": two}).status_code == 302
    assert "2 号窗口顶 1 号窗口" in text(manager.get(HOME))
    for _ in range(2):
        assert manager.post(f"{HOME}cover/end/", {"absent": one}).status_code == 302

    with area_scope(EVERYWHERE):
        assert Cover.objects.filter(ended_at=None).count() == 0


def test_who_may(manager, hall):
    def status(user, path=HOME):
        return logged_in(user).get(path).status_code

    assert status(factories.alice()) == 200
    assert status(factories.alice(), f"{HOME}settings/") == 403
    assert status(factories.carol(), f"{HOME}settings/") == 200
    assert status(factories.dave()) == 404
    assert status(factories.auditor()) == 403
    assert logged_in(factories.dave()).post(f"{HOME}cover/", {}).status_code == 404


def test_the_list_asks_as_much_for_three_halls_as_for_one(hall):
    client = logged_in(factories.city_officer())

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/halls/")
        return len(asked)

    one = queries()
    for site in (factories.SiteFactory(other=True), factories.SiteFactory(foreign=True)):
        factories.HallFactory(site=site)
        factories.WindowFactory(site=site, number=1)

    assert queries() == one
    assert len(client.get("/halls/").context["lines"]) == 3
