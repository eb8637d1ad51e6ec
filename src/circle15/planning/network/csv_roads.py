"""Roads from two CSV files: nodes `id,lon,lat` and edges `u,v,length_m` with what else is known.

Edges may have `highway`, `maxspeed_kmh`, `time_s` (by car), `oneway` and any OSM tag as a column.
With a column `oneway` a row is both directions unless it says otherwise; without one, each row is
one direction. Lengths may also come as `d`, tenths of a metre (DIMACS).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.network.build import Nodes
from circle15.planning.network.profiles import Scenario
from circle15.planning.network.roads import Roads
from circle15.planning.network.rules import Way, road_class, way
from circle15.planning.problems import refuse_if_any
from circle15.planning.tables import Table, read_table, shortened

_DM_PER_M = 10.0
_MOST_LON, _MOST_LAT = 180.0, 89.0
_NOT_TAGS = {"u", "v", "length_m", "d", "t", "time_s", "maxspeed_kmh"}


def read_csv_roads(nodes_path: Path, edges_path: Path, scenario: Scenario) -> Roads:
    """Read both files; raises PlanningRefused with everything that is wrong in them."""
    node_table, edge_table = read_table(nodes_path), read_table(edges_path)
    nodes = _nodes(node_table)
    has_length = "d" in edge_table.columns or edge_table.require("length_m")
    if not edge_table.require("u", "v") or not has_length or nodes is None:
        refuse_if_any(shortened([*node_table.problems, *edge_table.problems]))
    assert nodes is not None
    tail, head = _ends(edge_table, nodes)
    length_m, drive_s = _length(edge_table), _seconds(edge_table)
    ways, kind, unknown = _kinds(edge_table, scenario)
    refuse_if_any(shortened([*node_table.problems, *edge_table.problems]))
    return Roads(
        nodes=nodes,
        tail=tail,
        head=head,
        length_m=length_m,
        kind=kind,
        ways=ways,
        left_out={"unknown_class": unknown, "nodes_without_road": _lonely(nodes, tail, head)},
        by_direction="oneway" not in edge_table.columns,
        drive_s=drive_s,
    )


def _nodes(table: Table) -> Nodes | None:
    if not table.require("id", "lon", "lat"):
        return None
    table.unique("id")
    lon = table.numbers("lon", least=-_MOST_LON, most=_MOST_LON)
    lat = table.numbers("lat", least=-_MOST_LAT, most=_MOST_LAT)
    return Nodes(lon, lat, table.whole("id"))


def _ends(table: Table, nodes: Nodes) -> tuple[I64, I64]:
    order = np.argsort(nodes.id, kind="stable")
    known = nodes.id[order]
    ends = []
    for column in ("u", "v"):
        ids = table.whole(column)
        place = np.minimum(np.searchsorted(known, ids), max(len(known) - 1, 0))
        missing = known[place] != ids if len(known) else np.ones(len(ids), np.bool_)
        for row in np.flatnonzero(missing).tolist():
            table.fault(f"节点表中没有节点 {ids[row]}", f"there is no node {ids[row]}", row)
        ends.append(order[place] if len(known) else ids)
    return ends[0], ends[1]


def _length(table: Table) -> F64:
    if "length_m" in table.columns:
        return table.numbers("length_m", least=0)
    return table.numbers("d", least=0) / _DM_PER_M


def _seconds(table: Table) -> F64 | None:
    return table.numbers("time_s", least=0) if "time_s" in table.columns else None


def _kinds(table: Table, scenario: Scenario) -> tuple[list[Way], I64, dict[str, int]]:
    """Give each row the number of its kind of road; roads that differ in no tag are one kind."""
    names = [name for name in table.columns if name not in _NOT_TAGS]
    limits = table.columns.get("maxspeed_kmh")
    cells = [table.columns[name] for name in names] + ([limits] if limits else [])
    names += ["maxspeed"] if limits else []
    numbers: dict[tuple[str, ...], int] = {}
    rows = zip(*cells, strict=True) if cells else (() for _ in range(len(table)))
    kind = np.array([numbers.setdefault(row, len(numbers)) for row in rows], np.int64)
    tags = [_tags(names, row) for row in numbers]
    classes = [road_class(scenario, each) for each in tags]
    ways = [
        way(scenario, name or scenario.unknown_class, each)
        for name, each in zip(classes, tags, strict=True)
    ]
    return ways, kind, _unknown(tags, classes, kind)


def _unknown(
    tags: list[dict[str, str]], classes: Sequence[str | None], kind: I64
) -> dict[str, int]:
    """Count the rows whose class is not in the scenario; they are taken as of unknown class."""
    rows = np.bincount(kind, minlength=len(tags))
    found: dict[str, int] = {}
    for each, name, count in zip(tags, classes, rows.tolist(), strict=True):
        if name is None and "highway" in each:
            found[each["highway"]] = found.get(each["highway"], 0) + count
    return found


def _tags(names: list[str], row: tuple[str, ...]) -> dict[str, str]:
    """Read cells as tags; a file without `oneway` lists each direction by itself."""
    tags = {name: cell for name, cell in zip(names, row, strict=True) if cell}
    return tags if "oneway" in names else {**tags, "oneway": "yes"}


def _lonely(nodes: Nodes, tail: I64, head: I64) -> int:
    used = np.zeros(len(nodes.id), np.bool_)
    used[tail] = used[head] = True
    return int((~used).sum())
