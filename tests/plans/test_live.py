"""Coverage at a click: the same counts as a stored plan."""

from decimal import Decimal

import pytest
from tests import factories
from tests.plans import places
from tests.plans.places import COVERAGE, planner
from tests.plans.test_actions import ask, computed

from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Role
from circle15.areas.scope import area_scope
from circle15.plans.live import look
from circle15.plans.refusals import CannotPlan

pytestmark = pytest.mark.django_db


def looked(**question):
    by = planner()
    with area_scope(by.area_path):
        return look(by=by, question={**COVERAGE, **question})


def test_it_counts_as_a_plan_does() -> None:
    places.county()
    plan = computed(ask())
    found = looked()
    only_stored = {
        *("minutes_by_place", "placeholders_left_out", "incomplete_left_out"),
        *("circles", "borders_by_county", "borders_by_town"),
    }
    assert found.record == {
        key: value for key, value in plan.result.items() if key not in only_stored
    }
    assert plan.result["placeholders_left_out"] == 1
    assert found.minutes == (0, 10, 20, 50)
    assert [place.people for place in found.places] == [1000, 200, 30, 4]


def test_a_moved_site_is_counted_where_it_is_now() -> None:
    places.county()
    move = {"do": "move", "id": "QD-0001", "lon": 121.64, "lat": 31.8}
    found = looked(changes=[move])
    assert found.minutes == (20, 10, 0, 30)
    assert [(site.id, site.lon) for site in found.sites] == [("QD-0001", 121.64)]


def test_a_site_far_from_these_roads_does_no_harm_and_a_new_one_there_is_refused() -> None:
    places.county()
    factories.SiteFactory(foreign=True, lon=Decimal("120.64"), lat=Decimal("32.4"))
    assert looked().record["sites"] == 2
    with pytest.raises(CannotPlan, match="1 公里"):
        looked(changes=[{"do": "add", "id": "新1", "lon": 120.64, "lat": 32.4}])


def test_all_sites_closed_leaves_no_way() -> None:
    places.county()
    assert looked(changes=[{"do": "close", "id": "QD-0001"}]).minutes == (None,) * 4


def test_bad_questions_are_refused() -> None:
    places.county()
    with pytest.raises(CannotPlan):
        looked(mode="drive")
    clerk = planner(role=Role.CLERK)
    with area_scope(clerk.area_path), pytest.raises(NotAllowed):
        look(by=clerk, question=COVERAGE)
