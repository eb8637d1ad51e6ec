"""Read roads from whatever file is given and make a network, with a record of the source."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from circle15.planning.network.csv_roads import read_csv_roads
from circle15.planning.network.graphml import read_graphml
from circle15.planning.network.model import Network
from circle15.planning.network.osm import read_osm
from circle15.planning.network.profiles import Scenario
from circle15.planning.network.roads import Roads, network_of
from circle15.planning.problems import PlanningRefused
from circle15.planning.tables import refused
from circle15.standards.text import Text

CSV_ENDINGS = (".csv", ".csv.gz", ".txt", ".tsv")
OSM_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
GRAPHML_ENDINGS = (".graphml", ".graphml.gz")
NOT_COUNTED = Text(
    "路口、转弯、红绿灯耽误的时间，转弯限制，路障，候船时间，停车时间，坡度",
    "time lost at crossings, in turns and at lights; turn restrictions; barriers; waiting for a "
    "ferry; parking; slopes",
)
"""What no travel time has in it."""

_READERS: tuple[tuple[tuple[str, ...], Callable[[Path, Scenario], Roads]], ...] = (
    (OSM_ENDINGS, read_osm),
    (GRAPHML_ENDINGS, read_graphml),
)


def read_network(path: Path, scenario: Scenario, nodes: Path | None = None) -> Network:
    """Read a road file, or a folder with nodes.csv and edges.csv (gzipped or not).

    `nodes`: the nodes of an edge list; without it `nodes.csv` beside it. Raises PlanningRefused.
    """
    files = _files(path, nodes)
    for each in files:
        _check(each)
    roads = _roads(files, scenario)
    source = {"files": [_about(each) for each in files], "not_counted": asdict(NOT_COUNTED)}
    network = network_of(roads, scenario, source)
    if not network.arc_count:
        raise refused(path.name, "没有任何出行方式能走的路", "has no road any mode may use")
    return network


def _files(path: Path, nodes: Path | None) -> tuple[Path, ...]:
    """Name the files to read: one, or the edges and then the nodes."""
    if path.is_dir():
        edges = _beside(path, "edges")
        return edges, nodes or _beside(path, "nodes")
    if path.name.lower().endswith(CSV_ENDINGS):
        return path, nodes or _nodes_of(path)
    return (path,)


def _nodes_of(edges: Path) -> Path:
    _check(edges)
    try:
        return _beside(edges.parent, "nodes")
    except PlanningRefused:
        zh = "作为边表还缺节点表：旁边没有 nodes.csv（或 nodes.csv.gz），也没用 --nodes 给出"
        en = "an edge list needs its nodes: give --nodes, or nodes.csv beside it"
        raise refused(edges.name, zh, en) from None


def _beside(folder: Path, name: str) -> Path:
    for ending in (".csv", ".csv.gz"):
        if (folder / f"{name}{ending}").is_file():
            return folder / f"{name}{ending}"
    raise PlanningRefused(
        [
            Text(
                f"{folder.name or '.'} 中没有 {name}.csv（或 {name}.csv.gz）",
                f"{folder.name or '.'} has no {name}.csv (or {name}.csv.gz)",
            )
        ]
    )


def _check(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise refused(path.name, "没有这个文件", "no such file") from None
    except OSError:
        raise refused(path.name, "无法读取", "can't be read") from None
    if not size:
        raise refused(path.name, "文件是空的", "is empty")


def _roads(files: tuple[Path, ...], scenario: Scenario) -> Roads:
    path = files[0]
    if len(files) > 1:
        return read_csv_roads(files[1], path, scenario)
    for endings, reader in _READERS:
        if path.name.lower().endswith(endings):
            return reader(path, scenario)
    known = "、".join((*OSM_ENDINGS, *GRAPHML_ENDINGS, ".csv"))
    raise refused(
        path.name, f"不认识的文件种类，应为 {known}", f"unknown kind of file: give {known}"
    )


def _about(path: Path) -> dict[str, object]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}
