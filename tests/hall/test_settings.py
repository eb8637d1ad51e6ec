"""The rules of a hall: set up, changed within limits, told to the trail."""

from datetime import time

import pytest
from tests import factories
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import settings
from circle15.hall.actions.settings import Peak
from circle15.hall.models import ElderPeak, Hall, Lane, WindowSkill
from circle15.hall.refusals import UnusableSetting

CODE = {"site_code": "QD-0001", "at": AT}


def events() -> list[str]:
    with area_scope(EVERYWHERE):
        rows = Event.objects.filter(target_kind="hall").order_by("id")
        return list(rows.values_list("verb", flat=True))


def test_a_hall_is_set_up_once_with_three_lanes(place):
    site = factories.SiteFactory(other=True)
    carol = factories.actor_for(factories.carol())
    with area_scope(carol.area_path):
        for _ in range(2):
            hall = settings.set_up_hall(site_code=site.code, by=carol, at=AT)
        lanes = list(hall.lanes.order_by("position").values_list("code", "kind"))
    assert lanes == [("A", "ordinary"), ("G", "green"), ("Y", "booked")]
    assert (hall.area_path, events()) == (site.area_path, ["hall.set_up"])


def test_rules_change_within_their_limits(place):
    rules = {"call_limit": 2, "green_ratio": 3, "longest_wait_min": 20, "takes_tickets": False}
    with area_scope(place.manager.area_path):
        settings.change(rules=rules, by=place.manager, **CODE)
        kept = Hall.objects.values(*rules).get()
        event = Event.objects.get(verb="hall.change")
    assert (kept, event.new) == (rules, rules)
    assert event.old["call_limit"] == 3


@pytest.mark.parametrize(
    "rules",
    [
        {"call_limit": 0},
        {"call_limit": 10},
        {"green_ratio": True},
        {"longest_wait_min": 241},
        {"takes_tickets": 1},
        {"last_event": 0},
    ],
)
def test_rules_outside_their_limits_are_refused(place, rules):
    with area_scope(EVERYWHERE), pytest.raises(UnusableSetting):
        settings.change(rules=rules, by=place.manager, **CODE)
    assert events() == []


def test_peak_hours_are_replaced(place):
    peaks = (
        Peak(2, time(8), time(10)),
        Peak(1, time(8, 30), time(10)),
        Peak(1, time(14), time(15)),
    )
    with area_scope(EVERYWHERE):
        settings.set_elder_peaks(peaks=peaks[:1], by=place.manager, **CODE)
        settings.set_elder_peaks(peaks=peaks, by=place.manager, **CODE)
        rows = list(ElderPeak.objects.order_by("weekday", "opens").values_list("weekday", "opens"))
        event = Event.objects.filter(verb="hall.elder_peaks").order_by("-id").first()
    assert rows == [(1, time(8, 30)), (1, time(14)), (2, time(8))]
    assert event.old == {"peaks": ["2 08:00-10:00"]}
    assert event.new["peaks"][0] == "1 08:30-10:00"


@pytest.mark.parametrize(
    "peaks",
    [
        (Peak(0, time(8), time(9)),),
        (Peak(8, time(8), time(9)),),
        (Peak(1, time(9), time(9)),),
        (Peak(1, time(8), time(10)), Peak(1, time(9), time(11))),
    ],
)
def test_impossible_peak_hours_are_refused(place, peaks):
    with area_scope(EVERYWHERE), pytest.raises(UnusableSetting):
        settings.set_elder_peaks(peaks=peaks, by=place.manager, **CODE)


def test_a_lane_is_added_and_renamed_but_stays_of_its_kind(place):
    words = {"by": place.manager, "position": 4, **CODE}
    with area_scope(EVERYWHERE):
        settings.set_lane(code="b", name="慢特病", kind="ordinary", **words)
        settings.set_lane(code="B", name="慢特病专办", kind="ordinary", **words)
        assert Lane.objects.get(code="B").name == "慢特病专办"
        event = Event.objects.filter(verb="hall.lane").order_by("-id").first()
        for wrong in (
            {"code": "B", "name": "慢", "kind": "green"},
            {"code": "C", "name": "慢", "kind": "quick"},
            {"code": "C", "name": " ", "kind": "ordinary"},
            {"code": "ABC", "name": "慢", "kind": "ordinary"},
            {"code": "号", "name": "慢", "kind": "ordinary"},
        ):
            with pytest.raises(UnusableSetting):
                settings.set_lane(**wrong, **words)
    assert (event.old["name"], event.new["name"]) == ("慢特病", "慢特病专办")
    assert place.take("B").label == "B001"


def test_skills_name_lanes_and_items_that_exist(place):
    words = {"window_id": place.numbers[0], "by": place.manager, "at": AT}
    with area_scope(EVERYWHERE):
        settings.set_skills(lanes=("A", "A"), items=("certificate",), **words)
        assert WindowSkill.objects.count() == 2
        for wrong in ({"lanes": ("Q",), "items": ()}, {"lanes": (), "items": ("nonsense",)}):
            with pytest.raises(UnusableSetting):
                settings.set_skills(**wrong, **words)
    assert events() == ["hall.skills"]


def test_who_manages_no_hall_changes_none(place):
    with area_scope(EVERYWHERE):
        for act in (
            lambda by: settings.change(rules={"call_limit": 2}, by=by, **CODE),
            lambda by: settings.set_elder_peaks(peaks=(), by=by, **CODE),
            lambda by: settings.set_up_hall(by=by, **CODE),
        ):
            with pytest.raises(NotAllowed):
                act(place.alice)
        stranger = factories.actor_for(factories.staff("x", "site_manager", area=_foreign()))
        with pytest.raises(NotFound):
            settings.change(rules={"call_limit": 2}, by=stranger, **CODE)


def _foreign():
    return factories.SiteFactory(foreign=True)
