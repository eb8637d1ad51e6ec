"""The steps of a visit through the API, with what they answer."""

import pytest
from tests import factories
from tests.api.callers import program_of

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Ticket

pytestmark = pytest.mark.django_db


def _codes(*replies):
    return [(reply.status_code, reply.json().get("code", "")) for reply in replies]


def test_visit_from_number_to_end(hall):
    taken = hall.take(items=["resident-enrolment"])
    uid = {"uid": taken["uid"]}

    called = hall.at(0, "call-next").json()
    begun = hall.at(0, "begin", uid).json()
    finished = hall.at(0, "finish", uid | {"outcome": "done"}).json()

    assert (taken["label"], taken["number"], taken["ahead"]) == ("A001", 1, 0)
    assert called["uid"] == begun["uid"] == finished["uid"] == taken["uid"]
    assert (called["window_number"], called["items"]) == (1, ["resident-enrolment"])
    with area_scope(EVERYWHERE):
        ticket = Ticket.objects.get(uid=taken["uid"])
        verbs = Event.objects.filter(target_kind="ticket").order_by("id")
        assert list(verbs.values_list("verb", flat=True)) == [
            "ticket.take",
            "ticket.call",
            "ticket.begin",
            "ticket.finish",
        ]
    assert (ticket.state, ticket.outcome, ticket.source) == ("finished", "done", "kiosk")


def test_detours_of_a_visit(hall):
    uid = {"uid": hall.take()["uid"]}
    at_ticket = f"/tickets/{uid['uid']}"

    hall.at(0, "call-next")
    assert hall.at(0, "recall").json()["calls"] == 2
    hall.at(0, "begin", uid)
    assert (
        hall.alice.post(f"{at_ticket}/items", {"item": "employee-enrolment"}).json()["position"]
        >= 1
    )
    assert hall.alice.post(f"{at_ticket}/hold", {"note": "取户口簿"}).status_code == 200
    assert hall.at(0, "take-up", uid).status_code == 200
    moved = hall.alice.post(f"{at_ticket}/transfer", {"to_window": hall.windows[1]}).json()
    assert moved["state"] == "waiting"
    assert hall.at(1, "call-next").json()["uid"] == uid["uid"]
    assert hall.bob.post(f"{at_ticket}/no-show").json()["state"] == "no_show"
    assert hall.bob.post(f"{at_ticket}/restore").json()["state"] == "waiting"
    assert hall.at(1, "pick", uid).status_code == 200
    assert hall.bob.post(f"{at_ticket}/undo").json()["state"] == "waiting"
    assert hall.bob.post(f"{at_ticket}/cancel", {"reason": "取错号"}).json()["state"] == "cancelled"


def test_day_of_a_window(hall):
    first, second = hall.windows

    assert hall.at(0, "pause", {"reason": "交接班"}).json()["paused_at"] is not None
    assert hall.at(0, "resume").json()["paused_at"] is None
    assert hall.at(0, "emergency").json()["seq"] == 1
    assert hall.at(0, "close").json()["ended_at"] is not None
    covered = hall.bob.post(f"/windows/{first}/cover", {"by_window_id": second})
    assert covered.json() == {"window_id": first, "by_window_id": second}
    assert hall.bob.post(f"/windows/{first}/end-cover").status_code == 200


