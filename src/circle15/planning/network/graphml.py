"""Roads from GraphML as OSMnx writes it (`.graphml`, `.graphml.gz`), drive or walk graphs.

In a directed graph each edge is one direction; who walks may go back on it too.
"""

import ast
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET  # expat expands no external entities and bounds the rest

import numpy as np
import shapely

from circle15.planning.arrays import F64, I64
from circle15.planning.network.build import Nodes
from circle15.planning.network.model import Shapes
from circle15.planning.network.profiles import Scenario
from circle15.planning.network.projection import metres
from circle15.planning.network.roads import Roads
from circle15.planning.network.rules import Way, relevant_tags, road_class, way
from circle15.planning.tables import read_bytes, refused

_SPACE = "{http://graphml.graphdrawing.org/xmlns}"
_MOST_LON, _MOST_LAT = 180.0, 89.0
_WGS84 = {"", "epsg:4326", "wgs84"}


@dataclass(slots=True)
class _Graph:
    """Nodes and edges with their attributes, as text."""

    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    is_directed: bool = True


def read_graphml(path: Path, scenario: Scenario) -> Roads:
    """Read the roads; raises PlanningRefused for a file that isn't GraphML with coordinates."""
    try:
        graph = _parsed(read_bytes(path))
    except ET.ParseError as error:
        raise refused(
            path.name, f"不是完整的 GraphML 文件（{error}）", f"is no whole GraphML file ({error})"
        ) from None
    if not graph.nodes or not graph.edges:
        raise refused(path.name, "文件里没有道路", "has no roads")
    nodes = _nodes(path.name, graph)
    place = {name: number for number, name in enumerate(graph.nodes)}
    try:
        tail = np.array([place[u] for u, _, _ in graph.edges], np.int64)
        head = np.array([place[v] for _, v, _ in graph.edges], np.int64)
    except KeyError as error:
        raise refused(
            path.name,
            f"边引用了没有的节点 {error}",
            f"an edge names node {error}, which isn't there",
        ) from None
    lines = [_bends(attributes.get("geometry", "")) for _, _, attributes in graph.edges]
    shapes = _shapes(lines)
    ways, kind, unknown = _kinds(graph, scenario)
    return Roads(
        nodes=nodes,
        tail=tail,
        head=head,
        length_m=_lengths(graph, nodes, tail, head, lines),
        kind=kind,
        ways=ways,
        left_out={"unknown_class": unknown},
        by_direction=graph.is_directed,
        shapes=shapes,
    )


def _parsed(content: bytes) -> _Graph:
    graph, names = _Graph(), {}
    for element in _elements(content):
        tag = element.tag.removeprefix(_SPACE)
        if tag == "key":
            names[element.get("id", "")] = element.get("attr.name", "")
        elif tag == "node":
            graph.nodes[element.get("id", "")] = _attributes(element, names)
        elif tag == "edge":
            ends = element.get("source", ""), element.get("target", "")
            graph.edges.append((*ends, _attributes(element, names)))
        elif tag == "graph":
            graph.about = _attributes(element, names)
            graph.is_directed = element.get("edgedefault") != "undirected"
        if tag in {"node", "edge"}:
            element.clear()
    return graph


def _elements(content: bytes) -> Iterator[ET.Element]:
    reader = ET.iterparse(io.BytesIO(content), events=("end",))  # noqa: S314 -- see the import
    return (element for _, element in reader)


def _attributes(element: ET.Element, names: Mapping[str, str]) -> dict[str, str]:
    return {
        names.get(each.get("key", ""), ""): (each.text or "").strip()
        for each in element
        if each.tag.removeprefix(_SPACE) == "data"
    }


def _nodes(name: str, graph: _Graph) -> Nodes:
    try:
        lon = np.array([float(each["x"]) for each in graph.nodes.values()])
        lat = np.array([float(each["y"]) for each in graph.nodes.values()])
    except (KeyError, ValueError):
        raise refused(name, "节点缺少坐标 x、y", "nodes without coordinates x, y") from None
    fits = (np.abs(lon) <= _MOST_LON).all() and (np.abs(lat) <= _MOST_LAT).all()
    if graph.about.get("crs", "").lower() not in _WGS84 or not fits:
        raise refused(
            name, "坐标不是经纬度（应为 EPSG:4326）", "coordinates are not degrees (EPSG:4326)"
        )
    return Nodes(lon, lat, _ids(graph))


def _ids(graph: _Graph) -> I64:
    """Keep ids that are whole numbers; others become 0, 1, 2 … in the order of the file."""
    try:
        ids = np.array([int(name) for name in graph.nodes], np.int64)
    except (ValueError, OverflowError):
        return np.arange(len(graph.nodes))
    return ids if len(np.unique(ids)) == len(ids) else np.arange(len(ids))


def _bends(geometry: str) -> F64:
    """Read the points of a WKT line without its two ends; none of anything else."""
    line = shapely.from_wkt(geometry, on_invalid="ignore") if geometry else None
    if not isinstance(line, shapely.LineString):
        return np.zeros((0, 2))
    return shapely.get_coordinates(line)[1:-1]


def _shapes(lines: list[F64]) -> Shapes:
    first = np.zeros(len(lines) + 1, np.uint32)
    np.cumsum([len(line) for line in lines], out=first[1:])
    points = np.concatenate(lines)
    return Shapes(first, points[:, 0].copy(), points[:, 1].copy())


def _lengths(graph: _Graph, nodes: Nodes, tail: I64, head: I64, lines: list[F64]) -> F64:
    """Take the length the file gives, or measure the line where it gives none."""
    lengths = np.empty(len(tail))
    for row, (_, _, attributes) in enumerate(graph.edges):
        try:
            lengths[row] = float(attributes["length"])
        except (KeyError, ValueError):
            lengths[row] = np.nan
    for row in np.flatnonzero(~(lengths >= 0) | ~np.isfinite(lengths)).tolist():
        u, v = tail[row], head[row]
        lon = np.concatenate(([nodes.lon[u]], lines[row][:, 0], [nodes.lon[v]]))
        lat = np.concatenate(([nodes.lat[u]], lines[row][:, 1], [nodes.lat[v]]))
        lengths[row] = metres(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
    return lengths


def _kinds(graph: _Graph, scenario: Scenario) -> tuple[list[Way], I64, dict[str, int]]:
    relevant = (
        relevant_tags(scenario) - {"oneway"} if graph.is_directed else relevant_tags(scenario)
    )
    known: dict[tuple[tuple[str, str], ...], int] = {}
    ways: list[Way] = []
    unknown: dict[str, int] = {}
    kind = np.empty(len(graph.edges), np.int64)
    for row, (_, _, attributes) in enumerate(graph.edges):
        tags = {tag: _plain(attributes[tag]) for tag in relevant if attributes.get(tag)}
        tags["highway"] = tags.get("highway", "").split(";")[0]
        name = road_class(scenario, tags)
        if name is None and tags["highway"]:
            unknown[tags["highway"]] = unknown.get(tags["highway"], 0) + 1
        key = tuple(sorted(tags.items()))
        if key not in known:
            known[key] = len(ways)
            directed = {**tags, "oneway": "yes"} if graph.is_directed else tags
            ways.append(way(scenario, name or scenario.unknown_class, directed))
        kind[row] = known[key]
    return ways, kind, dict(sorted(unknown.items()))


def _plain(value: str) -> str:
    """Write OSMnx's lists (`['40', '60']`, from joined roads) as OSM does: 40;60."""
    if not value.startswith("["):
        return {"True": "yes", "False": "no"}.get(value, value)
    try:
        several = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return value
    return ";".join(str(each) for each in several)
