"""A rating is given once, freely, and nobody learns by whom; bad ones ask why and are followed."""

from datetime import timedelta

import pytest
from tests.cases.core_platform.platforms import decided
from tests.factories import AT
from tests.ratings.conftest import fresh

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.models import Case
from circle15.core.identifiers.phone import is_phone
from circle15.ratings import handlings, tallies
from circle15.ratings.models import Rating
from circle15.ratings.orders.opening import Asker
from circle15.ratings.orders.seeing import case_of
from circle15.ratings.rating import Given, rate
from circle15.ratings.refusals import (
    AlreadyRated,
    NeedsWhy,
    NoPhone,
    NotByTheRated,
    TooLateToRate,
    UnusableRating,
)
from circle15.ratings.states import RatedBy


def rated(uid, grade=5, channel=RatedBy.PHONE, *, at=AT, by=None, **more):
    given = Given(item_grade=grade, **more)
    return rate(handlings.of_ticket(uid), given, channel=channel, at=at, by=by)


# Clauses: D-70, J-47
def test_a_visit_is_rated_once_by_whichever_way(place):
    uid = place.visit()
    rated(uid, 5, person_grade=4, labels=["510", "413"])
    for channel in (RatedBy.PAD, RatedBy.PAPER):
        with pytest.raises(AlreadyRated):
            rated(uid, 1, channel, labels=["115"])
    with area_scope(EVERYWHERE):
        kept = Rating.objects.get()
        assert (kept.item_grade, kept.person_grade, kept.labels) == (5, 4, ["510", "413"])
        # Neither the row nor the trail says whose visit it was.
        assert uid.hex not in str(vars(kept)).replace("-", "")
        [event] = Event.objects.filter(verb="rating.give")
        assert event.actor_name == "rater"
        assert str(uid) not in str(vars(event))


def test_a_bad_grade_asks_why_and_opens_an_order_with_who_served(place):
    with pytest.raises(NeedsWhy):
        place.rate(2)
    with pytest.raises(NeedsWhy):
        place.rate(5, person_grade=1, labels=["510"])
    order = place.bad()
    assert (order.state, order.owner_id) == ("assigned", place.users["alice"].pk)
    assert order.text == "太慢，138****8000"
    assert order.topics == ["attitude", "time"]
    assert order.number.startswith("P32068120260302")


@pytest.mark.parametrize(
    ("grade", "more"),
    [(6, {}), (5, {"labels": ["115"]}), (4, {"labels": ["999"]}), (5, {"labels": ["501"]})],
)
def test_labels_belong_to_their_grade_and_retired_ones_are_gone(place, grade, more):
    with pytest.raises(UnusableRating):
        place.rate(grade, **more)


def test_a_rating_comes_within_five_working_days(place):
    uid = place.visit()
    with pytest.raises(TooLateToRate):
        rated(uid, at=AT + timedelta(days=8))
    assert rated(uid, at=AT + timedelta(days=7)).is_bad is False


def test_who_was_rated_writes_no_rating_down(place):
    uid = place.visit()
    with pytest.raises(NotByTheRated):
        place.do("alice", lambda by, at: rated(uid, channel=RatedBy.PAPER, at=at, by=by))
    assert not place.do(
        "bob", lambda by, at: rated(uid, channel=RatedBy.PAPER, at=at, by=by)
    ).is_bad


def test_the_person_is_rated_at_windows_only(place):
    with pytest.raises(UnusableRating):
        rated(place.visit(), channel=RatedBy.WEB, person_grade=5)


@pytest.mark.parametrize("phone", ["不想说", "12345", "1380013800", "0513-123"])
def test_only_a_number_that_can_be_called_makes_a_rating_real_name(place, phone):
    with pytest.raises(NoPhone):
        place.rate(1, labels=["115"], asker=Asker(phone=phone))
    for number in ("138 0013 8000", "+86-13800138000", "0513-83312345", "400-800-1234", " "):
        assert is_phone(number) == bool(number.strip())


def test_what_was_assumed_is_never_counted_as_given(place):
    uid = place.visit()
    rated(uid, 5, RatedBy.API, is_default=True)
    with area_scope(EVERYWHERE):
        assert tallies.differences() == []
    rated(uid, 2, labels=["207"], asker=Asker(phone="13800138000"))
    with area_scope(EVERYWHERE):
        assert [(row.is_default, row.item_grade) for row in Rating.objects.all()] == [(False, 2)]
        assert tallies.differences() == []


def test_a_running_sum_that_is_wrong_is_named(place):
    place.rate(4, labels=["406"])
    order = place.bad()
    with area_scope(EVERYWHERE):
        assert tallies.differences() == []
        tallies.add(fresh(order.uid).rating)
        assert len(tallies.differences()) == 8


def test_an_order_leads_to_its_case_whoever_may_know_the_rater_and_nobody_else(place):
    case, other = decided(), decided()
    ended = {"state": "closed", "closed_at": AT, "owner_id": place.users["alice"].pk}
    with area_scope(EVERYWHERE):
        Case.objects.filter(pk__in=[case.pk, other.pk]).update(**ended)
    asked = {case: Asker(person_uid=case.person_uid), other: Asker()}
    bad = {"item_grade": 1, "labels": ["115"]}
    orders = []
    for one, asker in asked.items():
        handling = place.do("carol", lambda by, at, n=one.number: handlings.of_number(n, by=by))
        done = rate(handling, Given(**bad, asker=asker), channel=RatedBy.WEB, at=AT)
        orders.append(fresh(done.order_uid))
    named, unnamed = orders
    assert unnamed.case_sealed == ""
    assert str(case.uid) not in str(vars(named))
    seen = [
        found.number if (found := place.do(who, lambda by, at: case_of(named, by))) else ""
        for who in ("carol", "alice", "manager", "dave")
    ]
    assert seen == [case.number, "", "", ""]
