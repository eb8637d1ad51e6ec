"""What came out of a plan in rows with names: areas, gaps, proposals and how good they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from circle15.areas.queries import divisions_under
from circle15.areas.states import Level
from circle15.plans.documents.drawn import Drawing, DrawnPlace
from circle15.plans.models import Plan
from circle15.plans.queries import Difference

Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A county or town under two answers."""

    code: str
    name: str
    level: str
    difference: Difference


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
    cost: float | None = None


class GapRow(NamedTuple):
    """A start point out of reach."""

    name: str
    town: str
    people: float
    minutes: float | None
    nearest: str


def result_of(plan: Plan) -> dict[str, Any]:
    """Give the answer of a finished plan."""
    assert plan.result is not None
    found: dict[str, Any] = plan.result
    return found


def site_names(plan: Plan) -> dict[str, str]:
    """Give the names of the sites, as they were when asked, by code."""
    sites = plan.inputs["sites"]
    return dict(zip(sites["id"], sites["labels"]["name"], strict=True))


def left_out_of(plan: Plan) -> tuple[int, int]:
    """Count placeholders and villages without people or point, as they were when asked."""
    placeholders, incomplete = plan.inputs["left_out"]
    return placeholders, incomplete


def names_of(area_path: str) -> dict[str, tuple[str, str]]:
    """Give name and level of counties and towns by code."""
    rows = divisions_under(area_path, levels=(Level.COUNTY, Level.TOWN))
    return {code: (name, level) for code, name, level in rows.values_list("code", "name", "level")}


def areas_in_order(area_path: str, rows: Iterable[Difference]) -> list[AreaRow]:
    """Name counties and towns; a county that is the whole needs no line of its own."""
    known = names_of(area_path)
    found = [AreaRow(row.label, *known.get(row.label, ("", "")), row) for row in rows if row.label]
    counties = [row for row in found if row.level == Level.COUNTY]
    towns = [row for row in found if row.level == Level.TOWN]
    return (counties if len(counties) > 1 else []) + towns


def most_changed_first(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """Put the areas first in which most people gain or lose."""
    return sorted(rows, key=lambda row: (-abs(row.difference.gained), row.code))


def gap_rows(plan: Plan, drawing: Drawing, names: Names) -> list[GapRow]:
    """Give the start points out of reach, as the engine ordered them."""
    sites = {site.id: site.name for site in drawing.sites}
    places = {place.code: place for place in drawing.places}
    return [_gap(gap, places[gap["id"]], sites, names) for gap in result_of(plan)["gaps"]]


def _gap(
    gap: Mapping[str, Any], place: DrawnPlace, sites: Mapping[str, str], names: Names
) -> GapRow:
    nearest = sites.get(gap["nearest"] or "", "")
    return GapRow(place.name, town_of(place, names), gap["people"], gap["minutes"], nearest)


def town_of(place: DrawnPlace, names: Names) -> str:
    """Name the town of a start point."""
    return names.get(place.town, (place.town, ""))[0]


def proposals(plan: Plan, drawing: Drawing, names: Names) -> list[Proposal]:
    """Rank the proposed sites with the running total."""
    result = result_of(plan)
    places = {place.code: place for place in drawing.places}
    costs = result.get("cost_by_site", {})
    found, covered = [], result["covered_before"]
    for rank, each in enumerate(result["ranked"], start=1):
        place = places[each["id"]]
        covered += each["people_gained"]
        share = covered / result["people"] if result["people"] else None
        town = town_of(place, names)
        found.append(
            Proposal(
                *(rank, place, town, each["people_gained"], covered, share, each["stays"]),
                cost=costs.get(each["id"]),
            )
        )
    return found


def siting_facts(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what the choice costs and whom its sites can serve, where that was asked."""
    found = []
    if "spent" in result:
        found.append((_("费用合计（万元）"), f"{result['spent']:,g}"))
    if "served" in result:
        words = _("%(before)s 人 → %(after)s 人") % {
            "before": f"{result['served_before']:,.0f}",
            "after": f"{result['served']:,.0f}",
        }
        found.append((_("网点容量之内能服务"), words))
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
