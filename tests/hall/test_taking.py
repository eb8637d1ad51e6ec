"""Numbers: by hall, day and lane, gap-free, whatever the clock does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests import factories
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import settings, taking
from circle15.hall.models import Counter, Ticket
from circle15.hall.refusals import HallClosed, NeedsAppointment, NeedsGreenClass, NoSuchLane
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus


def labels(*taken: taking.Taken) -> list[str]:
    return [each.label for each in taken]


def test_each_lane_counts_by_itself(place):
    booked = place.take("Y", appointment_uid=uuid4())
    rows = labels(place.take(), place.take("G"), place.take(), booked)
    assert rows == ["A001", "G001", "A002", "Y001"]


def test_numbers_begin_anew_at_local_midnight_and_go_on_when_the_clock_returns(place):
    last_minute = AT.replace(hour=15, minute=59)  # 23:59 in Shanghai
    midnight = last_minute + timedelta(minutes=1)
    taken = [place.take(at=at) for at in (last_minute, midnight, last_minute, midnight)]
    assert labels(*taken) == ["A001", "A001", "A002", "A002"]
    assert [one.day.day for one in taken] == [2, 3, 2, 3]


def test_the_order_is_that_of_taking_also_when_the_clock_goes_back(place):
    hours = [0, -1, 0.25, -0.5]
    taken = [place.take(at=AT + timedelta(hours=hour)) for hour in hours]
    called = []
    for _ in taken:
        one = place.call(at=AT)
        called.append(one.label)
        place.begin(one, at=AT - timedelta(hours=2))
        place.finish(one, at=AT - timedelta(hours=3))
    assert called == ["A001", "A002", "A003", "A004"]


def test_a_number_past_999_keeps_its_digits(place):
    place.take()
    with area_scope(EVERYWHERE):
        Counter.objects.update(last=999)
    assert place.take().label == "A1000"


def test_who_comes_before_is_counted_by_lane(place):
    for lane in "AAGA":
        place.take(lane)
    booked = place.take("Y", appointment_uid=uuid4())
    assert (place.take("G").ahead, booked.ahead, place.take().ahead) == (1, 1, 6)


def test_several_items_stand_on_one_ticket(place):
    taken = place.take(items=("resident-enrolment", "proof"))
    with area_scope(EVERYWHERE):
        items = Ticket.objects.get(uid=taken.uid).items.order_by("position")
        found = [(item.position, item.item, item.done) for item in items]
    assert found == [(1, "resident-enrolment", False), (2, "proof", False)]


def test_the_reason_of_the_green_channel_is_kept_without_numbers_of_persons(place):
    taken = place.take("G", green_class="sick", green_reason="陪同 13812345678")
    with area_scope(EVERYWHERE):
        ticket = Ticket.objects.get(uid=taken.uid)
        event = Event.objects.get(verb="ticket.take")
    assert (ticket.green_class, ticket.green_reason) == ("sick", "陪同 138****5678")
    assert event.new["green_class"] == "sick"


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"lane": "B"}, NoSuchLane),
        ({"lane": "G", "green_class": ""}, NeedsGreenClass),
        ({"lane": "A", "green_class": "old"}, NeedsGreenClass),
        ({"lane": "G", "green_class": "rich"}, NeedsGreenClass),
        ({"lane": "Y"}, NeedsAppointment),
        ({"lane": "A", "appointment_uid": uuid4()}, NeedsAppointment),
        ({"site_code": "RG-0001"}, NotFound),
        ({"site_code": "QD-9999"}, NotFound),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_and_takes_no_number(place, wish, refusal):
    with pytest.raises(refusal):
        place.take(**wish)
    assert place.take().label == "A001"


def test_a_closed_hall_gives_no_number(place):
    with area_scope(EVERYWHERE):
        settings.change(
            site_code="QD-0001", rules={"takes_tickets": False}, by=place.manager, at=AT
        )
    with pytest.raises(HallClosed):
        place.take()


def test_a_suspended_site_gives_no_number(place):
    with area_scope(EVERYWHERE):
        Site.objects.filter(code="QD-0001").update(status=SiteStatus.SUSPENDED)
    with pytest.raises(HallClosed):
        place.take()


def test_without_a_scope_there_is_no_hall(place):
    with pytest.raises(NotFound):
        taking.take(site_code="QD-0001", lane="A", source="kiosk", by=place.alice, at=AT)


def test_an_auditor_takes_no_number(place):
    auditor = factories.actor_for(factories.auditor())
    with pytest.raises(NotAllowed):
        place.take(by=auditor)
