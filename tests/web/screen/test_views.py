"""Pages of the display and the ticket without a browser: who may, what is kept, what is said."""

import io
import json
import re
import wave
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests import factories
from tests.hall.conftest import Place
from tests.ops.live.conftest import token

from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.disclosure.board import board_of
from circle15.cases.disclosure.texts import set_text
from circle15.cases.service_models import SiteDay
from circle15.hall.models import Ticket
from circle15.web.shared.templatetags.items import time_words

PAGE = "text/html"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


@pytest.fixture
def screen(place: Place) -> Client:
    return machine(place, DeviceKind.DISPLAY)


def machine(place: Place, kind: DeviceKind) -> Client:
    client = Client()
    name, _, value = token(place, kind).partition("=")
    client.cookies[name] = value
    return client


def take(place: Place, count: int = 1) -> list:
    return [place.take(at=timezone.now()) for _ in range(count)]


def state_of(uid) -> str:
    with area_scope(EVERYWHERE):
        return Ticket.objects.get(uid=uid).state


def test_the_display_is_drawn_with_the_last_calls_newest_first(place: Place, screen: Client):
    tickets = take(place, 3)
    place.call(at=timezone.now())
    place.call(2, at=timezone.now())
    drawn = screen.get("/screen/").content.decode()
    assert re.findall(r'call-label" data-c15-row-label>(\w+)', drawn) == [
        tickets[1].label,
        tickets[0].label,
    ]
    assert 'data-c15-after="2"' in drawn
    assert place.alice.name not in drawn


@pytest.mark.parametrize("address", ["/screen/", "/screen/state", "/screen/board"])
def test_only_a_display_opens_it(place: Place, address: str):
    assert Client().get(address).status_code == 401
    assert machine(place, DeviceKind.KIOSK).get(address).status_code == 401
    assert machine(place, DeviceKind.DISPLAY).get(address).status_code == 200
    stranger = Client().get(address, headers={"Accept": PAGE})
    assert (stranger.status_code, stranger.url) == (302, "/device/")


# Clauses: D-37, D-16, D-62, N-03, J-117
def test_what_a_site_has_to_disclose_comes_in_turns(place: Place, screen: Client):
    factories.catalogue()
    at, path = timezone.now(), place.hall.site.area_path
    with area_scope(EVERYWHERE):
        for key, text in (("evaluation", "本季度评价优秀"), ("complaint-phone", "12345")):
            set_text(area_path=path, key=key, text=text, by=place.manager, at=at)
        shown = board_of(place.hall.site.code, on=timezone.localdate())
        SiteDay.objects.create(
            site=place.hall.site,
            day=timezone.localdate() - timedelta(days=1),
            area_path=path,
            figures={"accepted": 37, "in_time": 9, "late": 1},
            recorded_at=at,
        )
    drawn = screen.get("/screen/board").content.decode()
    first, rule = shown.items[0].item, shown.of_kind("rule")[0]
    assert f"<li>{first.short_name.zh} · {time_words(first)}</li>" in drawn
    assert f"<b>{rule.part.name.zh}</b> {rule.text}" in drawn
    assert "投诉举报电话：<b>12345</b>" in drawn
    assert "<li>本季度评价优秀</li>" in drawn
    assert "近30天按时办结率 <b>90%</b>" in drawn
    assert "近30天受理 <b>37 件</b>" in drawn


def test_only_these_pages_may_connect_to_the_live_process(place, screen: Client, settings):
    settings.LIVE_PORT = 8001
    (ticket,) = take(place)
    for address in ("/screen/", f"/t/{ticket.uid}/"):
        policy = screen.get(address)["Content-Security-Policy"]
        assert "connect-src 'self' http://testserver:8001;" in policy
    assert "connect-src 'self';" in screen.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("url", "address", "policy"),
    [
        ("/", "/live/hall/", "connect-src 'self';"),
        ("https://live.example", "https://live.example/live/hall/", "'self' https://live.example;"),
    ],
)
def test_a_proxy_may_put_the_stream_elsewhere(screen, settings, url, address, policy):
    settings.LIVE_URL = url
    reply = screen.get("/screen/")
    assert f'data-c15-stream="{address}' in reply.content.decode()
    assert policy in reply["Content-Security-Policy"]


