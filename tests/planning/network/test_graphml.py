"""OSMnx graphs: one direction an edge, lists of joined roads, bends, and faulty files."""

import gzip
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from tests.planning.network.made import arcs_by_id

from circle15.planning.network.graphml import read_graphml
from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.projection import metres
from circle15.planning.network.roads import network_of
from circle15.planning.problems import PlanningRefused

FUTIAN = Path(__file__).parents[1] / "data" / "futian.graphml.gz"
CORNERS = {11: (121.0, 31.0), 12: (121.01, 31.0), 13: (121.01, 31.01)}


def graph_of(tmp_path, *edges, kind=nx.MultiDiGraph, nodes=None, **about):
    graph = kind(**about)
    for node, (x, y) in (nodes or CORNERS).items():
        graph.add_node(node, x=x, y=y)
    for u, v, attributes in edges:
        graph.add_edge(u, v, **attributes)
    nx.write_graphml(graph, tmp_path / "a.graphml")
    return tmp_path / "a.graphml"


def network(path):
    return network_of(read_graphml(path, default_scenario()), default_scenario(), {})


def test_an_edge_is_one_direction_for_cars_and_both_on_foot(tmp_path) -> None:
    edge = {"length": 125.0, "highway": "residential", "oneway": "True"}
    made = network(graph_of(tmp_path, (11, 12, edge)))
    assert arcs_by_id(made, "drive") == {(11, 12): 180}
    assert arcs_by_id(made, "walk") == {(11, 12): 1000, (12, 11): 1000}


def test_a_street_with_both_directions_listed_is_not_doubled(tmp_path) -> None:
    edge = {"length": 125.0, "highway": "residential"}
    made = network(graph_of(tmp_path, (11, 12, edge), (12, 11, edge)))
    assert made.source["build"]["parallel"] == 0
    assert arcs_by_id(made, "drive") == {(11, 12): 180, (12, 11): 180}


def test_joined_roads_take_the_first_class_and_the_lowest_sign(tmp_path) -> None:
    edge = {"length": 100.0, "highway": "['primary', 'residential']", "maxspeed": "['60', '40']"}
    made = network(graph_of(tmp_path, (11, 12, edge)))
    assert made.classes[made.road_class[0]] == "primary"
    assert arcs_by_id(made, "drive") == {(11, 12): round(100 * 3.6 / 32 * 10)}


@pytest.mark.parametrize(
    "length", [{}, {"length": "long"}, {"length": -1.0}, {"length": float("nan")}]
)
def test_without_a_length_the_line_is_measured(tmp_path, length) -> None:
    line = "LINESTRING (121 31, 121.01 31.01, 121.01 31)"
    edge = {"highway": "footway", "geometry": line, **length}
    made = network(graph_of(tmp_path, (11, 12, edge)))
    lon, lat = np.array([121, 121.01, 121.01]), np.array([31, 31.01, 31])
    total = metres(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
    assert made.length_dm.tolist() == [round(total * 10)] * 2
    assert made.shapes.lat.tolist() == [31.01]


def test_an_undirected_graph_goes_both_ways(tmp_path) -> None:
    edge = {"length": 125.0, "highway": "residential"}
    made = network(graph_of(tmp_path, (11, 12, edge), kind=nx.Graph))
    assert arcs_by_id(made, "drive") == {(11, 12): 180, (12, 11): 180}


def test_an_unknown_class_is_counted_and_a_missing_one_is_not(tmp_path) -> None:
    odd, bare = {"length": 10.0, "highway": "hyperloop"}, {"length": 10.0}
    made = network(graph_of(tmp_path, (11, 12, odd), (12, 13, bare)))
    assert made.source["left_out"] == {"unknown_class": {"hyperloop": 1}}
    assert arcs_by_id(made, "drive") == {(11, 12): 12, (12, 13): 12}


def test_names_of_nodes_that_are_no_numbers_are_counted_off(tmp_path) -> None:
    nodes = {"west": (121.0, 31.0), "east": (121.01, 31.0)}
    made = network(graph_of(tmp_path, ("west", "east", {"length": 10.0}), nodes=nodes))
    assert arcs_by_id(made, "drive") == {(0, 1): 12}


def test_a_value_that_only_looks_like_a_list_is_taken_as_it_is(tmp_path) -> None:
    edge = {"length": 10.0, "highway": "[primary"}
    made = network(graph_of(tmp_path, (11, 12, edge)))
    assert made.source["left_out"] == {"unknown_class": {"[primary": 1}}


def refusal(path):
    with pytest.raises(PlanningRefused) as refused:
        read_graphml(path, default_scenario())
    (problem,) = refused.value.problems
    return problem.en


def test_faulty_files_are_refused_each_with_its_reason(tmp_path) -> None:
    path = tmp_path / "a.graphml"
    path.write_bytes(gzip.decompress(FUTIAN.read_bytes())[:50_000])
    assert refusal(path).startswith("a.graphml: is no whole GraphML file (")
    path.write_bytes(FUTIAN.read_bytes()[:5_000])
    assert refusal(path) == "a.graphml: the gzip file is cut short or damaged"
    path.write_text("<html/>")
    assert refusal(path) == "a.graphml: has no roads"
    lost = '<graphml><graph><node id="1"/><edge source="1" target="2"/></graph></graphml>'
    path.write_text(lost)
    assert refusal(path) == "a.graphml: nodes without coordinates x, y"
    place = '<key id="a" attr.name="x"/><key id="b" attr.name="y"/>'
    spot = '<data key="a">1</data><data key="b">2</data>'
    path.write_text(
        lost.replace("<graph>", f"{place}<graph>").replace("/><edge", f">{spot}</node><edge")
    )
    assert refusal(path) == "a.graphml: an edge names node '2', which isn't there"


@pytest.mark.parametrize(
    ("nodes", "about"),
    [({1: (5e5, 3e6), 2: (6e5, 3e6)}, {}), ({1: (1, 2), 2: (3, 4)}, {"crs": "epsg:4547"})],
)
def test_coordinates_in_metres_are_refused(tmp_path, nodes, about) -> None:
    path = graph_of(tmp_path, (1, 2, {}), nodes=nodes, **about)
    assert refusal(path) == "a.graphml: coordinates are not degrees (EPSG:4326)"


def test_futian_has_the_distances_networkx_finds() -> None:
    made = network(FUTIAN)
    with gzip.open(FUTIAN) as file:
        theirs = nx.DiGraph()
        for u, v, edge in nx.read_graphml(file, force_multigraph=True).edges(data=True):
            if edge.get("access") not in {"no", "private"}:
                best = theirs.edges.get((u, v), {}).get("weight", np.inf)
                theirs.add_edge(u, v, weight=min(best, float(edge["length"])))
    ours = nx.DiGraph()
    for (u, v), time in arcs_by_id(made, "drive").items():
        ours.add_edge(str(u), str(v), time=time)
    length = dict(zip(_pairs(made), made.length_dm.tolist(), strict=True))
    assert {(int(u), int(v)) for u, v in ours.edges} <= {(int(u), int(v)) for u, v in theirs.edges}
    for u, v in list(ours.edges)[:500]:
        assert length[int(u), int(v)] == round(theirs.edges[u, v]["weight"] * 10)


def _pairs(made):
    return zip(made.node_id[made.tails()].tolist(), made.node_id[made.head].tolist(), strict=True)
