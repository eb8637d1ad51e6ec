"""Clerks at windows: open, pause, close, help, standing in."""

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.factories import AT
from tests.hall.conftest import person
from tests.hall.driving import bring, drive, later

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import windows
from circle15.hall.models import Announcement, Cover, Pause, Ticket, WindowSession
from circle15.hall.refusals import (
    CannotCover,
    NobodyWaiting,
    SeatedElsewhere,
    WindowBusy,
    WindowNotOpen,
    WindowOccupied,
    WrongState,
)
from circle15.hall.states import Step, TicketState


@pytest.fixture
def at(place):
    """Return what does one thing at a window of the hall."""

    def act(what, window: int, by, *, when=AT, **words):
        with area_scope(place.hall.area_path):
            return what(window_id=place.numbers[window - 1], by=by, at=when, **words)

    return act


def verbs() -> list[str]:
    with area_scope(EVERYWHERE):
        rows = Event.objects.filter(target_kind="window").order_by("id")
        return list(rows.values_list("verb", flat=True))[2:]  # alice and bob sat down


def test_a_window_has_one_clerk_and_a_clerk_one_window(place, at):
    first = at(windows.open_window, 1, place.alice)
    assert first.user_id == 101
    with pytest.raises(WindowOccupied):
        at(windows.open_window, 1, place.bob)
    with pytest.raises(SeatedElsewhere):
        at(windows.open_window, 3, place.alice)
    assert verbs() == []


def test_a_seat_outside_the_area_is_still_a_seat(place):
    foreign = factories.HallFactory(site=factories.SiteFactory(other=True))
    window = factories.WindowFactory(site=foreign.site)
    moved = person(101, "沈**（alice）", Role.CLERK, foreign.site)
    with area_scope(foreign.area_path), pytest.raises(SeatedElsewhere):
        windows.open_window(window_id=window.id, by=moved, at=AT)


def test_only_people_sit_at_windows(place, at):
    with pytest.raises(NotAllowed):
        at(windows.open_window, 3, system_actor("demo"))
    with pytest.raises(NotAllowed):
        at(windows.open_window, 3, factories.actor_for(factories.carol()))
    with area_scope(EVERYWHERE), pytest.raises(NotFound):
        windows.open_window(window_id=-1, by=place.alice, at=AT)


def test_a_pause_is_kept_with_its_reason(place, at):
    at(windows.pause, 1, place.alice, reason=" 接水 ")
    with pytest.raises(WrongState):
        at(windows.pause, 1, place.alice)
    at(windows.resume_window, 1, place.alice, when=later(120))
    with pytest.raises(WrongState):
        at(windows.resume_window, 1, place.alice)
    with area_scope(EVERYWHERE):
        pause = Pause.objects.get()
        session = WindowSession.objects.get(user_id=101)
    assert (pause.reason, pause.begun_at, pause.ended_at) == ("接水", AT, later(120))
    assert (session.paused_at, session.pause_reason) == (None, "")
    assert verbs() == ["window.pause", "window.resume"]


def test_a_closed_window_frees_clerk_pause_and_bound_tickets(place, at):
    uid = bring(place, TicketState.SERVING)
    drive(place, uid, Step.MOVE_WINDOW)
    at(windows.pause, 2, place.bob)
    closed = at(windows.close_window, 2, place.bob, when=later(60))
    assert (closed.ended_at, closed.paused_at) == (later(60), None)
    assert place.call(1).uid == uid
    assert at(windows.open_window, 3, place.bob).id != closed.id
    assert verbs() == ["window.pause", "window.close", "window.open"]


def test_a_window_with_somebody_at_it_stays_open(place, at):
    bring(place, TicketState.CALLED)
    with pytest.raises(WindowBusy):
        at(windows.close_window, 1, place.alice)


def test_the_manager_closes_for_a_clerk_another_clerk_does_not(place, at):
    with pytest.raises(WindowNotOpen):
        at(windows.close_window, 1, place.bob)
    with pytest.raises(WindowNotOpen):
        at(windows.close_window, 3, place.manager)
    assert at(windows.close_window, 1, place.manager).ended_at == AT


