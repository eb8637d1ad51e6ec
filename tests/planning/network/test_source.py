"""Any road file or folder becomes a network that says what it was made from."""

import gzip
import hashlib
from pathlib import Path

import pytest

from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.source import read_network
from circle15.planning.problems import PlanningRefused

DATA = Path(__file__).parents[1] / "data"
NODES = "id,lon,lat\n1,121.0,31.0\n2,121.01,31.0\n"
EDGES = "u,v,length_m\n1,2,100\n"


def refusal(path, nodes=None):
    with pytest.raises(PlanningRefused) as refused:
        read_network(path, default_scenario(), nodes)
    (problem,) = refused.value.problems
    return problem.en


@pytest.mark.parametrize(
    ("name", "nodes"),
    [("dieshiqiao.osm.gz", 36), ("liechtenstein.osm.pbf", 7321), ("futian.graphml.gz", 1751)],
)
def test_the_kind_of_file_goes_by_its_name(name, nodes) -> None:
    network = read_network(DATA / name, default_scenario())
    assert network.node_count == nodes
    digest = hashlib.sha256((DATA / name).read_bytes()).hexdigest()
    size = (DATA / name).stat().st_size
    assert network.source["files"] == [{"name": name, "bytes": size, "sha256": digest}]
    assert network.source["scenario"]["id"] == "default"


def test_edge_lists_find_their_nodes(tmp_path) -> None:
    (tmp_path / "nodes.csv.gz").write_bytes(gzip.compress(NODES.encode()))
    (tmp_path / "edges.csv").write_text(EDGES)
    (tmp_path / "places.csv").write_text(NODES.replace("121.0,", "121.005,"))
    folder = read_network(tmp_path, default_scenario())
    beside = read_network(tmp_path / "edges.csv", default_scenario())
    given = read_network(tmp_path / "edges.csv", default_scenario(), tmp_path / "places.csv")
    assert folder.lon.tolist() == beside.lon.tolist() == [121.0, 121.01]
    assert [each["name"] for each in folder.source["files"]] == ["edges.csv", "nodes.csv.gz"]
    assert given.lon.tolist() == [121.005, 121.01]


def test_what_can_not_be_read_is_said(tmp_path) -> None:
    (tmp_path / "empty.osm").touch()
    (tmp_path / "a.shp").write_text("x")
    (tmp_path / "edges.csv").write_text(EDGES)
    assert refusal(tmp_path / "none.osm") == "none.osm: no such file"
    assert refusal(tmp_path / "empty.osm") == "empty.osm: is empty"
    assert refusal(tmp_path / "a.shp").startswith("a.shp: unknown kind of file: give .osm.pbf")
    missing = f"{tmp_path.name} has no nodes.csv (or nodes.csv.gz)"
    assert refusal(tmp_path) == missing
    lonely = "edges.csv: an edge list needs its nodes: give --nodes, or nodes.csv beside it"
    assert refusal(tmp_path / "edges.csv") == lonely
    (tmp_path / "edges.csv").unlink()
    assert refusal(tmp_path) == f"{tmp_path.name} has no edges.csv (or edges.csv.gz)"
    assert refusal(tmp_path / "edges.csv", tmp_path / "nodes.csv") == "edges.csv: no such file"


def test_a_file_that_can_not_be_opened_is_said(tmp_path) -> None:
    (tmp_path / "a.osm").symlink_to(tmp_path / "a.osm")
    assert refusal(tmp_path / "a.osm") == "a.osm: can't be read"


def test_roads_nobody_may_use_are_no_network(tmp_path) -> None:
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "edges.csv").write_text("u,v,length_m,access\n1,2,100,no\n")
    assert refusal(tmp_path) == f"{tmp_path.name}: has no road any mode may use"


def test_speeds_are_those_of_the_scenario(tmp_path) -> None:
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "edges.csv").write_text(EDGES)
    usual = read_network(tmp_path, default_scenario())
    assert usual.times["walk"].tolist() == [800, 800]
    assert usual.times["drive"].tolist() == [120, 65535]
