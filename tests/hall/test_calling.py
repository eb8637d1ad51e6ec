"""Calling: next, picked, again; and who may not."""

from datetime import timedelta

import pytest
from tests.factories import AT
from tests.hall.driving import bring, drive, later, state_of

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import calling, serving, settings, windows
from circle15.hall.models import Announcement, Hall, Ticket
from circle15.hall.refusals import (
    AlreadyBegun,
    AlreadyFinished,
    AlreadyTaken,
    NobodyAtWindow,
    NobodyWaiting,
    WindowBusy,
    WindowNotOpen,
    WindowPaused,
    WrongState,
)
from circle15.hall.states import Step, TicketState


def test_nobody_waiting_is_said(place):
    with pytest.raises(NobodyWaiting):
        place.call()


def test_a_window_calls_one_at_a_time(place):
    place.take()
    place.take()
    called = place.call()
    with pytest.raises(WindowBusy):
        place.call()
    place.begin(called)
    with pytest.raises(WindowBusy):
        place.call()
    place.finish(called)
    assert place.call().label == "A002"


def test_a_window_one_does_not_sit_at_is_not_open(place):
    place.take()
    for window, by in ((3, place.alice), (2, place.alice), (1, place.manager)):
        with pytest.raises(WindowNotOpen):
            place.call(window, by=by)


def test_a_paused_window_calls_nobody_but_serves_on(place):
    place.take()
    called = place.call()
    with area_scope(place.alice.area_path):
        windows.pause(window_id=place.numbers[0], by=place.alice, at=AT, reason="接水")
    place.begin(called)
    place.finish(called)
    with pytest.raises(WindowPaused):
        place.call()


def test_a_clerk_of_another_hall_finds_nothing(place):
    taken = place.take()
    where = {"window_id": place.numbers[0], "by": place.dave, "at": AT}
    with area_scope(place.dave.area_path):
        for act in (
            lambda: calling.call_next(**where),
            lambda: calling.pick(uid=taken.uid, **where),
            lambda: calling.recall(**where),
            lambda: serving.begin(uid=taken.uid, **where),
            lambda: serving.finish(uid=taken.uid, **where),
            lambda: serving.hold(uid=taken.uid, by=place.dave, at=AT),
            lambda: serving.resume(uid=taken.uid, **where),
            lambda: windows.open_window(**where),
            lambda: windows.emergency(**where),
        ):
            with pytest.raises(NotFound):
                act()
    # Also in a scope that shows the rows, the actor's own area decides.
    with area_scope(EVERYWHERE), pytest.raises(NotFound):
        calling.call_next(**where)
    assert state_of(taken.uid) == TicketState.WAITING


def test_picking_takes_one_out_of_its_order(place):
    place.take()
    second = place.take()
    with area_scope(place.alice.area_path):
        where = {"window_id": place.numbers[0], "uid": second.uid, "by": place.alice}
        assert calling.pick(**where, at=AT).label == "A002"
        with pytest.raises(WindowBusy):
            calling.pick(**where, at=AT)
    with area_scope(place.bob.area_path), pytest.raises(AlreadyTaken):
        calling.pick(window_id=place.numbers[1], uid=second.uid, by=place.bob, at=AT)
    assert place.call(2).label == "A001"


def test_announcements_count_without_gap_and_recalls_end_in_a_no_show(place):
    uid = bring(place, TicketState.CALLED)
    for calls in (2, 3):
        recalled = drive(place, uid, Step.RECALL)
        assert (recalled.calls, recalled.is_no_show, recalled.seq) == (calls, False, calls)
    gone = drive(place, uid, Step.RECALL)
    assert (gone.calls, gone.is_no_show, gone.seq) == (3, True, None)
    assert state_of(uid) == TicketState.NO_SHOW
    with pytest.raises(NobodyAtWindow):
        drive(place, uid, Step.RECALL)
    with area_scope(EVERYWHERE):
        rows = Announcement.objects.order_by("seq").values_list("seq", "kind", "label")
        assert list(rows) == [(1, "call", "A001"), (2, "recall", "A001"), (3, "recall", "A001")]
        assert Hall.objects.get().last_event == 3
        verbs = Event.objects.filter(target_kind="ticket").order_by("id")
        assert list(verbs.values_list("verb", flat=True)) == [
            "ticket.take",
            "ticket.call",
            "ticket.recall",
            "ticket.recall",
            "ticket.no_show",
        ]


def test_a_step_pressed_twice_says_so(place):
    place.take()
    called = place.call()
    place.begin(called)
    with pytest.raises(AlreadyBegun):
        place.begin(called)
    place.finish(called)
    with pytest.raises(AlreadyFinished):
        place.finish(called)
    with pytest.raises(WrongState):
        place.begin(called)


def test_a_stale_button_of_another_window_is_refused(place):
    place.take()
    called = place.call()
    with pytest.raises(WrongState):
        place.begin(called, 2)
    with pytest.raises(WindowNotOpen):
        place.begin(called, 1, by=place.bob)


def test_skills_narrow_a_window_to_lanes_and_items(place):
    with area_scope(EVERYWHERE):
        skills = {"window_id": place.numbers[0], "by": place.manager, "at": AT}
        settings.set_skills(lanes=("G",), items=("resident-enrolment",), **skills)
    place.take()
    place.take(items=("maternity-allowance", "resident-enrolment"))
    with pytest.raises(NobodyWaiting):
        place.call()
    place.take(items=("resident-enrolment",))
    place.take("G")
    assert place.call().label == "G001"
    drive(place, _at_first(place), Step.NO_SHOW)
    assert place.call().label == "A003"
    assert [place.call(2).label] == ["A001"]
    with area_scope(EVERYWHERE):
        settings.set_skills(lanes=(), items=(), **skills)
    drive(place, _at_first(place), Step.NO_SHOW)
    assert place.call().label == "A002"


def test_who_waits_too_long_comes_before_the_green_channel(place):
    place.take(at=AT)
    place.take("G", at=later(1800))
    assert place.call(at=later(1800)).label == "G001"
    drive(place, _at_first(place), Step.UNDO, at=later(1801))
    assert place.call(at=later(1801)).label == "A001"


# Clauses: W-70, N-13, J-87
def test_in_their_peak_hours_the_old_need_no_ratio(place):
    hours = settings.Peak(
        weekday=1, opens=AT.time().replace(hour=9), closes=AT.time().replace(hour=10)
    )
    with area_scope(EVERYWHERE):
        settings.set_elder_peaks(site_code="QD-0001", peaks=(hours,), by=place.manager, at=AT)
    place.take()
    for green in ("old", "old", "old", "weak"):
        place.take("G", green_class=green)
    assert _all_called(place, AT) == ["G001", "G002", "G003", "A001", "G004"]


def test_outside_the_peak_hours_the_ratio_holds_for_the_old(place):
    place.take()
    for _ in range(3):
        place.take("G", green_class="old")
    assert _all_called(place, AT) == ["G001", "G002", "A001", "G003"]


def test_waited_is_never_negative(place):
    place.take(at=AT)
    assert place.call(at=AT - timedelta(hours=1)).waited_s == 0


def _all_called(place, at) -> list[str]:
    called = []
    while True:
        try:
            one = place.call(at=at)
        except NobodyWaiting:
            return called
        called.append(one.label)
        place.begin(one, at=at)
        place.finish(one, at=at)


def _at_first(place):
    with area_scope(EVERYWHERE):
        return Ticket.objects.get(window=place.numbers[0], state=TicketState.CALLED).uid