def test_the_state_is_given_again_only_when_it_changed(place: Place, screen: Client):
    (ticket,) = take(place)
    first = screen.get("/screen/state?after=0")
    same = screen.get("/screen/state?after=0", headers={"If-None-Match": first["ETag"]})
    place.call(at=timezone.now())
    other = screen.get("/screen/state?after=0", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, same.status_code, other.status_code) == (200, 304, 200)
    assert same.content == b""
    assert [call["label"] for call in json.loads(other.content)["calls"]] == [ticket.label]
    assert json.loads(screen.get("/screen/state?after=1").content)["calls"] == []
    assert json.loads(screen.get("/screen/state?after=x").content)["calls"] == []


def test_the_voice_is_a_clip_the_browser_may_keep(screen: Client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    reply = screen.get("/screen/voice/A012/3.wav")
    with wave.open(io.BytesIO(reply.content)) as clip:
        assert clip.getnframes() / clip.getframerate() > 2
    assert "max-age" in reply["Cache-Control"]
    assert screen.get("/screen/voice/help/3.wav").content != reply.content
    assert screen.get("/screen/voice/A012/100.wav").status_code == 404
    assert screen.get("/screen/voice/王A/1.wav").status_code == 404


def test_an_undone_call_is_gone_and_help_is_no_call(place: Place):
    from circle15.hall.watching import Announced
    from circle15.web.screen.views import Shown, shown

    at = timezone.now()
    said = [("call", "A1", 1), ("call", "A2", 2), ("emergency", "", 3), ("clear", "A1", 1)]
    calls = tuple(Announced(seq, *each, at) for seq, each in enumerate(said, 1))
    assert shown(calls) == [Shown("A2", 2)]
    again = (*calls, Announced(5, "recall", "A2", 2, at), Announced(6, "call", "A3", 1, at))
    assert shown(again) == [Shown("A3", 1), Shown("A2", 2)]


def test_a_ticket_says_how_many_are_ahead_and_is_never_kept(place: Place):
    tickets = take(place, 3)
    reply = Client().get(f"/t/{tickets[2].uid}/")
    assert "<b data-c15-ahead>2</b>" in reply.content.decode()
    kept = {name: reply[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")}
    assert kept == {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "same-origin",
    }


def test_an_unknown_link_is_said_in_plain_words_and_guessing_ends(place: Place):
    reply = Client().get(f"/t/{uuid4()}/")
    assert reply.status_code == 404
    assert "请重新扫小票上的二维码" in reply.content.decode()
    statuses = {Client().get(f"/t/{uuid4()}/").status_code for _ in range(70)}
    assert statuses == {404, 429}


def test_one_ticket_is_not_asked_for_without_end(place: Place):
    (ticket,) = take(place)
    statuses = [Client().get(f"/t/{ticket.uid}/state").status_code for _ in range(91)]
    assert statuses == [200] * 90 + [429]


def test_who_holds_the_link_leaves_and_comes_back(place: Place):
    (ticket,) = take(place)
    client = Client()
    left = client.post(f"/t/{ticket.uid}/leave/")
    assert (left.status_code, left.url, state_of(ticket.uid)) == (302, f"/t/{ticket.uid}/", "left")
    assert "重新排队" in client.get(left.url).content.decode()
    client.post(f"/t/{ticket.uid}/come-back/")
    assert state_of(ticket.uid) == "waiting"


def test_a_step_too_late_is_refused_in_words(place: Place):
    (ticket,) = take(place)
    called = place.call(at=timezone.now())
    place.begin(called)
    client = Client()
    page = client.post(f"/t/{ticket.uid}/leave/", follow=True).content.decode()
    assert state_of(ticket.uid) == "serving"
    assert 'class="notice notice-warn"' in page


def test_leaving_needs_the_pages_own_form(place: Place):
    (ticket,) = take(place)
    assert Client(enforce_csrf_checks=True).post(f"/t/{ticket.uid}/leave/").status_code == 403
    assert Client().get(f"/t/{ticket.uid}/leave/").status_code == 405
