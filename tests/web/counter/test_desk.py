"""The clerk's desk without scripts: forms, redirects, refusals, foreign windows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.factories import logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.models import Announcement, Ticket, WindowSession
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


def do(client, step: str, number: int = 1, *, headers=None, **data):
    """Press the button as it stands on the page now."""
    shown = client.get(reverse("desk")).content.decode()
    uid = re.search(r'data-uid="([^"]*)"', shown)
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    data = {"uid": uid[1] if uid else "", "seen": seen[1] if seen else ""} | data
    return client.post(reverse("desk_step", args=[window(number), step]), data, headers=headers)


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

    assert "A001 已办结，用时 0 分 0 秒。" in text(reply)
    assert tickets() == [("A001", "finished")]


def current_uid() -> str:
    with area_scope(EVERYWHERE):
        return str(Ticket.objects.get(state__in=("called", "serving")).uid)
