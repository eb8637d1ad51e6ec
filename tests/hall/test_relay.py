"""A hall with its own instance: what happened there is told in order and taken in once.

Both sides share one database here: what the hall tells is read, then undone, then taken in.
`bench/prove_relay.py` does it with two instances and a line that is cut.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from tests.factories import AT

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import DEVICE_PERMISSIONS, DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event as AuditEvent
from circle15.hall.actions import serving, windows
from circle15.hall.actions.settings import change
from circle15.hall.models import Hall, Span, Ticket, TicketItem, WindowSession
from circle15.hall.refusals import HallClosed, RunsItself, UnusableSetting
from circle15.hall.relay import joining
from circle15.hall.relay.events import Event
from circle15.hall.relay.receiving import NotOfThisHall, receive
from circle15.hall.relay.sending import LineDown, send_some, waiting
from circle15.hall.relay_models import Outgoing, Received, Uplink

MINUTE = timedelta(minutes=1)
ORIGIN = uuid4()


def server_of(place) -> Actor:
    return Actor(
        user_id=None,
        name="本地服务器",
        role="server",
        area_path=place.hall.area_path,
        area_name="",
        permissions=DEVICE_PERMISSIONS[DeviceKind.SERVER],
    )


def link_up(place) -> None:
    with area_scope(EVERYWHERE):
        Uplink.objects.create(
            area_path=place.hall.area_path,
            site_code=place.hall.site.code,
            city_url="http://127.0.0.1:1",
            token_sealed="x",
            origin=ORIGIN,
        )


def play(place) -> None:
    """Two visits, one of them held for a while, and a third that waits."""
    place.take(items=("resident-enrolment", "certificate"))
    place.take("G")
    first = place.call(at=AT + 2 * MINUTE)
    place.begin(first, at=AT + 3 * MINUTE)
    with area_scope(place.alice.area_path):
        serving.hold(uid=first.uid, by=place.alice, at=AT + 4 * MINUTE, note="补材料")
    second = place.call(at=AT + 5 * MINUTE)
    place.begin(second, at=AT + 6 * MINUTE)
    place.finish(second, at=AT + 9 * MINUTE)
    place.take(at=AT + 10 * MINUTE)
    with area_scope(place.alice.area_path):
        windows.pause(
            window_id=place.numbers[0], by=place.alice, at=AT + 11 * MINUTE, reason="饮水"
        )


def seen() -> list[tuple[object, ...]]:
    """What there is of tickets, spans and items, without the numbers of rows and people."""
    with area_scope(EVERYWHERE):
        tickets = Ticket.objects.order_by("uid").values_list(
            *("uid", "label", "number", "lane__code", "state", "since", "taken_at", "queued_at"),
            *("window__number", "green_class", "calls"),
        )
        spans = Span.objects.order_by("ticket__uid", "id").values_list(
            *("ticket__uid", "state", "step", "begun_at", "ended_at", "window__number", "note")
        )
        items = TicketItem.objects.order_by("ticket__uid", "position")
        seats = WindowSession.objects.order_by("window__number", "begun_at").values_list(
            *("window__number", "clerk_name", "begun_at", "ended_at", "paused_at")
        )
        return [*tickets, *spans, *items.values_list("ticket__uid", "item"), *seats]


def told_by_the_hall(place) -> tuple[list[Event], list[tuple[object, ...]]]:
    """Play at the hall's side, keep what it tells and what it looks like there, undo it all."""
    told: list[Event] = []

    def post(origin: UUID, events: Sequence[Event]) -> None:
        assert origin == ORIGIN
        told.extend(events)

    with area_scope(EVERYWHERE), transaction.atomic():
        link_up(place)
        WindowSession.objects.update(pause_reason="")  # who sits there already is told too
        play(place)
        while send_some(post, at=AT):
            pass
        there = [*seen()]
        transaction.set_rollback(True)
    with area_scope(EVERYWHERE):
        WindowSession.objects.all().delete()
        assert Ticket.objects.count() == 0
    return told, there


