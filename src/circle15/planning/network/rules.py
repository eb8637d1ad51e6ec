"""What the tags of a road say to each mode: may it go there and back, and how fast."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from circle15.planning.network.profiles import Mode, Scenario

KMH_PER_MPH = 1.609344
FERRY = "ferry"
_SIGN = re.compile(r"(\d+(?:\.\d+)?)\s*(km/?h|kph|mph)?", re.IGNORECASE)
_CLOSED = (0.0, 0.0)

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """A kind of road: its class, and by mode the speed in km/h there and back, 0 if it may not."""

    road_class: str
    there: tuple[float, ...]
    back: tuple[float, ...]

    @property
    def is_open(self) -> bool:
        """Say whether any mode may go in either direction."""
        return any(self.there) or any(self.back)


def relevant_tags(scenario: Scenario) -> frozenset[str]:
    """Name every tag that can make a difference under this scenario."""
    tags = {"highway", "route", "maxspeed", "maxspeed:forward", "maxspeed:backward"}
    for mode in scenario.modes:
        tags.update(mode.access_tags, mode.common_tags, mode.oneway_tags)
        tags.update(mode.forbidden, mode.oneway_implied, mode.contraflow)
    return frozenset(tags)


def road_class(scenario: Scenario, tags: Tags) -> str | None:
    """Name the class of a road in the scenario's table, or None if it is not in it."""
    if tags.get("route") == FERRY:
        return FERRY if FERRY in scenario.speeds else None
    name = tags.get("highway", "")
    return name if name in scenario.speeds else None


def way(scenario: Scenario, name: str, tags: Tags) -> Way:
    """Give the speeds of every mode on a road of this class with these tags."""
    speeds = [_speeds(scenario, mode, name, tags) for mode in scenario.modes]
    return Way(name, tuple(there for there, _ in speeds), tuple(back for _, back in speeds))


def _speeds(scenario: Scenario, mode: Mode, name: str, tags: Tags) -> tuple[float, float]:
    usual = _allowed_kmh(scenario, mode, name, tags)
    if not usual:
        return _CLOSED
    there_open, back_open = _directions(scenario, mode, tags)
    in_table = name != FERRY and mode.name in scenario.speeds[name]
    share = mode.maxspeed_share if in_table else 0.0
    there = _sign(scenario, tags, "maxspeed:forward") * share or usual
    back = _sign(scenario, tags, "maxspeed:backward") * share or usual
    return (there if there_open else 0.0, back if back_open else 0.0)


def _allowed_kmh(scenario: Scenario, mode: Mode, name: str, tags: Tags) -> float:
    """Say how fast the mode usually goes here; 0 if it may not.

    The first tag of the mode's own that says something known decides; the common ones only close.
    """
    usual = scenario.speeds[name].get(mode.name, 0.0)
    for tag in mode.access_tags:
        value = _first(tags.get(tag, ""))
        if value in scenario.access["forbidden"]:
            return 0.0
        if value in scenario.access["pushing"]:
            return mode.pushing_kmh
        if value in scenario.access["allowed"]:
            return usual or mode.where_allowed_kmh
    common = {_first(tags.get(tag, "")) for tag in mode.common_tags}
    closed = not common.isdisjoint(scenario.access["forbidden"])
    return 0.0 if closed or _any(mode.forbidden, tags) else usual


def _directions(scenario: Scenario, mode: Mode, tags: Tags) -> tuple[bool, bool]:
    for tag in mode.oneway_tags:
        value = tags.get(tag, "").strip().lower()
        if value in scenario.oneway["both"]:
            return True, True
        if value in scenario.oneway["forward"]:
            return True, _any(mode.contraflow, tags)
        if value in scenario.oneway["backward"]:
            return _any(mode.contraflow, tags), True
    return True, not _any(mode.oneway_implied, tags)


def _any(wanted: Mapping[str, tuple[str, ...]], tags: Tags) -> bool:
    return any(tags.get(tag) in values for tag, values in wanted.items())


def _first(value: str) -> str:
    return value.split(";", 1)[0].strip()


def _sign(scenario: Scenario, tags: Tags, directed: str) -> float:
    """Read the speed limit of one direction in km/h, the lowest of several; 0 without one."""
    values = (tags.get(directed) or tags.get("maxspeed", "")).split(";")
    limits = [_limit(scenario, value.strip()) for value in values]
    return min((limit for limit in limits if limit), default=0.0)


def _limit(scenario: Scenario, value: str) -> float:
    known = scenario.maxspeed_words.get(value)
    match = _SIGN.fullmatch(value)
    if known is not None or match is None:
        return known or 0.0
    unit = (match[2] or "").lower()
    return float(match[1]) * (KMH_PER_MPH if unit == "mph" else 1.0)