def test_a_call_for_help_is_announced_and_taken_off(place, at):
    assert at(windows.emergency, 2, place.bob) == 1
    assert at(windows.end_emergency, 2, place.bob) == 2
    with area_scope(EVERYWHERE):
        rows = Announcement.objects.order_by("seq").values_list("kind", "window_number", "label")
        assert list(rows) == [("emergency", 2, ""), ("clear", 2, "")]
    assert verbs() == ["window.emergency", "window.end_emergency"]


def cover(place, absent: int, deputy: int, by, *, when=AT) -> Cover:
    with area_scope(place.hall.area_path):
        return windows.cover(
            absent_window_id=place.numbers[absent - 1],
            by_window_id=place.numbers[deputy - 1],
            by=by,
            at=when,
        )


def test_the_deputy_calls_what_is_bound_to_the_absent_window(place, at):
    uid = bring(place, TicketState.SERVING)
    drive(place, uid, Step.MOVE_WINDOW)
    at(windows.pause, 2, place.bob)
    with pytest.raises(NobodyWaiting):
        place.call(1)
    cover(place, 2, 1, place.alice)
    at(windows.close_window, 2, place.bob)
    assert place.call(1).uid == uid
    assert verbs() == ["window.pause", "window.cover", "window.close"]


def test_standing_in_ends_when_either_comes_or_goes(place, at):
    cover(place, 3, 1, place.alice)
    at(windows.open_window, 3, place.manager)
    assert open_covers() == 0
    at(windows.close_window, 3, place.manager)
    cover(place, 3, 1, place.alice)
    at(windows.close_window, 1, place.alice)
    assert open_covers() == 0


def test_standing_in_is_ended_and_frees_what_was_bound(place, at):
    cover(place, 3, 1, place.alice)
    uid = bring(place, TicketState.SERVING)
    with area_scope(EVERYWHERE):
        Ticket.objects.filter(uid=uid).update(
            state="waiting", window=None, for_window=place.numbers[2]
        )
    with area_scope(place.hall.area_path):
        words = {"absent_window_id": place.numbers[2], "by": place.alice, "at": AT}
        windows.end_cover(**words)
        with pytest.raises(WrongState):
            windows.end_cover(**words)
    assert place.call(2).uid == uid
    assert verbs() == ["window.cover", "window.end_cover"]


def test_ending_for_a_seated_clerk_leaves_the_own_tickets(place):
    uid = bring(place, TicketState.SERVING)
    drive(place, uid, Step.MOVE_WINDOW)
    cover(place, 2, 1, place.alice)
    with area_scope(place.hall.area_path):
        windows.end_cover(absent_window_id=place.numbers[1], by=place.bob, at=AT)
    with pytest.raises(NobodyWaiting):
        place.call(1)


@pytest.mark.parametrize(("absent", "deputy"), [(1, 1), (2, 3), (1, 9)])
def test_who_cannot_stand_in_does_not(place, absent, deputy):
    place.numbers += [-1] * 6
    with pytest.raises(CannotCover):
        cover(place, absent, deputy, place.alice)


def test_nobody_stands_in_for_two_at_second_hand(place):
    cover(place, 2, 1, place.alice)
    with pytest.raises(CannotCover):
        cover(place, 3, 2, place.bob)
    cover(place, 2, 1, place.manager, when=later(5))
    assert open_covers() == 1


def test_a_clerk_says_who_stands_in_only_of_the_own_window(place):
    with pytest.raises(WindowNotOpen):
        cover(place, 3, 1, place.bob)
    assert cover(place, 3, 1, place.manager).ended_at is None


def open_covers() -> int:
    with area_scope(EVERYWHERE):
        return Cover.objects.filter(ended_at=None).count()


def test_the_database_knows_one_open_seat_by_window(place):
    with area_scope(EVERYWHERE):
        seat = WindowSession.objects.get(user_id=101)
        seat.pk, seat.user_id = None, 999
        with pytest.raises(IntegrityError, match="hall_session_window"), transaction.atomic():
            seat.save()
