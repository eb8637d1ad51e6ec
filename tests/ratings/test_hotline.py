"""The house of 12345: each step arrives once and in order, what was said there comes back once."""

import json
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.ratings.conftest import fresh
from tests.ratings.test_orders import verified

from circle15.accounts.refusals import NotAllowed
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ops.simulators.hotline import KEY, HotlineSimulator
from circle15.ratings.hotline import worker
from circle15.ratings.hotline.client import HttpCityLine
from circle15.ratings.hotline.outbox import GuardedLine, Outbox
from circle15.ratings.hotline.showing import queue, standing
from circle15.ratings.hotline_models import CityMessage
from circle15.ratings.orders import steps
from circle15.ratings.orders.steps import rectify
from circle15.ratings.states import OrderStep

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(settings):
    with HotlineSimulator() as simulator:
        settings.HOTLINE_URL, settings.HOTLINE_KEY = simulator.url, KEY
        yield simulator


def outbox(url):
    return Outbox(GuardedLine(HttpCityLine(url, KEY, timeout_s=1.0)), ask_every_s=0)


def answered(place):
    """Return an order that was answered today: both sides look at the true clock."""
    at = timezone.now()
    order = place.bad(at=at - timedelta(days=1))
    verified(place, order)
    place.do("alice", rectify, at=at, uid=order.uid, step=OrderStep.AT_ONCE, note="已培训")
    place.do("alice", steps.answer, at=at, uid=order.uid, words="向您道歉")
    return fresh(order.uid)


def states():
    with area_scope(EVERYWHERE):
        return sorted(CityMessage.objects.values_list("state", flat=True))


def test_every_step_is_told_once_and_a_no_said_there_opens_it_anew(place, house):
    order, line = answered(place), outbox(house.url)
    house.say(str(order.uid), is_satisfied=False)
    at = timezone.now()
    assert line.drain(at=at) == 7
    assert line.drain(at=at) == 2  # that it was revisited and begun anew
    assert line.drain(at=at) == 0
    again, told = fresh(order.uid), house.figures()
    assert (again.state, again.reopened, again.confirmed_how) == ("reopened", 1, "")
    assert again.external_number == f"12345-{order.number}"
    done = "receive assign contact verify at_once answer revisit reopen"
    assert told["events"] == [f"order.{step}" for step in done.split()]
    assert (told["steps"], told["came"], told["words"]) == (8, 8, 0)
    bodies = str(house._run("SELECT body FROM step"))
    assert "13800138000" not in bodies
    assert "张测试" not in bodies


def test_a_yes_said_there_is_a_revisit_and_an_order_in_work_is_left_alone(place, house):
    order, line = answered(place), outbox(house.url)
    house.say(str(order.uid), is_satisfied=True)
    line.drain(at=timezone.now())
    assert (fresh(order.uid).state, fresh(order.uid).is_satisfied) == ("revisited", True)
    other = place.bad(at=timezone.now())
    house.say(str(other.uid), is_satisfied=False)
    line.drain(at=timezone.now())
    assert fresh(other.uid).state == "assigned"
    assert house.figures()["words"] == 0


@pytest.mark.parametrize(("mode", "came"), [("busy", 2), ("cut", 3), ("unsigned", 2)])
def test_trouble_delays_and_loses_nothing(place, house, mode, came):
    place.bad()
    line, at = outbox(house.url), timezone.now()
    house.mode = mode
    assert line.drain(at=at) == 0
    house.mode = "up"
    assert line.drain(at=at) == 0  # rests first
    assert line.drain(at=at + MINUTE) == 2
    assert (house.figures()["steps"], house.figures()["came"]) == (2, came)


def test_what_is_refused_is_said_and_holds_nothing_up(place, house):
    order, line = place.bad(), outbox(house.url)
    house.mode = "refuses"
    line.drain(at=timezone.now())
    house.mode = "up"
    place.do("carol", steps.contact, uid=order.uid, note="打过电话")
    line.drain(at=timezone.now())
    assert states() == ["done", "refused", "refused"]
    with area_scope(EVERYWHERE):
        found = standing(order)
    assert (found.told, found.refused, found.problem) == (1, 2, "不受理")
    assert place.do("carol", lambda by, at: queue(by)).refused == 2
    with pytest.raises(NotAllowed):
        place.do("dave", lambda by, at: queue(by))


def test_a_new_line_is_told_where_orders_stand(place, settings):
    order = place.bad()
    assert states() == []
    with HotlineSimulator() as simulator:
        settings.HOTLINE_URL, settings.HOTLINE_KEY = simulator.url, KEY
        assert outbox(simulator.url).drain(at=timezone.now()) == 1
        assert simulator.figures()["states"] == {str(order.uid): "assigned"}


@pytest.mark.slow
def test_a_house_that_is_killed_and_comes_back_has_each_step_once(place, settings, tmp_path):
    settings.HOTLINE_URL, settings.HOTLINE_KEY = "http://127.0.0.1:1", KEY
    place.bad()
    process, port, control = started(tmp_path)
    line, at = outbox(f"http://127.0.0.1:{port}"), timezone.now()
    try:
        switch(control, {"mode": "cut"})
        assert line.drain(at=at) == 0
        process.kill()
        process.wait(timeout=10)
        place.bad()
        assert line.drain(at=at + MINUTE) == 0
        process.stdout.close()
        process, _port, control = started(tmp_path, port)
        for turn in range(2, 5):
            line.drain(at=at + turn * MINUTE)
        with urllib.request.urlopen(control) as reply:
            told = json.load(reply)
    finally:
        process.kill()
        process.wait(timeout=10)
        process.stdout.close()
    assert states() == ["done"] * 4
    assert (told["orders"], told["steps"], told["came"]) == (2, 4, 5)
    with area_scope(EVERYWHERE):
        assert not Event.objects.filter(new__contains={"phone": "13800138000"}).exists()


def started(folder, port=0):
    command = [sys.executable, "-m", "circle15.ops.simulators", "hotline", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--state", str(folder / "house.sqlite3")], stdout=subprocess.PIPE, text=True
    )
    said = process.stdout.readline()
    url = said.split("HOTLINE_URL=")[1].split()[0]
    return process, int(url.rpartition(":")[2]), said.split("switches: ")[1].strip(")\n")


def switch(control, told):
    with urllib.request.urlopen(control, json.dumps(told).encode()) as reply:
        assert reply.status == 200


@pytest.mark.parametrize("url", ["", "http://12345.example", "ftp://127.0.0.1/"])
def test_without_a_usable_address_nothing_is_told_and_nothing_lost(place, settings, url):
    settings.HOTLINE_URL, settings.HOTLINE_KEY = url, KEY
    place.bad()
    assert worker.drain(at=timezone.now()) == 0
    assert states() == ["waiting"] * (2 if url else 0)
