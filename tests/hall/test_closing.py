"""The end of the day."""

from datetime import timedelta

import pytest
from tests import factories
from tests.factories import AT
from tests.hall.driving import bring, later, state_of

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import closing, settings, windows
from circle15.hall.models import Pause, Span, WindowSession
from circle15.hall.states import TicketState

TOMORROW = AT + timedelta(days=1)
CASES = [
    (False, {TicketState.HELD: "left", TicketState.SERVING: "left", TicketState.WAITING: "left"}),
    (True, {TicketState.HELD: "held", TicketState.SERVING: "left", TicketState.WAITING: "waiting"}),
]


@pytest.mark.parametrize(("keeps", "ends"), CASES)
def test_what_yesterday_left_open_is_cleared_or_kept(place, keeps, ends):
    with area_scope(EVERYWHERE):
        rules = {"keeps_overnight": keeps}
        settings.change(site_code="QD-0001", rules=rules, by=place.manager, at=AT)
    uids = {state: bring(place, state) for state in ends}
    assert closing.end_day(at=AT) == 0
    assert closing.end_day(at=TOMORROW) == list(ends.values()).count("left")
    assert {state: state_of(uid) for state, uid in uids.items()} == ends
    assert closing.end_day(at=TOMORROW) == 0
    with area_scope(EVERYWHERE):
        notes = set(Span.objects.filter(step="close").values_list("note", flat=True))
        assert notes == {"日终清号"}
        actors = set(Event.objects.filter(verb="ticket.close").values_list("actor_name", flat=True))
        assert actors == {"system"}


def test_todays_tickets_stay(place):
    uid = bring(place, TicketState.WAITING, at=TOMORROW)
    assert closing.end_day(at=TOMORROW) == 0
    assert state_of(uid) == TicketState.WAITING


def test_a_window_nobody_closed_ends_with_the_last_thing_done_there(place):
    bring(place, TicketState.FINISHED, at=later(3600))
    with area_scope(place.bob.area_path):
        windows.pause(window_id=place.numbers[1], by=place.bob, at=AT)
    closing.end_day(at=TOMORROW)
    with area_scope(EVERYWHERE):
        ends = WindowSession.objects.order_by("user_id").values_list("ended_at", flat=True)
        assert list(ends) == [later(3600), AT]
        assert Pause.objects.get().ended_at == AT


def test_a_window_at_work_past_midnight_stays_open(place):
    bring(place, TicketState.SERVING, at=TOMORROW)
    closing.end_day(at=TOMORROW)
    with area_scope(EVERYWHERE):
        still = WindowSession.objects.filter(ended_at=None).values_list("user_id", flat=True)
        assert list(still) == [101]


def test_the_manager_clears_the_hall_at_closing_time(place):
    serving = bring(place, TicketState.SERVING)
    waiting = place.take().uid
    with area_scope(place.manager.area_path):
        words = {"site_code": "QD-0001", "at": AT}
        assert closing.clear_hall(by=place.manager, **words) == 1
        with pytest.raises(NotAllowed):
            closing.clear_hall(by=place.alice, **words)
    assert [state_of(uid) for uid in (serving, waiting)] == ["serving", "left"]
    stranger = factories.staff("x", "site_manager", area=factories.SiteFactory(foreign=True))
    with area_scope(EVERYWHERE), pytest.raises(NotFound):
        closing.clear_hall(by=factories.actor_for(stranger), **words)
