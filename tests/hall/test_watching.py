"""What displays and phones see: today's calls, windows and counts, the ticket and its place."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from tests.factories import AT

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall import watching
from circle15.hall.actions import moving, windows

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def watched(place) -> watching.WatchedHall:
    return watching.watched_hall(place.hall.site.code)


def test_a_hall_is_found_by_site_and_by_ticket(place):
    ticket = place.take()
    assert watched(place) == watching.hall_of_ticket(ticket.uid)
    with pytest.raises(NotFound):
        watching.watched_hall("nowhere")
    with pytest.raises(NotFound):
        watching.ticket_now(uuid4(), at=AT)


def test_announcements_are_read_on_from_a_number_and_only_todays_are_shown(place):
    for _ in range(3):
        place.take()
    first = place.call(at=AT)
    second = place.call(2, at=AT + timedelta(days=1))
    hall = watched(place)
    assert [one.seq for one in watching.announcements_after(hall, 0)] == [1, 2]
    assert [one.label for one in watching.announcements_after(hall, first.seq)] == [second.label]
    tomorrow = watching.last_announcements(hall, at=AT + timedelta(days=1))
    assert [one.label for one in tomorrow] == [second.label]
    assert watching.last_events([hall.id]) == {hall.id: 2}


def test_counts_by_lane_and_windows_with_their_numbers(place):
    for lane in "AAG":
        place.take(lane)
    called = place.call(at=AT)
    with area_scope(EVERYWHERE):
        windows.pause(window_id=place.numbers[1], by=place.bob, at=AT)
    now = watching.hall_now(watched(place))
    assert [(lane.code, lane.waiting) for lane in now.lanes] == [("A", 2), ("G", 0), ("Y", 0)]
    assert [(one.number, one.state, one.label) for one in now.windows] == [
        (1, "open", called.label),
        (2, "paused", ""),
        (3, "closed", ""),
    ]
    assert now.waiting == 2


def test_places_follow_the_order_of_the_calls(place):
    ordinary, other, green = place.take(), place.take(), place.take("G")
    seen = watching.tickets_now(watched(place), {ordinary.uid, other.uid, green.uid}, at=AT)
    ahead = {one.uid: one.ahead for one in seen}
    assert ahead == {green.uid: 0, ordinary.uid: 1, other.uid: 2}


def test_a_called_ticket_has_a_window_and_no_place(place):
    ticket = place.take()
    called = place.call(at=AT)
    now = watching.ticket_now(ticket.uid, at=AT)
    assert (now.state, now.window, now.ahead) == ("called", 1, None)
    place.begin(called)
    place.finish(called)
    assert watching.ticket_now(ticket.uid, at=AT).window is None


def test_an_old_order_serves_those_who_poll_but_never_the_state(place):
    first, second = place.take(), place.take()
    assert watching.ticket_now(second.uid, at=AT, may_be_old=True).ahead == 1
    place.call(at=AT)
    assert watching.ticket_now(first.uid, at=AT, may_be_old=True).state == "called"
    assert watching.ticket_now(second.uid, at=AT, may_be_old=True).ahead == 1
    assert watching.ticket_now(second.uid, at=AT).ahead == 0


def test_who_comes_now_waits_behind_everybody(place):
    with area_scope(EVERYWHERE):
        assert watching.newcomers_wait(place.hall.pk, at=AT) is None
    cache.clear()
    place.remember(AT)
    last = [place.take() for _ in range(5)][-1]
    with area_scope(EVERYWHERE):
        behind = watching.newcomers_wait(place.hall.pk, at=AT)
        place.take()
        assert watching.newcomers_wait(place.hall.pk, at=AT) == behind
    assert behind >= watching.ticket_now(last.uid, at=AT).minutes


def test_minutes_are_told_once_the_hall_has_records(place):
    place.remember(AT)
    tickets = [place.take() for _ in range(5)]
    assert watching.ticket_now(tickets[0].uid, at=AT).minutes == (0, 1)
    low, high = watching.ticket_now(tickets[4].uid, at=AT).minutes or (0, 0)
    assert 2 <= low <= high <= 20
    # What was reckoned a moment ago is kept, but not for whom it does not know.
    assert watching.ticket_now(place.take().uid, at=AT).minutes is not None


def test_who_left_or_was_put_aside_has_neither_place_nor_minutes(place):
    ticket = place.take()
    moving.leave(uid=ticket.uid, at=AT)
    now = watching.ticket_now(ticket.uid, at=AT)
    assert (now.state, now.ahead, now.minutes, now.onward) == ("left", None, None, None)
