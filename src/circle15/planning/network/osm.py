"""Roads from OpenStreetMap extracts (`.osm.pbf`, `.osm`, `.osm.gz`, `.osm.bz2`).

The file is read twice, ways first, so the order in it doesn't matter and only the nodes of roads
are kept. Roads are cut where they meet; bends in between stay as shapes.
"""

import re
from array import array
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import osmium

from circle15.planning.arrays import F64, I64, Mask
from circle15.planning.network.build import Nodes
from circle15.planning.network.cutting import Run, cut
from circle15.planning.network.profiles import Scenario
from circle15.planning.network.roads import KMH_S_PER_M, Roads
from circle15.planning.network.rules import FERRY, Way, relevant_tags, road_class, way
from circle15.planning.problems import PlanningRefused
from circle15.planning.tables import refused

_CLOCK = re.compile(r"(\d+):(\d{2})(?::(\d{2}))?")
_ISO = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?", re.IGNORECASE)
_SECONDS_PER_MINUTE = 60


@dataclass(slots=True)
class _Ways:
    """The roads of a file: nodes of all one after the other, `kind` of each, what was left out."""

    refs: "array[int]"
    ends: "array[int]"
    kind: "array[int]"
    ways: list[Way]
    duration_s: "array[float]"
    unknown: Counter[str]
    closed: int


def read_osm(path: Path, scenario: Scenario) -> Roads:
    """Read roads and ferries; raises PlanningRefused for a file that isn't OSM or isn't whole."""
    try:
        found = _read_ways(path, scenario)
        nodes = _read_nodes(path, np.unique(np.array(found.refs, np.int64)))
    except RuntimeError as error:
        raise _not_osm(path, str(error)) from None
    if not found.ends and found.closed:
        raise refused(path.name, "没有任何出行方式能走的路", "has no road any mode may use")
    if not found.ends:
        raise refused(path.name, "文件里没有道路", "has no roads")
    if not len(nodes.id):
        raise refused(
            path.name, "有道路，但没有它们的节点坐标", "has roads but none of their nodes"
        )
    return _roads(found, nodes)


def _read_ways(path: Path, scenario: Scenario) -> _Ways:
    found = _Ways(array("q"), array("q"), array("q"), [], array("d"), Counter(), 0)
    relevant = relevant_tags(scenario)
    known: dict[tuple[tuple[str, str], ...], int] = {}
    reader = osmium.FileProcessor(str(path), osmium.osm.WAY)
    for each in reader.with_filter(osmium.filter.KeyFilter("highway", "route")):
        assert isinstance(each, osmium.osm.Way)
        tags = {tag.k: tag.v for tag in each.tags if tag.k in relevant or tag.k == "duration"}
        if "highway" not in tags and tags["route"] != FERRY:
            continue
        name = road_class(scenario, tags)
        if name is None:
            found.unknown[tags.get("highway", FERRY)] += 1
            continue
        duration = _seconds(tags.pop("duration", "")) if name == FERRY else 0.0
        key = tuple(sorted(tags.items()))
        if key not in known:
            known[key] = len(found.ways)
            found.ways.append(way(scenario, name, tags))
        if not found.ways[known[key]].is_open:
            found.closed += 1
            continue
        found.refs.extend(node.ref for node in each.nodes)
        found.ends.append(len(found.refs))
        found.kind.append(known[key])
        found.duration_s.append(duration)
    return found


def _read_nodes(path: Path, wanted: I64) -> Nodes:
    """Read where the wanted nodes are; those that are not in the file are missing from it."""
    ids, lon, lat = array("q"), array("d"), array("d")
    reader = osmium.FileProcessor(str(path), osmium.osm.NODE)
    for node in reader.with_filter(osmium.filter.IdFilter(wanted.tolist())):
        assert isinstance(node, osmium.osm.Node)
        if node.location.valid():
            ids.append(node.id)
            lon.append(node.location.lon)
            lat.append(node.location.lat)
    order, first = np.unique(np.array(ids, np.int64), return_index=True)
    return Nodes(np.array(lon, np.float64)[first], np.array(lat, np.float64)[first], order)


def _roads(found: _Ways, nodes: Nodes) -> Roads:
    refs, ends = np.array(found.refs, np.int64), np.array(found.ends, np.int64)
    line = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    place = np.minimum(np.searchsorted(nodes.id, refs), len(nodes.id) - 1)
    there = nodes.id[place] == refs
    pieces = cut(Run(place[there], _runs(line, there)[there]), nodes)
    owner = line[there][pieces.start]
    ways, kind = _timed_ferries(found, owner, pieces.length_m, line[~there])
    used, number = np.unique(np.concatenate((pieces.tail, pieces.head)), return_inverse=True)
    return Roads(
        nodes=Nodes(nodes.lon[used], nodes.lat[used], nodes.id[used]),
        tail=number[: len(pieces.tail)],
        head=number[len(pieces.tail) :],
        length_m=pieces.length_m,
        kind=kind,
        ways=ways,
        left_out={
            "unknown_class": dict(sorted(found.unknown.items())),
            "closed_ways": found.closed,
            "missing_nodes": len(np.unique(refs[~there])),
            "ways_cut": len(np.unique(line[~there])),
        },
        by_direction=False,
        shapes=pieces.shapes,
    )


def _runs(line: I64, there: Mask) -> I64:
    """Give a number to each stretch of a way between missing nodes."""
    breaks = np.cumsum(~there)
    return np.unique(np.column_stack((line, breaks)), axis=0, return_inverse=True)[1]


def _timed_ferries(
    found: _Ways, owner: I64, length_m: F64, cut_lines: I64
) -> tuple[list[Way], I64]:
    """Give ferries with a known duration, and none of their nodes missing, the speed it means."""
    ways, kind = list(found.ways), np.array(found.kind, np.int64)
    whole_m = np.bincount(owner, length_m, minlength=len(kind))
    for number in np.flatnonzero(found.duration_s).tolist():
        if number in cut_lines or not whole_m[number]:
            continue
        kmh = float(whole_m[number]) * KMH_S_PER_M / found.duration_s[number]
        ways.append(_at_speed(ways[kind[number]], kmh))
        kind[number] = len(ways) - 1
    return ways, kind[owner]


def _at_speed(ferry: Way, kmh: float) -> Way:
    there = tuple(kmh if speed else 0.0 for speed in ferry.there)
    return replace(ferry, there=there, back=tuple(kmh if speed else 0.0 for speed in ferry.back))


def _seconds(duration: str) -> float:
    """Read 0:25, 1:05:30, PT25M or 25 (minutes); 0 for anything else."""
    if duration.isdecimal():
        return float(duration) * _SECONDS_PER_MINUTE
    if clock := _CLOCK.fullmatch(duration):
        hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        return (hours * 60 + minutes) * _SECONDS_PER_MINUTE + seconds
    if iso := _ISO.fullmatch(duration):
        hours, minutes = (float(part or 0) for part in iso.groups())
        return (hours * 60 + minutes) * _SECONDS_PER_MINUTE
    return 0.0


def _not_osm(path: Path, reason: str) -> PlanningRefused:
    return refused(
        path.name,
        f"不是完整的 OSM 文件（{reason}）",
        f"is no OSM file, or it was cut short ({reason})",
    )
