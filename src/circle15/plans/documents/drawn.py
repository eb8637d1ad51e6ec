"""What a finished plan puts on its map: start points with minutes, sites with their fate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from circle15.plans.documents.bands import IN_TIME, Band, Key, bands_of, counted, legend
from circle15.plans.documents.supply_bands import NONE, Styles, styles_of
from circle15.plans.documents.wording import NEW_SITE, kind_name
from circle15.plans.models import Plan
from circle15.plans.states import PlanKind

KEPT, ADDED, MOVED, CLOSED, CHOSEN = "kept", "added", "moved", "closed", "chosen"
_STATES = {"add": ADDED, "move": MOVED, "close": CLOSED}


class DrawnPlace(NamedTuple):
    """A start point."""

    code: str
    name: str
    town: str
    lon: float
    lat: float
    people: float


class DrawnSite(NamedTuple):
    """A site; `state`: kept, added, moved, closed, chosen; `rank` of a chosen one, else 0."""

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    state: str
    rank: int = 0

    @property
    def kind_name(self) -> str:
        """Name its kind."""
        return kind_name(self.kind)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The map of a plan; `within`: who is, where each kind of site has its own limit.

    `styles`: what start points are coloured by where it is not minutes.
    """

    places: tuple[DrawnPlace, ...]
    minutes: tuple[float | None, ...]
    sites: tuple[DrawnSite, ...]
    limit: float = 0.0
    within: tuple[bool, ...] = ()
    styles: Styles = NONE

    @property
    def bands(self) -> tuple[Band, ...]:
        """Say in which band every start point lies."""
        return self.styles.bands or bands_of(self.minutes, self.limit, self.within)

    @property
    def covered(self) -> tuple[bool, ...]:
        """Say which start points are within reach."""
        return tuple(band in IN_TIME for band in self.bands)

    @property
    def legend(self) -> tuple[Key, ...]:
        """Count points and people of every band."""
        people = [place.people for place in self.places]
        if self.styles.labels:
            return counted(self.styles.labels, self.bands, people)
        return legend(self.bands, people, self.limit, by_kind=bool(self.within))


def drawing_of(plan: Plan) -> Drawing:
    """Put a finished plan on a map, from its own inputs and answer."""
    assert plan.result is not None
    places = places_of(plan)
    codes = [place.code for place in places]
    return Drawing(
        places=places,
        minutes=minutes_of(plan),
        sites=_sites(plan),
        limit=plan.question["minutes"],
        within=_within(plan),
        styles=styles_of(plan.kind, plan.result, codes),
    )


def _within(plan: Plan) -> tuple[bool, ...]:
    assert plan.result is not None
    by_kind = plan.result.get("reach_by_kind")
    return tuple(plan.result["covered_by_place"]) if by_kind else ()


def places_of(plan: Plan) -> tuple[DrawnPlace, ...]:
    """Give the start points a plan was asked with."""
    demand = plan.inputs["demand"]
    labels = demand["labels"]
    columns = (demand["id"], labels["name"], labels["town"])
    return tuple(map(DrawnPlace, *columns, demand["lon"], demand["lat"], demand["weight"]))


def minutes_of(plan: Plan) -> tuple[float | None, ...]:
    """Give the minutes of every start point under a plan's answer; a siting adds its sites."""
    assert plan.result is not None
    return tuple(plan.result["minutes_by_place"])


def _sites(plan: Plan) -> tuple[DrawnSite, ...]:
    kinds = plan.question.get("site_kinds", [])
    changes = {str(each["id"]): each for each in plan.question.get("changes", [])}
    table = plan.inputs["sites"]
    labels = table["labels"]
    rows = zip(table["id"], labels["name"], labels["kind"], table["lon"], table["lat"], strict=True)
    kept = [
        _changed(DrawnSite(*row, KEPT), changes.get(row[0]))
        for row in rows
        if not kinds or row[2] in kinds
    ]
    added = [
        DrawnSite(each["id"], each.get("name", ""), NEW_SITE, each["lon"], each["lat"], ADDED)
        for each in changes.values()
        if each["do"] == "add"
    ]
    return (*_chosen(plan), *added, *kept)


def _changed(site: DrawnSite, change: Mapping[str, Any] | None) -> DrawnSite:
    if change is None:
        return site
    place = {key: change[key] for key in ("lon", "lat") if key in change}
    return site._replace(state=_STATES[change["do"]], **place)


def _chosen(plan: Plan) -> list[DrawnSite]:
    """Give the sites a siting proposes, best first."""
    if plan.kind != PlanKind.SITING or plan.result is None:
        return []
    places = {place.code: place for place in places_of(plan)}
    found = [places[each["id"]] for each in plan.result["ranked"]]
    return [
        DrawnSite(place.code, place.name, NEW_SITE, place.lon, place.lat, CHOSEN, rank)
        for rank, place in enumerate(found, start=1)
    ]
