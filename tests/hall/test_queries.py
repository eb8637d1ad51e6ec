"""What the people of a hall see of it."""

from datetime import timedelta

import pytest
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall import queries
from circle15.hall.models import Ticket


def test_the_line_is_the_order_of_the_calls(place):
    for lane in "AAGAGGA":
        place.take(lane)
    with area_scope(place.alice.area_path):
        line = queries.waiting_in_order(place.alice, "QD-0001", at=AT)
        labels = [ticket.label for ticket in line]
    assert labels == ["G001", "G002", "A001", "G003", "A002", "A003", "A004"]
    called = []
    for _ in labels:
        one = place.call()
        called.append(one.label)
        place.begin(one)
        place.finish(one)
    assert called == labels


def test_a_desk_shows_the_ticket_there_and_who_is_next(place, django_assert_num_queries):
    place.take(items=("resident-enrolment",))
    place.take()
    called = place.call(at=AT + timedelta(seconds=30))
    with area_scope(place.alice.area_path), django_assert_num_queries(20):
        desk = queries.desk_of(place.alice, place.numbers[0], at=AT + timedelta(seconds=50))
    assert (desk.current.uid, desk.current.items) == (
        called.uid,
        ((1, "resident-enrolment", False),),
    )
    assert [ticket.label for ticket in desk.next] == ["A002"]
    assert (desk.waiting, desk.finished, desk.average_s) == (1, 0, None)
    assert (desk.undo.uid, desk.undo_until) == (called.uid, AT + timedelta(seconds=90))
    place.begin(called, at=AT + timedelta(seconds=60))
    place.finish(called, at=AT + timedelta(seconds=200))
    with area_scope(place.alice.area_path):
        desk = queries.desk_of(place.alice, place.numbers[0], at=AT + timedelta(seconds=300))
    assert (desk.current, desk.finished, desk.average_s, desk.undo) == (None, 1, 140, None)


def test_windows_show_their_clerks_and_tickets(place):
    place.take()
    place.call()
    with area_scope(place.alice.area_path):
        lines = queries.windows_in_order(place.alice, "QD-0001")
    seen = [(one.number, one.clerk_name, one.is_open, one.label) for one in lines]
    assert seen == [
        (1, "沈**（alice）", True, "A001"),
        (2, "陆**（bob）", True, ""),
        (3, "", False, ""),
    ]


def test_a_stranger_finds_no_hall(place):
    with area_scope(place.dave.area_path):
        for ask in (queries.hall_of, queries.windows_in_order, queries.lanes_now):
            with pytest.raises(NotFound):
                ask(place.dave, "QD-0001")
        with pytest.raises(NotFound):
            queries.window_of(place.dave, place.numbers[0])
        with pytest.raises(NotFound):
            queries.window_by_number(place.alice, "QD-0001", 9)


def test_halls_and_seats_of_the_own_area(place):
    factories.HallFactory(site=factories.SiteFactory(foreign=True))
    with area_scope(EVERYWHERE):
        assert [hall.site.code for hall in queries.halls_in_order(place.alice)] == ["QD-0001"]
        assert queries.open_session_of(place.bob).window_id == place.numbers[1]
        assert queries.open_session_of(place.dave) is None
        assert queries.open_session_of(system_actor("demo")) is None
        assert queries.window_by_number(place.alice, "QD-0001", 3).id == place.numbers[2]
        assert [ticket.label for ticket in queries.line_of(place.hall.id, at=AT)] == []


def test_a_line_of_a_window_leaves_out_what_it_may_not_call(place):
    place.take()
    with area_scope(EVERYWHERE):
        Ticket.objects.update(for_window=place.numbers[1])
        words = {"at": AT, "actor": place.alice, "site_code": "QD-0001"}
        lines = [
            queries.waiting_in_order(**words, window_id=number) for number in place.numbers[:2]
        ]
    assert [[(one.label, one.for_window) for one in line] for line in lines] == [[], [("A001", 2)]]
