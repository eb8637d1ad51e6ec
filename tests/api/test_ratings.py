"""Ratings come in by the API once, figures go out, orders of 12345 go both ways."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.api.callers import Program, program_of
from tests.ratings.conftest import Place, place, town  # noqa: F401 -- fixtures

from circle15.accounts.api_tokens import make_token
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ratings import handlings
from circle15.ratings.rating import Given, rate
from circle15.ratings.states import RatedBy
from circle15.standards.ratings import rating_rules

pytestmark = pytest.mark.django_db


def test_a_rating_comes_in_once_and_a_bad_one_is_an_order(place: Place):  # noqa: F811 -- a fixture
    bob = program_of(place.users["bob"])
    visit = str(place.visit(at=timezone.now()))
    sent = {"ticket_uid": visit, "grade": 1, "labels": ["115"], "channel": "hotline"}
    done = bob.post("/ratings", sent)
    assert done.json()["is_bad"] is True
    assert bob.post("/ratings", sent).json()["code"] == "already_rated"
    assert bob.post("/ratings", {"case_number": "1", "grade": 5}).status_code == 404
    dave = program_of(place.users["dave"])
    other = {"ticket_uid": str(place.visit(at=timezone.now())), "grade": 5}
    assert dave.post("/ratings", other).status_code == 404
    why = bob.post("/ratings", {**other, "grade": 2})
    assert (why.status_code, why.json()["code"]) == (422, "needs_why")
    carol = program_of(place.users["carol"])
    order = carol.get(f"/orders/{done.json()['order_uid']}").json()
    assert (order["kind"], order["state"]) == ("bad_rating", "assigned")


def test_figures_without_ratings_have_no_value(place: Place):  # noqa: F811 -- a fixture
    rates = program_of(place.users["carol"]).get("/ratings/figures").json()["rates"]
    assert {(rate["value"], rate["whole"]) for rate in rates} == {(None, 0)}


def test_figures_hide_a_sum_that_tells_of_its_few_parts(place: Place):  # noqa: F811 -- a fixture
    at = timezone.now() - timedelta(days=2)
    for channel in (RatedBy.PHONE, RatedBy.KIOSK):
        for _each in range(rating_rules().small_cell - 1):
            rate(handlings.of_ticket(place.visit(at=at)), Given(5), channel=channel, at=at)
    carol = program_of(place.users["carol"])
    few = {one["key"]: one for one in carol.get("/ratings/figures").json()["rates"]}
    rate(handlings.of_ticket(place.visit(at=at)), Given(5), channel=RatedBy.PHONE, at=at)
    rate(handlings.of_ticket(place.visit(at=at)), Given(5), channel=RatedBy.KIOSK, at=at)
    enough = {one["key"]: one for one in carol.get("/ratings/figures").json()["rates"]}
    assert (few["good"]["hidden"], few["good"]["part"]) == (True, None)
    assert (enough["good"]["hidden"], enough["good"]["part"]) == (False, 10)


def test_an_order_of_the_city_line_goes_in_and_its_state_out(place: Place):  # noqa: F811 -- a fixture
    carol = program_of(place.users["carol"])
    sent = {"kind": "complaint", "site_code": "QD-0001", "text": "停车难", "external_number": "N7"}
    first, again = carol.post("/orders", sent).json(), carol.post("/orders", sent).json()
    assert first["uid"] == again["uid"]
    assert carol.get(f"/orders/{first['uid']}").json()["external_number"] == "N7"
    dave = program_of(place.users["dave"])
    assert dave.get(f"/orders/{first['uid']}").status_code == 404


def test_a_token_for_ratings_opens_nothing_else(place: Place):  # noqa: F811 -- a fixture
    at, by = timezone.now(), place.actors["carol"]
    wish = {"name": "12345", "good_for": timedelta(days=1), "by": by, "at": at}
    with area_scope(EVERYWHERE):
        tokens = {each: make_token(**wish, scope=each).text for each in ("ratings", "hall")}
    ratings, hall = Program(tokens["ratings"]), Program(tokens["hall"])
    paths = ("/ratings/figures", "/cases", "/halls")
    assert [ratings.get(path).status_code for path in paths] == [200, 403, 403]
    assert hall.get("/ratings/figures").status_code == 403
