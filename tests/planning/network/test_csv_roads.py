"""Edge lists: what each column means, and every fault of both files at once."""

import gzip

import pytest
from tests.planning.network.made import arcs_by_id

from circle15.planning.network.csv_roads import read_csv_roads
from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.roads import network_of
from circle15.planning.problems import PlanningRefused

NODES = "id,lon,lat\n1,121.0,31.0\n2,121.01,31.0\n3,121.01,31.01\n"


def read(tmp_path, edges, nodes=NODES):
    (tmp_path / "nodes.csv").write_text(nodes)
    (tmp_path / "edges.csv").write_text(edges)
    return read_csv_roads(tmp_path / "nodes.csv", tmp_path / "edges.csv", default_scenario())


def network(tmp_path, edges, nodes=NODES):
    return network_of(read(tmp_path, edges, nodes), default_scenario(), {})


def problems_of(tmp_path, edges, nodes=NODES):
    with pytest.raises(PlanningRefused) as refused:
        read(tmp_path, edges, nodes)
    return [problem.zh for problem in refused.value.problems]


def test_without_a_oneway_column_a_row_is_one_direction_and_time_is_by_car(tmp_path) -> None:
    made = network(tmp_path, "u,v,length_m,time_s\n1,2,125,9.5\n2,3,125,7\n3,2,125,8\n")
    assert arcs_by_id(made, "drive") == {(1, 2): 95, (2, 3): 70, (3, 2): 80}
    assert arcs_by_id(made, "ebike") == {(1, 2): 300, (2, 3): 300, (3, 2): 300}
    assert set(arcs_by_id(made, "walk").items()) == {
        ((u, v), 1000) for u, v in ((1, 2), (2, 1), (2, 3), (3, 2))
    }


def test_with_a_oneway_column_a_row_is_both_unless_it_says_1(tmp_path) -> None:
    rows = "1,2,125,residential,,0\n2,3,125,primary,60,1\n"
    made = network(tmp_path, f"u,v,length_m,highway,maxspeed_kmh,oneway\n{rows}")
    slow, fast = 180, round(125 * 3.6 / 48 * 10)
    assert arcs_by_id(made, "drive") == {(1, 2): slow, (2, 1): slow, (2, 3): fast}
    assert len(arcs_by_id(made, "walk")) == 4


def test_a_closed_road_stays_closed_whatever_time_it_has(tmp_path) -> None:
    made = network(tmp_path, "u,v,length_m,highway,time_s,oneway\n1,2,125,footway,5,\n")
    assert arcs_by_id(made, "drive") == {}
    assert len(arcs_by_id(made, "walk")) == 2


def test_dimacs_lengths_are_tenths_of_a_metre(tmp_path) -> None:
    made = network(tmp_path, "u,v,d,t\n1,2,1250,2008\n")
    assert made.length_dm.tolist() == [1250, 1250]
    assert arcs_by_id(made, "drive") == {(1, 2): 150}


def test_unknown_classes_and_nodes_without_road_are_counted(tmp_path) -> None:
    rows = "1,2,100,dirt,\n2,1,100,dirt,\n1,2,100,,\n"
    roads = read(tmp_path, f"u,v,length_m,highway,foot\n{rows}")
    assert roads.left_out == {"unknown_class": {"dirt": 2}, "nodes_without_road": 1}


def test_other_columns_are_tags(tmp_path) -> None:
    made = network(tmp_path, "u,v,length_m,highway,oneway,bicycle\n1,2,100,residential,,no\n")
    assert arcs_by_id(made, "ebike") == {}


def test_other_delimiters_codings_and_a_byte_order_mark_do(tmp_path) -> None:
    (tmp_path / "nodes.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + NODES.encode()))
    edges = "U;V;length_m;路名\r\n1;2;100;人民路\r\n"
    (tmp_path / "edges.csv").write_bytes(edges.encode("gb18030"))
    roads = read_csv_roads(tmp_path / "nodes.csv.gz", tmp_path / "edges.csv", default_scenario())
    assert (roads.tail.tolist(), roads.length_m.tolist()) == ([0], [100.0])


def test_every_fault_of_both_files_is_named(tmp_path) -> None:
    nodes = "id,lon,lat\n1,121,31\n1,121,31\nx,500,31\n"
    edges = "u,v,length_m,time_s\n1,9,-5,far\n1,1\n"
    assert problems_of(tmp_path, edges, nodes) == [
        "nodes.csv 第 3 行：id 重复：1（第 2 行已有）",
        "nodes.csv 第 4 行：lon 超出范围：500",
        "nodes.csv 第 4 行：id 应为整数：x",
        "edges.csv 第 3 行：有 2 列，应为 4 列",
        "edges.csv 第 2 行：节点表中没有节点 9",
        "edges.csv 第 2 行：length_m 不能为负：-5",
        "edges.csv 第 2 行：time_s 不是数：far",
    ]


def test_missing_columns_are_named(tmp_path) -> None:
    assert problems_of(tmp_path, "from,to\n1,2\n", "id,x,y\n1,2,3\n") == [
        "nodes.csv：缺少列 lon、lat（现有：id, x, y）",
        "edges.csv：缺少列 length_m（现有：from, to）",
        "edges.csv：缺少列 u、v（现有：from, to）",
    ]


def test_a_heading_without_rows_is_refused(tmp_path) -> None:
    assert problems_of(tmp_path, "u,v,length_m\n") == ["edges.csv：没有数据行"]
    assert problems_of(tmp_path, "") == ["edges.csv：文件是空的"]
