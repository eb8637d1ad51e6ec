"""What each kind of plan answers, on a road where every figure can be counted by hand."""

from datetime import date

import pytest
from tests.plans import places
from tests.plans.places import COUNTY_PATH, COVERAGE, SITING
from tests.plans.test_actions import ask, computed

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.plans.refusals import CannotPlan
from circle15.plans.register import inputs_for
from circle15.plans.states import PlanState
from circle15.sites.models import Site, Window

pytestmark = pytest.mark.django_db
SUPPLY = {"mode": "ebike", "minutes": 15, "site_kinds": [], "supply": "by_kind"}
TOWN_CENTRE = {"by_kind": {"town_centre": 12}}
VILLAGES = [f"32068110000{number}" for number in (1, 2, 3, 4)]


def answer(kind: str, question: dict) -> dict:
    plan = computed(ask(question, kind))
    assert plan.state == PlanState.DONE, plan.problems
    return plan.result


def refusals(kind: str, question: dict) -> set[str]:
    with pytest.raises(CannotPlan) as refused:
        ask(question, kind)
    return set(str(refused.value).split("\n"))


# Coverage: circles, borders


def test_a_coverage_says_what_circles_would_get_wrong() -> None:
    places.county()
    circles = answer("coverage", COVERAGE)["circles"]
    assert circles == {
        "speed_kmh": 11.3,
        "radius_m": 2825,
        "by_circle": 1200,
        "by_road": 1200,
        "counted_in": 0,
        "left_out": 0,
        "share_counted_in": 0,
        "share_left_out": 0,
    }


def test_a_town_without_a_site_of_its_own_lives_on_its_neighbours() -> None:
    places.county()
    with area_scope(EVERYWHERE):
        Site.objects.all().delete()
    places.hall(2)
    result = answer("coverage", COVERAGE)
    (county,) = result["borders_by_county"]["areas"]
    (town,) = result["borders_by_town"]["areas"]
    assert (county["own_sites"], county["by_own"], county["thanks_to_neighbours"]) == (1, 1230, 0)
    assert (town["own_sites"], town["by_own"], town["thanks_to_neighbours"]) == (0, 0, 1230)


def test_a_planned_site_belongs_to_the_town_it_would_stand_in() -> None:
    places.county()
    added = {"do": "add", "id": "新1", "name": "新", "lon": 121.7, "lat": 31.8}
    (town,) = answer("coverage", {**COVERAGE, "changes": [added]})["borders_by_town"]["areas"]
    assert (town["own_sites"], town["by_own"]) == (2, 1204)


# Siting: money, capacity, reach by kind


def test_a_budget_buys_what_covers_most() -> None:
    places.county()
    asked = {**SITING, "minutes": 5, "budget": 100, "cost": 60, "costs": {VILLAGES[3]: 40}}
    del asked["count"]
    result = answer("siting", asked)
    assert result["cost_by_site"] == {VILLAGES[1]: 60, VILLAGES[3]: 40}
    assert (result["spent"], result["covered"], result["status"]) == (100, 1204, "optimal")


def test_the_cheapest_cover_is_not_the_smallest() -> None:
    places.county()
    costs = {VILLAGES[1]: 10, VILLAGES[2]: 10, VILLAGES[3]: 10}
    asked = {**SITING, "objective": "lscp", "cover": 1, "by_cost": True, "cost": 99, "costs": costs}
    del asked["count"]
    result = answer("siting", asked)
    assert (result["value"], result["spent"], result["share"]) == (20, 20, 1)


def test_each_kind_has_its_own_reach() -> None:
    places.county()
    reach = {"town_centre": 5}
    asked = {**SITING, "new_kind": "village_point", "reach": {**reach, "village_point": 10}}
    result = answer("siting", asked)
    assert (result["covered_before"], result["chosen"]) == (1000, [VILLAGES[1]])
    assert result["covered_by_place"] == [True, True, True, False]
    assert result["minutes_by_place"] == [0, 0, 10, 40]
    assert result["reach_by_kind"] == {"town_centre": 5, "village_point": 10}
    assert [row["covered"] for row in result["by"]["town"]] == [1230]


def test_capacities_leave_people_over() -> None:
    places.county()
    room = {"town_centre": 600}
    result = answer("siting", {**SITING, "capacity": room})
    assert (result["served_before"], result["served"]) == (600, 1200)
    assert result["chosen"] in ([VILLAGES[0]], [VILLAGES[1]])
    assert (result["covered"], result["capacity_by_kind"]) in ((1200, room), (1230, room))