def test_hall_is_seen_by_machines_and_staff(hall):
    hall.take()
    hall.take("G", green_class="weak", green_reason="轮椅")
    hall.at(0, "call-next")

    now = hall.kiosk.get("/halls/QD-0001").json()
    said = hall.kiosk.get("/halls/QD-0001/announcements?after=0").json()
    line = hall.alice.get("/halls/QD-0001/waiting").json()["tickets"]
    desk = hall.alice.get(f"/windows/{hall.windows[0]}").json()

    assert [(lane["code"], lane["waiting"]) for lane in now["lanes"]] == [
        ("A", 1),
        ("G", 0),
        ("Y", 0),
    ]
    assert [window["label"] for window in now["windows"]] == ["G001", ""]
    assert [(one["seq"], one["label"], one["window"]) for one in said["announcements"]] == [
        (1, "G001", 1)
    ]
    assert hall.kiosk.get("/halls/QD-0001/announcements?after=1").json()["announcements"] == []
    assert [ticket["label"] for ticket in line] == ["A001"]
    assert (desk["current"]["label"], desk["waiting"]) == ("G001", 1)
    assert hall.kiosk.get("/halls").json()["halls"][0]["site_code"] == "QD-0001"
    assert hall.kiosk.get("/halls/QD-0001/lanes").json()["lanes"][0]["waiting"] == 1


def test_holder_of_the_link_needs_no_token(hall):
    stranger = program_of(factories.dave())
    stranger.token = ""
    uid = hall.take()["uid"]
    hall.take()

    assert stranger.get(f"/tickets/{uid}").json()["ahead"] == 0
    assert stranger.post(f"/tickets/{uid}/leave").json()["state"] == "left"
    assert stranger.post(f"/tickets/{uid}/come-back").json()["state"] == "waiting"
    assert stranger.get(f"/tickets/{uid}").json()["ahead"] == 1


def test_refusals_have_codes_that_do_not_change(hall):
    uid = {"uid": hall.take()["uid"]}
    hall.at(0, "call-next")
    hall.at(0, "begin", uid)

    assert _codes(
        hall.at(0, "call-next"),
        hall.at(1, "call-next"),
        hall.at(1, "pick", uid),
        hall.at(0, "begin", uid),
        hall.kiosk.post("/halls/QD-0001/tickets", {"lane": "X"}),
        hall.kiosk.post("/halls/QD-0001/tickets", {"lane": "G"}),
        hall.kiosk.post(f"/windows/{hall.windows[0]}/call-next"),
    ) == [
        (409, "window_busy"),
        (409, "nobody_waiting"),
        (409, "already_taken"),
        (409, "already_begun"),
        (409, "no_such_lane"),
        (409, "needs_green_class"),
        (403, "not_allowed"),
    ]
    hall.at(0, "finish", uid)
    assert _codes(hall.at(0, "finish", uid)) == [(409, "already_finished")]


def test_foreign_clerk_finds_nothing(hall):
    uid = hall.take()["uid"]
    body = {"uid": uid}
    window = hall.windows[0]

    replies = [
        hall.dave.get("/halls/QD-0001"),
        hall.dave.get("/halls/QD-0001/lanes"),
        hall.dave.get("/halls/QD-0001/waiting"),
        hall.dave.get("/halls/QD-0001/announcements"),
        hall.dave.get(f"/windows/{window}"),
        hall.dave.post("/halls/QD-0001/tickets", {"lane": "A"}),
        *(
            hall.dave.post(f"/windows/{window}/{step}")
            for step in ("open", "close", "resume", "call-next", "recall", "emergency", "end-cover")
        ),
        *(
            hall.dave.post(f"/windows/{window}/{step}", body)
            for step in ("pick", "begin", "finish", "take-up")
        ),
        hall.dave.post(f"/windows/{window}/pause", {}),
        hall.dave.post(f"/windows/{window}/cover", {"by_window_id": hall.windows[1]}),
        *(hall.dave.post(f"/tickets/{uid}/{step}") for step in ("no-show", "restore", "undo")),
        hall.dave.post(f"/tickets/{uid}/hold", {}),
        hall.dave.post(f"/tickets/{uid}/transfer", {"to_window": window}),
        hall.dave.post(f"/tickets/{uid}/cancel", {"reason": "x"}),
        hall.dave.post(f"/tickets/{uid}/items", {"item": "employee-enrolment"}),
        hall.dave.post(f"/tickets/{uid}/items/1", {}),
    ]

    assert {(reply.status_code, reply.json()["code"]) for reply in replies} == {(404, "not_found")}
