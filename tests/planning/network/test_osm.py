"""OSM extracts: roads cut at crossings, ferries, files that are cut short or something else."""

import gzip
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import numpy as np
import pytest
from tests.planning.network.made import arcs_by_id

from circle15.planning.network.osm import read_osm
from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.projection import metres
from circle15.planning.network.roads import network_of
from circle15.planning.problems import PlanningRefused

DATA = Path(__file__).parents[1] / "data"
STEP = 0.001


def osm(*ways, nodes_first=True, without=()):
    """Write ways as (nodes, tags); node n is at 121 + n thousandths of a degree."""
    ids = sorted({node for nodes, _ in ways for node in nodes} - set(without))
    points = [
        f'<node id="{n}" lon="{121 + n * STEP:.4f}" lat="{31 + n % 2 * STEP:.4f}"/>' for n in ids
    ]
    lines = []
    for number, (nodes, tags) in enumerate(ways, start=1):
        inside = [f'<nd ref="{node}"/>' for node in nodes]
        inside += [f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()]
        lines.append(f'<way id="{number}">{"".join(inside)}</way>')
    body = points + lines if nodes_first else lines + points
    return f'<osm version="0.6">{"".join(body)}</osm>'


def roads_of(tmp_path, text, name="a.osm"):
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return read_osm(path, default_scenario())


def network(tmp_path, text, name="a.osm"):
    return network_of(roads_of(tmp_path, text, name), default_scenario(), {})


def distance(*nodes):
    lon = np.array([121 + n * STEP for n in nodes])
    lat = np.array([31 + n % 2 * STEP for n in nodes])
    return float(metres(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())


ROAD = {"highway": "residential"}


@pytest.mark.parametrize("name", ["a.osm", "a.osm.gz"])
@pytest.mark.parametrize("nodes_first", [True, False])
def test_roads_are_cut_where_they_meet(tmp_path, name, nodes_first) -> None:
    text = osm(((1, 2, 3, 4), ROAD), ((3, 9), ROAD), nodes_first=nodes_first)
    walk = arcs_by_id(network(tmp_path, text, name), "walk")
    ds = {(1, 3): (1, 2, 3), (3, 4): (3, 4), (3, 9): (3, 9)}
    expected = {ends: round(distance(*line) * 3.6 / 4.5 * 10) for ends, line in ds.items()}
    assert walk == expected | {ends[::-1]: time for ends, time in expected.items()}


def test_bends_stay_as_shapes(tmp_path) -> None:
    made = network(tmp_path, osm(((1, 2, 3), ROAD)))
    assert (made.node_count, made.shapes.lon.round(6).tolist()) == (2, [121.002])
    assert made.length_dm.tolist() == [round(distance(1, 2, 3) * 10)] * 2


def test_rings_and_parallel_roads_keep_all_their_pieces(tmp_path) -> None:
    text = osm(((1, 2, 5, 1), ROAD), ((1, 7, 8), ROAD), ((1, 4, 8), ROAD))
    made = network(tmp_path, text)
    assert sorted(made.node_id.tolist()) == [1, 2, 4, 5, 7, 8]
    assert made.source["build"]["parallel"] == 0
    assert made.source["build"]["self_loops"] == 0
    assert made.arc_count == 14


def test_a_road_is_cut_at_nodes_missing_from_the_extract(tmp_path) -> None:
    text = osm(((1, 2, 3, 4, 5), ROAD), ((8, 9), ROAD), without=(3, 9))
    made = network(tmp_path, text)
    assert sorted(arcs_by_id(made, "walk")) == [(1, 2), (2, 1), (4, 5), (5, 4)]
    left_out = made.source["left_out"]
    assert (left_out["missing_nodes"], left_out["ways_cut"]) == (2, 2)


def test_a_node_without_a_place_is_missing_too(tmp_path) -> None:
    text = osm(((1, 2, 3), ROAD)).replace(
        '<node id="2" lon="121.0020" lat="31.0000"/>', '<node id="2"/>'
    )
    roads = roads_of(
        tmp_path,
        text.replace(
            "</osm>",
            '<way id="9"><nd ref="3"/><nd ref="1"/><tag k="highway" v="path"/></way></osm>',
        ),
    )
    assert (roads.left_out["missing_nodes"], len(roads.tail)) == (1, 1)


def test_what_is_no_road_is_counted_by_its_kind(tmp_path) -> None:
    kinds = (
        {"highway": "platform"},
        {"highway": "platform"},
        {"route": "bus"},
        {"waterway": "river"},
    )
    closed = {"highway": "service", "access": "no"}
    roads = roads_of(tmp_path, osm(*(((1, 2), tags) for tags in (*kinds, closed, ROAD))))
    assert roads.left_out["unknown_class"] == {"platform": 2}
    assert roads.left_out["closed_ways"] == 1
    assert len(roads.tail) == 1


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("0:20", 1200), ("00:05:30", 330), ("20", 1200), ("PT20M", 1200), ("PT1H5M", 3900)],
)
def test_a_ferry_takes_as_long_as_it_says(tmp_path, duration, seconds) -> None:
    ferry = {"route": "ferry", "duration": duration, "motor_vehicle": "no"}
    made = network(tmp_path, osm(((1, 2, 3), ferry), ((3, 5), ROAD)))
    assert arcs_by_id(made, "ebike")[1, 3] == seconds * 10
    assert arcs_by_id(made, "walk")[3, 1] == seconds * 10
    assert (1, 3) not in arcs_by_id(made, "drive")
    assert made.source["parts"]["ferries"] == {
        "pieces": 1,
        "km": round(distance(1, 2, 3) / 1000, 2),
    }


