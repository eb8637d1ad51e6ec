"""The clerk's desk without scripts: forms, redirects, refusals, foreign windows."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.factories import logged_in
from tests.hall.conftest import furnish

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.models import Announcement, Span, Ticket, WindowSession
from circle15.web.counter.keys import ALL
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def hall():
    factories.WindowFactory(number=1)
    factories.WindowFactory(number=2)
    return factories.HallFactory()


@pytest.fixture
def alice(hall):
    return logged_in(factories.alice())


@pytest.fixture
def bob(alice):
    return logged_in(factories.bob())


def window(number: int = 1) -> int:
    return factories.WindowFactory(number=number).id


def do(client, step: str, at: int = 1, **data):
    """Press the button as it stands on the page now."""
    shown = client.get(reverse("desk")).content.decode()
    uid = re.search(r'data-uid="([^"]*)"', shown)
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    data = {"uid": uid[1] if uid else "", "seen": seen[1] if seen else ""} | data
    return client.post(reverse("desk_step", args=[window(at), step]), data)


def take(client, lane: str = "A", **more) -> str:
    reply = client.post(reverse("take"), {"lane": lane, "once": new_key(), **more})
    assert reply.status_code == 302, reply.content.decode()
    return reply.url


def seated(client, number: int = 1) -> None:
    assert client.post(reverse("desk_open", args=[window(number)])).status_code == 302


def tickets() -> list[tuple[str, str]]:
    with area_scope(EVERYWHERE):
        return list(Ticket.objects.order_by("id").values_list("label", "state"))


def text(reply) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def test_a_day_at_the_window(alice):
    assert "在 1 号窗口开窗" in text(alice.get("/counter/"))
    seated(alice)
    take(alice, item="own-record")
    assert "可以叫下一位了" in text(alice.get("/counter/"))

    assert do(alice, "call").url == "/counter/"
    assert "A001" in text(alice.get("/counter/"))
    do(alice, "begin")
    page = text(alice.get("/counter/"))
    assert "办理中" in page
    assert "个人参保信息查询" in page
    reply = alice.post(
        reverse("desk_step", args=[window(), "finish"]), {"uid": current_uid()}, follow=True
    )

    assert re.search(r"A001 已办结，用时 0 分 \d+ 秒。", text(reply))
    assert tickets() == [("A001", "finished")]


def current_uid() -> str:
    with area_scope(EVERYWHERE):
        return str(Ticket.objects.get(state__in=("called", "serving")).uid)


def test_a_second_press_does_nothing_more(alice):
    seated(alice)
    take(alice)
    take(alice)
    do(alice, "call")
    second = do(alice, "call", uid="")
    assert second.status_code == 409
    assert "窗口上还有一个号" in text(second)
    assert "A001" in text(second)

    uid = current_uid()
    for step in ("begin", "finish"):
        assert do(alice, step, uid=uid).status_code == 302
        assert do(alice, step, uid=uid).status_code == 409
    assert tickets() == [("A001", "finished"), ("A002", "waiting")]


def test_a_button_of_an_old_page_never_hits_the_next_ticket(alice):
    seated(alice)
    take(alice)
    take(alice)
    do(alice, "call")
    old = current_uid()
    for step in ("begin", "finish", "call"):
        do(alice, step)

    for step in ("begin", "finish", "hold", "no_show", "recall", "add_item", "undo"):
        reply = do(alice, step, uid=old, item="own-record")
        assert (step, reply.status_code) == (step, 409) or step == "undo"

    assert tickets()[1] == ("A002", "called")


def test_recall_counts_once_for_one_button_and_ends_as_no_show(alice):
    seated(alice)
    take(alice)
    do(alice, "call")
    assert do(alice, "recall", seen="1").status_code == 302
    assert do(alice, "recall", seen="1").status_code == 409
    assert "2 次（共 3 次）" in text(alice.get("/counter/"))
    do(alice, "recall")

    ended = do(alice, "recall")

    assert ended.status_code == 302
    assert tickets() == [("A001", "no_show")]
    assert "恢复排队" in text(alice.get(reverse("desk_ask", args=[window(), "pick"])))


def test_undo_within_a_minute_and_not_after(alice):
    seated(alice)
    take(alice)
    do(alice, "call")
    assert "撤销叫号" in text(alice.get("/counter/"))
    assert do(alice, "undo", uid=current_uid()).status_code == 302
    assert tickets() == [("A001", "waiting")]

    do(alice, "call")
    with area_scope(EVERYWHERE):
        Ticket.objects.update(since=timezone.now() - timedelta(seconds=61))
        Span.objects.filter(ended_at=None).update(begun_at=timezone.now() - timedelta(seconds=61))
    assert "撤销叫号" not in text(alice.get("/counter/"))
    late = do(alice, "undo", uid=current_uid())

    assert late.status_code == 409
    assert "只能在一分钟内撤销" in text(late)


def test_held_time_is_no_service(alice):
    seated(alice)
    take(alice)
    do(alice, "call")
    do(alice, "begin")
    uid = current_uid()
    with area_scope(EVERYWHERE):
        ago = timezone.now() - timedelta(minutes=9)
        Span.objects.filter(state="serving").update(begun_at=ago)
    assert "快到 10 分钟了" in text(alice.get("/counter/"))
    do(alice, "hold")
    assert "可以叫下一位了" not in text(alice.get("/counter/"))
    with area_scope(EVERYWHERE):
        Span.objects.filter(state="held").update(begun_at=ago)
        Span.objects.filter(state="serving").update(ended_at=ago + timedelta(minutes=2))
    assert do(alice, "resume", uid=uid).status_code == 302

    page = text(alice.get("/counter/"))
    assert "办理用时" in page
    assert "快到 10 分钟了" not in page.replace("data-words-warn", "")


def test_questions_work_as_pages(alice, bob):
    seated(alice)
    seated(bob, 2)
    take(alice)
    take(alice)
    assert "叫这一位 A002" in text(alice.get(reverse("desk_ask", args=[window(), "pick"])))
    found = text(alice.get(reverse("desk_ask", args=[window(), "pick"]), {"q": "002"}))
    assert ("A001" in found, "A002" in found) == (False, True)
    with area_scope(EVERYWHERE):
        second = Ticket.objects.get(label="A002").uid
    do(alice, "pick", uid=second)
    do(alice, "begin")
    assert "还要办什么" in text(alice.get(reverse("desk_ask", args=[window(), "add_item"])))
    do(alice, "add_item", item="certificate")
    assert do(alice, "add_item", item="certificate").status_code == 409
    do(alice, "item_done", position="1", done="1")
    assert 'aria-pressed="true"' in alice.get("/counter/").content.decode()

    assert do(alice, "transfer", to=f"window:{window(2)}").status_code == 302

    assert tickets() == [("A001", "waiting"), ("A002", "waiting")]
    assert "A002" in text(bob.get("/counter/"))
    assert do(alice, "transfer", to="window:999999", uid=second).status_code == 409


def test_pause_cover_emergency_and_closing(alice, bob):
    seated(alice)
    seated(bob, 2)
    take(alice)
    assert do(alice, "pause", reason="").status_code == 409
    do(alice, "pause", reason="meal")
    page = text(alice.get("/counter/"))
    assert ("暂停中" in page, "用餐" in page) == (True, True)
    assert "窗口已暂停" in text(do(alice, "call"))
    do(alice, "resume_window")
    assert do(bob, "cover", 2, number="7").status_code == 409
    assert do(bob, "cover", 2, number="1").status_code == 302
    assert "开始顶 1 号窗口的岗" in text(bob.get("/counter/"))
    assert "顶 1 号窗口" in text(bob.get("/counter/"))
    assert do(bob, "cover", 2, number="1").status_code == 302
    assert "已结束顶 1 号窗口的岗" in text(bob.get("/counter/"))
    assert "顶 1 号窗口" not in text(bob.get("/counter/"))

    do(alice, "emergency")
    assert "1 号窗口" in text(bob.get("/counter/"))
    assert "紧急呼叫，请去看看" in text(bob.get("/counter/"))
    do(alice, "end_emergency")
    assert "紧急呼叫，请去看看" not in text(bob.get("/counter/"))
    do(alice, "close_window")

    assert "今天坐哪个窗口" in text(alice.get("/counter/"))
    with area_scope(EVERYWHERE):
        assert WindowSession.objects.filter(ended_at=None).count() == 1
        kinds = Announcement.objects.order_by("seq").values_list("kind", flat=True)
        assert list(kinds) == ["emergency", "clear"]


def test_two_clerks_share_a_queue_and_no_ticket(alice, bob):
    seated(alice)
    seated(bob, 2)
    assert bob.post(reverse("desk_open", args=[window(1)])).status_code == 409
    for _ in range(4):
        take(alice)
    for _ in range(2):
        for client, number in ((alice, 1), (bob, 2)):
            for step in ("call", "begin", "finish"):
                assert do(client, step, number).status_code == 302

    with area_scope(EVERYWHERE):
        served = Ticket.objects.order_by("id").values_list("label", "window__number")
        assert list(served) == [("A001", 1), ("A002", 2), ("A003", 1), ("A004", 2)]


def test_a_foreign_window_is_not_there(alice, hall):
    seated(alice)
    stranger = logged_in(factories.dave())
    take(alice)
    do(alice, "call")
    uid = current_uid()

    for step in ("call", "begin", "recall", "no_show", "emergency", "close_window"):
        address = reverse("desk_step", args=[window(), step])
        assert stranger.post(address, {"uid": uid}).status_code == 404
    assert stranger.post(reverse("desk_open", args=[window(2)])).status_code == 404
    assert stranger.get(reverse("desk_ask", args=[window(), "pick"])).status_code == 404
    assert stranger.get(reverse("taken", args=[uid])).status_code == 404
    assert tickets() == [("A001", "called")]
    assert alice.post(reverse("desk_step", args=[window(), "dance"])).status_code == 404
    assert logged_in(factories.auditor()).get("/counter/").status_code == 403


def test_the_poll_answers_304_until_something_happens(alice, bob):
    seated(alice)
    take(alice)
    first = alice.get("/counter/now/", headers=SCRIPT)
    tag = {**SCRIPT, "If-None-Match": first["ETag"]}
    with CaptureQueriesContext(connection) as asked:
        again = alice.get("/counter/now/", headers=tag)
    take(bob)
    changed = alice.get("/counter/now/", headers=tag)

    assert [first.status_code, again.status_code, changed.status_code] == [200, 304, 200]
    assert len(asked) <= 12
    assert "<html" not in changed.content.decode()
    assert int(changed["X-Circle15-Now"]) > 1_700_000_000_000


def test_the_desk_asks_as_much_for_many_as_for_few(alice):
    seated(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert alice.get("/counter/").status_code == 200
        return len(asked)

    take(alice, item="own-record")
    # How long a newcomer waits is reckoned at the first and then kept.
    queries()
    few = queries()
    for _ in range(2):
        take(alice, item="own-record", item_2="certificate")

    assert queries() == few


def test_desk_and_hall_say_how_long_a_newcomer_waits(db):
    cache.clear()
    place = furnish()
    alice, manager = logged_in(factories.alice()), logged_in(factories.manager())
    assert "现在取号约等" not in text(manager.get("/halls/QD-0001/"))
    cache.clear()
    place.remember(timezone.now())
    seated(alice, 3)
    assert "现在取号约等 0-1 分钟" in text(alice.get("/counter/"))

    assert "现在取号约等 0-1 分钟" in text(manager.get("/halls/QD-0001/"))


def test_a_number_for_somebody(alice):
    refused = alice.post("/counter/take/", {"lane": "G", "once": new_key()})
    assert refused.status_code == 422
    assert "走绿色通道，请选是哪类人群。" in text(refused)
    key = new_key()
    green = {"lane": "G", "green_class": "old", "green_reason": "身份证", "once": key}
    first, second = (alice.post("/counter/take/", green) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert "前面 0 位" in text(alice.get(first["Location"]))

    assert tickets() == [("G001", "waiting")]
    assert alice.get("/counter/take/").status_code == 200


def test_without_a_hall_the_desk_says_what_to_do(db):
    factories.SiteFactory()
    assert "还没有开通叫号" in text(logged_in(factories.alice()).get("/counter/"))
    assert "去开通" in text(logged_in(factories.manager()).get("/counter/"))


def test_every_key_is_printed_once():
    keys_of_one_moment = [key for key in ALL if key.step not in {"resume_window", "end_emergency"}]
    letters = [key.key for key in keys_of_one_moment]

    assert len(letters) == len(set(letters)) == 18
    # `Y` answers a question.
    assert "Y" not in letters


def test_a_window_with_a_past_stays(alice):
    seated(alice)
    manager = logged_in(factories.manager())
    address = "/sites/QD-0001/inventory/windows/remove/"

    assert "不能移除" in text(manager.post(address, {"number": 1}))
    assert manager.post(address, {"number": 2}).status_code == 302