def take_in(place, events: Sequence[Event], *, by: Actor | None = None) -> int:
    by = by or server_of(place)
    with area_scope(by.area_path):
        return receive(origin=ORIGIN, events=events, by=by, at=AT)


def test_the_city_sees_what_the_hall_saw(place):
    told, there = told_by_the_hall(place)
    assert take_in(place, told) == len(told)
    assert seen() == there


def test_everything_sent_twice_changes_nothing(place):
    told, there = told_by_the_hall(place)
    assert take_in(place, told[:5]) == 5
    assert take_in(place, told) == len(told) - 5
    assert take_in(place, told) == 0
    assert seen() == there
    with area_scope(EVERYWHERE):
        assert AuditEvent.objects.filter(verb="hall.receive").count() == 2
        assert Received.objects.count() == len(told)


def test_what_the_city_did_not_take_is_sent_again(place):
    link_up(place)
    play(place)
    before = waiting()

    def down(_origin: UUID, _events: Sequence[Event]) -> None:
        raise LineDown("cut")

    with pytest.raises(LineDown):
        send_some(down, at=AT)
    assert waiting() == before > 0
    with area_scope(EVERYWHERE):
        assert Uplink.objects.get().problem == "cut"
    assert send_some(lambda _origin, _events: None, at=AT) == before
    assert waiting() == 0


def test_without_a_line_nothing_is_kept_to_be_sent(place):
    play(place)
    with area_scope(EVERYWHERE):
        assert Outgoing.objects.count() == 0
    assert send_some(lambda _origin, _events: None, at=AT) == 0


def test_only_the_halls_own_server_reports_for_it(place):
    told, _there = told_by_the_hall(place)
    with pytest.raises(NotAllowed):
        take_in(place, told, by=place.alice)
    with pytest.raises(NotFound):
        take_in(place, told, by=replace(server_of(place), area_path="/999999999999/X/"))


def test_an_unknown_window_is_refused_whole(place):
    told, _there = told_by_the_hall(place)
    seat = next(event for event in told if event.kind == "seat")
    strange = seat.model_copy(update={"seat": seat.seat.model_copy(update={"window": 99})})
    with pytest.raises(NotOfThisHall):
        take_in(place, [*told[:3], strange])
    with area_scope(EVERYWHERE):
        assert Ticket.objects.count() == Received.objects.count() == 0


def test_a_hall_that_runs_itself_takes_no_numbers_at_the_city(place):
    with area_scope(place.hall.area_path):
        setup = joining.hand_down(by=server_of(place), at=AT)
        joining.hand_down(by=server_of(place), at=AT)
    assert [lane.code for lane in setup.lanes] == ["A", "G", "Y"]
    assert [window.number for window in setup.windows] == [1, 2, 3]
    with pytest.raises(HallClosed):
        place.take()
    with pytest.raises(RunsItself), area_scope(place.manager.area_path):
        windows.open_window(window_id=place.numbers[2], by=place.manager, at=AT)
    with pytest.raises(UnusableSetting), area_scope(place.manager.area_path):
        change(
            site_code=place.hall.site.code,
            rules={"takes_tickets": True},
            by=place.manager,
            at=AT,
        )
    with area_scope(EVERYWHERE):
        assert AuditEvent.objects.filter(verb="hall.runs_itself").count() == 1


def test_joining_again_keeps_the_name_of_the_instance(place):
    with area_scope(place.hall.area_path):
        setup = joining.hand_down(by=server_of(place), at=AT)
    with area_scope(EVERYWHERE):
        Hall.objects.update(runs_itself=False, takes_tickets=True)  # as it is over there
    origins = []
    for token in ("one", "two"):
        joining.join(
            setup=setup, city_url="http://127.0.0.1:9/", token=token, by=system_actor("x"), at=AT
        )
        with area_scope(EVERYWHERE):
            origins.append(Uplink.objects.get().origin)
        assert joining.uplink() == ("http://127.0.0.1:9", token)
    assert origins[0] == origins[1]
