"""Tickets that go elsewhere, away, back, and one step back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests import factories
from tests.factories import AT
from tests.hall.driving import bring, drive, later, state_of

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import moving, serving, settings, windows
from circle15.hall.models import Announcement, Span, Ticket
from circle15.hall.refusals import (
    CannotMove,
    HallClosed,
    NeedsReason,
    NobodyWaiting,
    TooLateToUndo,
    WindowBusy,
    WindowNotOpen,
    WrongState,
)
from circle15.hall.states import Step, TicketState
from circle15.sites.models import Site


@pytest.fixture
def other_hall(place):
    return factories.HallFactory(site=factories.SiteFactory(other=True))


def transfer(place, uid, *, by=None, at=AT, **to):
    with area_scope(place.alice.area_path):
        return moving.transfer(uid=uid, by=by or place.alice, at=at, **to)


def ticket(uid) -> Ticket:
    with area_scope(EVERYWHERE):
        return Ticket.objects.get(uid=uid)


def test_another_window_gets_the_ticket_alone_and_at_its_old_place(place):
    uid = bring(place, TicketState.SERVING)
    place.take(at=later(5))
    transfer(place, uid, to_window=place.numbers[1], reason="复核", at=later(300))
    moved = ticket(uid)
    assert (moved.state, moved.window_id, moved.queued_at) == ("waiting", None, AT)
    assert place.call(1, at=later(310)).label == "A002"
    called = place.call(2, at=later(320))
    assert (called.label, called.waited_s) == ("A001", 320)
    with area_scope(EVERYWHERE):
        assert Span.objects.get(step=Step.MOVE_WINDOW).note == "复核"


def test_another_hall_gives_a_new_number_and_keeps_place_and_waiting_time(place, other_hall):
    taken = place.take("G", green_class="old", items=("resident-enrolment", "certificate"))
    called = place.call()
    place.begin(called)
    with area_scope(place.alice.area_path):
        serving.item_done(uid=taken.uid, position=1, by=place.alice, at=AT)
    moved = transfer(place, taken.uid, to_site="QD-0002", at=later(600))
    old, new = ticket(taken.uid), ticket(moved.uid)
    assert old.state == "transferred"
    assert (moved.label, moved.state, moved.site_name) == ("G001", "waiting", "北新镇医保服务站")
    assert (new.place, new.queued_at, new.taken_at) == (old.place, AT, AT)
    assert (new.came_from_id, new.green_class, new.hall_id) == (old.id, "old", other_hall.id)
    with area_scope(EVERYWHERE):
        assert [item.item for item in new.items.order_by("position")] == ["certificate"]
        event = Event.objects.get(verb="ticket.move_hall")
    assert (event.area_path, event.new["onward"]) == (old.area_path, "G001")


def test_a_hall_without_the_lane_takes_the_ticket_in_its_nearest(place, other_hall):
    with area_scope(EVERYWHERE):
        other_hall.lanes.exclude(code="G").delete()
    moved = transfer(place, bring(place, TicketState.WAITING), to_site="QD-0002")
    assert moved.label == "G001"


def test_a_hall_without_lanes_gets_nothing(place, other_hall):
    with area_scope(EVERYWHERE):
        other_hall.lanes.all().delete()
    with pytest.raises(CannotMove):
        transfer(place, bring(place, TicketState.WAITING), to_site="QD-0002")


@pytest.mark.parametrize(
    "to",
    [
        {},
        {"to_window": 1, "to_site": "QD-0002"},
        {"to_window": -1},
        {"to_site": "QD-0001"},
        {"to_site": "QD-9999"},
        {"to_site": "RG-0001"},
    ],
)
def test_nowhere_to_go_is_said(place, other_hall, to):
    with area_scope(EVERYWHERE):
        factories.HallFactory(site=Site.objects.get(code="RG-0001"))
    uid = bring(place, TicketState.SERVING)
    with pytest.raises(CannotMove):
        transfer(place, uid, **to)
    assert state_of(uid) == TicketState.SERVING


def test_a_closed_window_or_hall_gets_nothing(place, other_hall):
    uid = bring(place, TicketState.SERVING)
    for number in (place.numbers[0], place.numbers[2]):
        with pytest.raises(CannotMove):
            transfer(place, uid, to_window=number)
    with area_scope(EVERYWHERE):
        Site.objects.filter(code="QD-0002").update(status="suspended")
    with pytest.raises(CannotMove):
        transfer(place, uid, to_site="QD-0002")


def test_a_window_stood_in_for_gets_what_is_bound_to_it(place):
    with area_scope(EVERYWHERE):
        words = {"absent_window_id": place.numbers[2], "by_window_id": place.numbers[1]}
        windows.cover(**words, by=place.bob, at=AT)
    uid = bring(place, TicketState.SERVING)
    transfer(place, uid, to_window=place.numbers[2])
    with pytest.raises(NobodyWaiting):
        place.call(1)
    assert place.call(2).uid == uid


def test_a_colleague_does_not_touch_who_is_at_my_window_but_the_manager_may(place):
    uid = bring(place, TicketState.CALLED)
    with area_scope(place.bob.area_path):
        for act in (
            lambda by: moving.no_show(uid=uid, by=by, at=AT),
            lambda by: moving.cancel(uid=uid, reason="x", by=by, at=AT),
            lambda by: moving.transfer(uid=uid, to_window=place.numbers[1], by=by, at=AT),
            lambda by: moving.transfer(uid=uid, to_site="QD-0002", by=by, at=AT),
            lambda by: serving.add_item(uid=uid, item="certificate", by=by, at=AT),
        ):
            with pytest.raises(WindowNotOpen):
                act(place.bob)
        assert moving.no_show(uid=uid, by=place.manager, at=AT).state == "no_show"


def test_a_no_show_comes_back_to_the_old_place(place):
    uid = bring(place, TicketState.NO_SHOW)
    place.take()
    restored = drive(place, uid, Step.RESTORE, at=later(900))
    assert (restored.state, place.call(at=later(910)).uid) == ("waiting", uid)
    assert ticket(uid).queued_at == AT


def test_who_left_comes_back_at_the_end_with_the_same_number(place):
    uid = bring(place, TicketState.LEFT)
    place.take()
    back = drive(place, uid, Step.COME_BACK, at=later(600))
    assert (back.label, ticket(uid).queued_at) == ("A001", later(600))
    assert place.call(at=later(700)).label == "A002"
    with area_scope(EVERYWHERE):
        event = Event.objects.get(verb="ticket.come_back")
    assert (event.actor_id, event.actor_name, event.actor_role) == (None, "持号人", "holder")


def test_yesterdays_ticket_does_not_come_back_unless_the_hall_keeps_them(place):
    uid = bring(place, TicketState.LEFT)
    tomorrow = AT + timedelta(days=1)
    for step in (Step.COME_BACK, Step.RESTORE):
        with pytest.raises(WrongState, match="重新取号"):
            drive(place, uid, step, at=tomorrow)
    with area_scope(EVERYWHERE):
        settings.change(
            site_code="QD-0001", rules={"keeps_overnight": True}, by=place.manager, at=AT
        )
    assert drive(place, uid, Step.COME_BACK, at=tomorrow).state == "waiting"


def test_nobody_comes_back_to_a_hall_that_takes_no_tickets(place):
    uid = bring(place, TicketState.LEFT)
    with area_scope(EVERYWHERE):
        settings.change(
            site_code="QD-0001", rules={"takes_tickets": False}, by=place.manager, at=AT
        )
    with pytest.raises(HallClosed):
        drive(place, uid, Step.COME_BACK)


def test_an_unknown_link_finds_nothing(place):
    for act in (moving.leave, moving.come_back):
        with pytest.raises(NotFound):
            act(uid=uuid4(), at=AT)


def test_making_void_needs_a_reason(place):
    uid = bring(place, TicketState.WAITING)
    with area_scope(place.alice.area_path), pytest.raises(NeedsReason):
        moving.cancel(uid=uid, reason="  ", by=place.alice, at=AT)


def test_an_undone_call_is_taken_off_the_displays(place):
    uid = bring(place, TicketState.CALLED)
    drive(place, uid, Step.UNDO, at=later(59))
    undone = ticket(uid)
    assert (undone.state, undone.window_id, undone.calls, undone.clerk_id) == (
        "waiting",
        None,
        0,
        None,
    )
    with area_scope(EVERYWHERE):
        rows = Announcement.objects.order_by("seq").values_list("kind", "label", "window_number")
        assert list(rows) == [("call", "A001", 1), ("clear", "A001", 1)]


def test_only_ones_own_last_step_within_a_minute_is_undone(place):
    uid = bring(place, TicketState.CALLED)
    with pytest.raises(TooLateToUndo):
        drive(place, uid, Step.UNDO, at=later(61))
    with area_scope(place.bob.area_path), pytest.raises(TooLateToUndo):
        moving.undo(uid=uid, by=place.bob, at=AT)
    drive(place, uid, Step.UNDO, at=later(60))
    with pytest.raises(TooLateToUndo):
        drive(place, uid, Step.UNDO, at=later(61))


def test_an_undone_finish_needs_the_window_free(place):
    uid = bring(place, TicketState.FINISHED)
    place.take()
    second = place.call()
    with pytest.raises(WindowBusy):
        drive(place, uid, Step.UNDO)
    drive(place, second.uid, Step.NO_SHOW)
    drive(place, uid, Step.UNDO)
    assert (state_of(uid), ticket(uid).outcome) == (TicketState.SERVING, "")


def test_an_undone_transfer_stands_at_the_window_again(place):
    uid = bring(place, TicketState.CALLED)
    transfer(place, uid, to_window=place.numbers[1])
    drive(place, uid, Step.UNDO)
    back = ticket(uid)
    assert (back.state, back.window_id, back.for_window_id, back.calls) == (
        "called",
        place.numbers[0],
        None,
        1,
    )


def test_an_undone_step_needs_ones_window(place):
    uid = bring(place, TicketState.FINISHED)
    with area_scope(place.alice.area_path):
        windows.close_window(window_id=place.numbers[0], by=place.alice, at=AT)
    with pytest.raises(WindowNotOpen):
        drive(place, uid, Step.UNDO)


def test_held_time_is_no_service_and_any_free_window_goes_on(place):
    uid = bring(place, TicketState.HELD)
    with area_scope(place.bob.area_path):
        words = {"uid": uid, "window_id": place.numbers[1], "by": place.bob}
        serving.resume(**words, at=later(3600))
        done = serving.finish(**words, at=later(3660))
    assert done.service_s == 60


def test_who_goes_on_needs_a_free_window_of_the_same_hall(place):
    uid = bring(place, TicketState.HELD)
    bring(place, TicketState.CALLED)
    with pytest.raises(WindowBusy):
        drive(place, uid, Step.RESUME)
    with area_scope(place.alice.area_path), pytest.raises(NotFound):
        serving.resume(uid=uid, window_id=-1, by=place.alice, at=AT)


def test_items_are_added_and_ticked_off(place):
    uid = bring(place, TicketState.SERVING)
    with area_scope(place.alice.area_path):
        words = {"uid": uid, "by": place.alice, "at": AT}
        added = serving.add_item(item="certificate", **words)
        ticked = serving.item_done(position=added.position, **words)
        assert (added.position, ticked.done) == (1, True)
        for refused in (
            lambda: serving.add_item(item="nonsense", **words),
            lambda: serving.item_done(position=2, **words),
        ):
            with pytest.raises(NotFound):
                refused()
    drive(place, uid, Step.FINISH)
    with area_scope(place.alice.area_path), pytest.raises(WrongState):
        serving.add_item(item="certificate", **words)


def test_who_may_not_serve_moves_nobody(place):
    uid = bring(place, TicketState.WAITING)
    officer = factories.actor_for(factories.carol())
    with area_scope(officer.area_path), pytest.raises(NotAllowed):
        moving.cancel(uid=uid, reason="x", by=officer, at=AT)
