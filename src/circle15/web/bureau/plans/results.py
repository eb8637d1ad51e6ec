"""What came out of a plan, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.plans.documents.drawn import Drawing, DrawnPlace, places_of
from circle15.plans.queries import differences
from circle15.web.bureau.plans.shown import areas_in_order, names_of

if TYPE_CHECKING:
    from circle15.plans.models import Plan

Shown = dict[str, object]
GAPS = 50
WAITS = ("p50", "p90", "p95")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed site: how many people it adds to those before it, and how sure it is."""

    rank: int
    place: DrawnPlace
    town: str
    gained: float
    covered: float
    share: float | None
    stays: float | None


class GapRow(NamedTuple):
    """A start point out of reach."""

    name: str
    town: str
    people: float
    minutes: float | None
    nearest: str


def coverage_shown(actor: Actor, plan: "Plan", drawing: Drawing) -> Shown:
    """Give counts by area, the curve over minutes, and the gaps."""
    result = _result(plan)
    rows = differences(result, result)
    names = names_of(actor)
    sites = {site.id: site.name for site in drawing.sites}
    places = {place.code: place for place in drawing.places}
    return {
        "areas": areas_in_order(actor, rows),
        "curve": result["curve"],
        "gaps": [_gap(gap, places, sites, names) for gap in result["gaps"][:GAPS]],
        "gap_count": len(result["gaps"]),
        "groups": result["groups"],
    }


def _gap(
    gap: Mapping[str, Any],
    places: Mapping[str, DrawnPlace],
    sites: Mapping[str, str],
    names: Mapping[str, tuple[str, str]],
) -> GapRow:
    place = places[gap["id"]]
    nearest = sites.get(gap["nearest"] or "", "")
    town = names.get(place.town, (place.town, ""))[0]
    return GapRow(place.name, town, gap["people"], gap["minutes"], nearest)


def siting_shown(actor: Actor, plan: "Plan", drawing: Drawing) -> Shown:
    """Give the proposals, best first, and how far from the best the choice can be."""
    result = _result(plan)
    return {
        "proposals": proposals(plan, names_of(actor), drawing),
        "proof": proof(result),
        "gained": result["covered"] - result["covered_before"],
    }


def proposals(
    plan: "Plan", names: Mapping[str, tuple[str, str]], drawing: Drawing | None = None
) -> list[Proposal]:
    """Rank the proposed sites with the running total."""
    result = _result(plan)
    places = {place.code: place for place in (drawing.places if drawing else places_of(plan))}
    found, covered = [], result["covered_before"]
    for rank, each in enumerate(result["ranked"], start=1):
        place = places[each["id"]]
        covered += each["people_gained"]
        town = names.get(place.town, (place.town, ""))[0]
        share = covered / result["people"] if result["people"] else None
        found.append(
            Proposal(rank, place, town, each["people_gained"], covered, share, each["stays"])
        )
    return found


def proof(result: Mapping[str, Any]) -> str:
    """Say in plain words how good the choice is."""
    if result["status"] == "optimal":
        return _("已证明最优：没有别的选法比这更好。")
    return _("离最优最多差 %(gap)s：已找到 %(value)s，理论上限 %(bound)s。") % {
        "gap": f"{result['gap']:.2%}",
        "value": f"{result['value']:,.0f}",
        "bound": f"{result['bound']:,.0f}",
    }


def staffing_shown(result: Mapping[str, Any]) -> Shown:
    """Give windows by hour, the roster, the waits and the norms."""
    figures = result["figures"]
    by_hour = {row["hour"]: row for row in figures["hours"]}
    return {
        "record": result,
        "hours": [
            {**by_hour.get(row["hour"], {}), **row, "until": row["hour"] + 1}
            for row in result["windows_by_hour"]
        ],
        "hours_chart": {
            "kind": "bar",
            "categories": [f"{row['hour']}:00" for row in result["windows_by_hour"]],
            "series": [
                {"name": _("窗口"), "values": [row["windows"] for row in result["windows_by_hour"]]}
            ],
        },
        "waits": [
            (name.removeprefix("p"), figures["wait_minutes"][name]["value"])
            for name in WAITS
            if name in figures["wait_minutes"]
        ],
        "within": figures["within"]["value"],
        "assumptions": result.get("assumptions", {}),
    }


def _result(plan: "Plan") -> dict[str, Any]:
    assert plan.result is not None
    found: dict[str, Any] = plan.result
    return found