def test_all_that_is_wrong_with_a_siting_is_said_at_once() -> None:
    places.county()
    places.hall(4)
    asked = {
        **SITING,
        "objective": "p-median",
        "site_kinds": ["county_hall"],
        "budget": 5,
        "forced": ["999"],
        "reach": {"pharmacy": 10},
        "capacity": {"town_centre": 10},
    }
    assert refusals("siting", asked) == {
        "“999”不在备选点中",
        "填了“医保便民药店”的时限或人数，但没有计入这类网点",
        "请填写每个新网点的费用",
        "限定每处能服务多少人，目前只能用于“网点数或预算一定，让最多的人在时限内到达”",
        "还没有填“县级医保大厅”每处能服务多少人",
    }


# Access, capacity, referral


def test_access_shares_the_supply_among_the_people_within_reach() -> None:
    places.county()
    result = answer("access", {**SUPPLY, **TOWN_CENTRE, "decay": "flat"})
    assert [row["rate"] for row in result["points"]] == [100, 100, 0, 0]
    assert (result["without"], result["mean"], result["supply"]["total"]) == (34, 97.244733, 12)
    assert result["minutes_by_place"] == [0, 10, 20, 50]


def test_access_by_zones_weighs_the_near_ones_more() -> None:
    places.county()
    rates = [row["rate"] for row in answer("access", {**SUPPLY, **TOWN_CENTRE})["points"]]
    shared = 12 / (1000 + 0.68 * 200) * 10_000
    assert rates == [round(shared, 6), round(0.68 * shared, 6), 0, 0]


def test_windows_and_staff_come_from_the_register() -> None:
    places.county()
    with area_scope(EVERYWHERE):
        site = Site.objects.get()
        for number in (1, 2, 3):
            Window.objects.create(site=site, number=number, name=f"{number}号")
    sites = inputs_for(COUNTY_PATH, served_on=date(2026, 3, 1)).sites
    assert (sites.labels["windows"], sites.labels["staff"]) == (("3",), ("0",))
    result = answer("access", {**SUPPLY, "supply": "windows", "decay": "flat"})
    assert (result["points"][0]["rate"], result["supply"]) == (25, {"of": "windows", "total": 3})
    assert refusals("access", {**SUPPLY, "supply": "staff"}) == {
        "这些网点都没有登记窗口或人员，请改为按类型填写"
    }


def test_capacity_fills_the_nearest_first_and_lists_who_is_left() -> None:
    places.county()
    result = answer("capacity", {**SUPPLY, "by_kind": {"town_centre": 1100}})
    assert (result["served"], result["left_over"], result["out_of_reach"]) == (1100, 100, 34)
    assert [(row["id"], row["people"]) for row in result["left"]] == [
        (VILLAGES[1], 100),
        (VILLAGES[2], 30),
        (VILLAGES[3], 4),
    ]
    (site,) = result["sites_in_order"]
    assert (site["within_reach"], site["served"], site["spare"]) == (1200, 1100, 0)


def test_capacity_by_windows_needs_to_know_what_one_can_do() -> None:
    places.county()
    with area_scope(EVERYWHERE):
        Window.objects.create(site=Site.objects.get(), number=1, name="一号")
    asked = {**SUPPLY, "supply": "windows"}
    assert refusals("capacity", asked) == {"请填写每个窗口（每人）能服务多少居民"}
    assert answer("capacity", {**asked, "each": 700})["served"] == 700


# Clauses: W-53
def test_a_case_goes_up_level_by_level() -> None:
    places.county()
    hall = places.hall(4)
    asked = {"mode": "ebike", "minutes": 30, "levels": ["town_centre", "county_hall"]}
    result = answer("referral", {**asked, "site_kinds": asked["levels"]})
    assert [chain["minutes"] for chain in result["chains"]] == [20, 30, 40, None]
    assert (result["people_complete"], result["complete"]) == (1230, 3)
    assert result["received"][1]["sites"] == [{"id": hall.code, "people": 1230}]


def test_levels_must_be_there_and_differ() -> None:
    places.county()
    asked = {"mode": "ebike", "minutes": 30, "levels": ["town_centre", "town_centre"]}
    assert refusals("referral", asked) == {"至少两级，各级不能相同"}
    assert refusals("referral", {**asked, "levels": ["town_centre", "pharmacy"]}) == {
        "没有“医保便民药店”"
    }