@pytest.mark.parametrize("tags", [{}, {"duration": "soon"}])
def test_a_ferry_without_duration_goes_at_its_class_speed(tmp_path, tags) -> None:
    made = network(tmp_path, osm(((1, 3), {"route": "ferry", **tags})))
    assert arcs_by_id(made, "walk")[1, 3] == round(distance(1, 3) * 3.6)


def test_a_ferry_cut_by_the_border_goes_at_its_class_speed(tmp_path) -> None:
    ferry = {"route": "ferry", "duration": "1:00"}
    made = network(tmp_path, osm(((1, 2, 3, 4), ferry), without=(4,)))
    assert arcs_by_id(made, "walk")[1, 3] == round(distance(1, 2, 3) * 3.6)


def refusal(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PlanningRefused) as refused:
        read_osm(path, default_scenario())
    (problem,) = refused.value.problems
    return problem.en


@pytest.mark.parametrize("name", ["dieshiqiao.osm.gz", "liechtenstein.osm.pbf"])
def test_a_file_cut_short_is_refused(tmp_path, name) -> None:
    content = (DATA / name).read_bytes()
    said = refusal(tmp_path, content[: len(content) // 2], name)
    assert said.startswith(f"{name}: is no OSM file, or it was cut short (")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm", b"<html></html>"),
        ("a.osm", b"hello"),
        ("a.osm.pbf", b"PK\x03\x04" * 99),
        ("a.osm.gz", b"x" * 99),
    ],
)
def test_another_kind_of_file_is_refused(tmp_path, name, content) -> None:
    said = refusal(tmp_path, content, name)
    assert said.startswith(f"{name}: is no OSM file, or it was cut short (")


def test_a_file_without_roads_says_so(tmp_path) -> None:
    assert (
        refusal(tmp_path, osm(((1, 2), {"waterway": "river"})).encode(), "a.osm")
        == "a.osm: has no roads"
    )
    closed = osm(((1, 2), {"highway": "service", "access": "no"}))
    assert refusal(tmp_path, closed.encode(), "a.osm") == "a.osm: has no road any mode may use"
    lost = osm(((1, 2), ROAD), without=(1, 2))
    assert refusal(tmp_path, lost.encode(), "a.osm") == "a.osm: has roads but none of their nodes"


def test_distances_in_dieshiqiao_are_those_of_the_uncut_roads() -> None:
    made = network_of(
        read_osm(DATA / "dieshiqiao.osm.gz", default_scenario()), default_scenario(), {}
    )
    whole = uncut(gzip.decompress((DATA / "dieshiqiao.osm.gz").read_bytes()))
    ours = nx.Graph()
    tail, head = made.node_id[made.tails()], made.node_id[made.head]
    for u, v, length in zip(tail.tolist(), head.tolist(), made.length_dm.tolist(), strict=True):
        ours.add_edge(u, v, weight=length / 10)
    for start in made.node_id.tolist():
        found = nx.single_source_dijkstra_path_length(ours, start)
        truth = nx.single_source_dijkstra_path_length(whole, start)
        assert {node: truth[node] for node in found} == pytest.approx(found, abs=1.0)
        assert set(found) == set(truth) & set(made.node_id.tolist())


def uncut(content):
    """Read every bend as a node of its own, with another parser."""
    root, graph = ET.fromstring(content), nx.Graph()
    at = {n.get("id"): (float(n.get("lon")), float(n.get("lat"))) for n in root.iter("node")}
    for line in root.iter("way"):
        if "highway" in {tag.get("k") for tag in line.iter("tag")}:
            refs = [nd.get("ref") for nd in line.iter("nd") if nd.get("ref") in at]
            for u, v in pairwise(refs):
                length = metres(*(np.array([x]) for x in (*at[u], *at[v])))[0]
                graph.add_edge(int(u), int(v), weight=float(length))
    return graph


def test_liechtenstein_is_read_whole() -> None:
    made = network_of(
        read_osm(DATA / "liechtenstein.osm.pbf", default_scenario()), default_scenario(), {}
    )
    assert (made.node_count, made.arc_count) == (7321, 17833)
    assert made.source["parts"]["count"] == 22
    assert made.source["parts"]["km"] == pytest.approx(1124.6)
