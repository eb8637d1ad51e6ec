"""Plans of a place, and the roads they are made on."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from tests import factories
from tests.plans.places import road

from circle15.plans.files import keep_network
from circle15.plans.models import Plan, RoadNetwork

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

AT = factories.AT
ON = date(2026, 3, 1)
PLAN_RESULT: dict[str, object] = {
    "mode": "ebike",
    "minutes": 15,
    "direction": "to_site",
    "start_points": 1,
    "sites": 1,
    "people": 10,
    "covered": 10,
    "share": 1.0,
    "groups": {},
    "travel_min": None,
    "unreached": 0,
    "curve": [],
    "by": {},
    "gaps": [],
    "warnings": [],
    "minutes_by_place": [5.0],
}


def roads(city: "Place") -> RoadNetwork:
    city.arguments["digest"] = keep_network(road())[0]
    return RoadNetwork.objects.create(
        division=city.division,
        name="路网",
        digest=city.arguments["digest"],
        size=1,
        node_count=11,
        arc_count=20,
        modes=["ebike"],
        source={},
        added_at=AT,
        added_by="test",
    )


def plans(place: "Place", network: RoadNetwork) -> None:
    """Write a finished plan and one that waits."""
    for number, state in ((2, "done"), (3, "waiting")):
        uid = UUID(f"ca9a{place.number:04}-0000-4000-8000-00000000000{number}")
        is_done = state == "done"
        Plan.objects.create(
            uid=uid,
            title=place.says("plan"),
            kind="coverage",
            state=state,
            network=network,
            question={"mode": "ebike", "minutes": 15},
            inputs=_plan_inputs(place),
            inputs_digest="1" * 64,
            result=PLAN_RESULT if is_done else None,
            result_digest="2" * 64 if is_done else "",
            area_path=place.path,
            asked_at=AT,
            asked_by=place.says("asker"),
        )
        place.arguments["plan_uid" if is_done else "waiting_uid"] = uid


def _plan_inputs(place: "Place") -> dict[str, object]:
    point = {"lon": [121.6], "lat": [31.8]}
    village = {"name": [place.says("village")], "town": [""], "county": [""]}
    return {
        "demand": {"id": ["v1"], **point, "weight": [10.0], "groups": {}, "labels": village},
        "sites": {
            "id": ["s1"],
            **point,
            "labels": {"name": ["s"], "kind": ["town_centre"], "town": [""], "path": [""]},
        },
        "left_out": [0, 0],
    }
