"""Demand, sites and candidates from CSV: what columns mean, and all faults at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.problems import PlanningRefused
from circle15.planning.reading import read_demand, read_sites


def written(tmp_path, text):
    path = tmp_path / "d.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(tmp_path, text, read=read_demand):
    with pytest.raises(PlanningRefused) as refused:
        read(written(tmp_path, text))
    return [problem.zh for problem in refused.value.problems]


def test_demand_has_people_groups_and_labels(tmp_path) -> None:
    text = (
        "id,lon,lat,weight,over_60,town,town_code,name,note\n"
        "v1,121.6,31.8,3939,1276,汇龙镇,320681100000,一村,\n"
        "v2,121.7,31.9,2066.5,650,汇龙镇,320681100000,二村,\n"
    )
    demand = read_demand(written(tmp_path, text))
    assert demand.points.id == ("v1", "v2")
    assert (demand.points.lon.tolist(), demand.points.lat.tolist()) == (
        [121.6, 121.7],
        [31.8, 31.9],
    )
    assert demand.weight.tolist() == [3939, 2066.5]
    assert {name: counts.tolist() for name, counts in demand.groups.items()} == {
        "over_60": [1276, 650]
    }
    assert demand.labels == {
        "town": ("汇龙镇", "汇龙镇"),
        "town_code": ("320681100000",) * 2,
        "name": ("一村", "二村"),
        "note": ("", ""),
    }


@pytest.mark.parametrize(
    ("cells", "is_count"),
    [
        (("5", "6"), True),
        (("0", "0.5"), True),
        (("100000000", "1"), True),
        (("3206811000", "1"), False),
        (("007", "8"), False),
        (("5", "many"), False),
        (("inf", "5"), False),
        (("", ""), False),
    ],
)
def test_a_further_column_is_a_count_if_it_looks_like_one(tmp_path, cells, is_count) -> None:
    text = "id,node,weight,extra\n" + "".join(f"{i},{i},1,{cell}\n" for i, cell in enumerate(cells))
    demand = read_demand(written(tmp_path, text))
    assert ("extra" in demand.groups, "extra" in demand.labels) == (is_count, not is_count)


def test_a_column_named_as_an_area_is_no_count_even_with_short_codes(tmp_path) -> None:
    demand = read_demand(written(tmp_path, "id,node,weight,county,insured\nA,1,5,320681,4\n"))
    assert (list(demand.groups), demand.labels["county"]) == (["insured"], ("320681",))


def test_sites_may_have_capacity_and_cost(tmp_path) -> None:
    sites = read_sites(written(tmp_path, "id,node,cost,kind,windows\ns,17,2.5,townhall,3\n"))
    assert (sites.points.node.tolist(), sites.points.lon) == ([17], None)
    assert (sites.capacity, sites.cost.tolist()) == (None, [2.5])
    assert sites.labels == {"kind": ("townhall",), "windows": ("3",)}


def test_every_fault_of_demand_is_named(tmp_path) -> None:
    text = "id,lon,lat,weight,over_60\na,121,31,-5,2\na,200,31,1,-2\n,121,95,x,\n"
    assert problems_of(tmp_path, text) == [
        "d.csv 第 3 行：id 重复：a（第 2 行已有）",
        "d.csv 第 4 行：id 为空",
        "d.csv 第 3 行：lon 超出范围：200",
        "d.csv 第 4 行：lat 超出范围：95",
        "d.csv 第 2 行：weight 不能为负：-5",
        "d.csv 第 4 行：weight 不是数：x",
        "d.csv 第 3 行：over_60 不能为负：-2",
        "d.csv 第 4 行：over_60 不是数：空",
    ]


def test_missing_columns_are_named_together(tmp_path) -> None:
    assert problems_of(tmp_path, "code,x\n1,2\n") == [
        "d.csv：缺少列 id（现有：code, x）",
        "d.csv：缺少列 lon、lat（现有：code, x）",
        "d.csv：缺少列 weight（现有：code, x）",
    ]
    assert problems_of(tmp_path, "id,lon\n1,2\n", read_sites) == [
        "d.csv：缺少列 lat（现有：id, lon）"
    ]


def test_faulty_sites_are_refused(tmp_path) -> None:
    text = "id,node,capacity\na,1.5,-1\n"
    assert problems_of(tmp_path, text, read_sites) == [
        "d.csv 第 2 行：node 应为整数：1.5",
        "d.csv 第 2 行：capacity 不能为负：-1",
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("a,31.8,121.6,1\nb,31.9,121.7,1\n", "d.csv：经度和纬度看来填反了"),
        ("a,365000,3522000,1\n", "d.csv：坐标看来是投影坐标（米），应为经纬度"),
        ("a,121,95,1\n", "d.csv 第 2 行：lat 超出范围：95"),
    ],
)
def test_coordinates_that_can_not_be_are_explained_once(tmp_path, rows, problem) -> None:
    assert problems_of(tmp_path, f"id,lon,lat,weight\n{rows}") == [problem]


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-89, 89), st.floats(0, 1e7)), min_size=1))
def test_what_is_written_is_read(tmp_path_factory, rows) -> None:
    path = tmp_path_factory.mktemp("d") / "d.csv"
    lines = [f"p{i},{lon!r},{lat!r},{weight!r}\n" for i, (lon, lat, weight) in enumerate(rows)]
    path.write_text("id,lon,lat,weight\n" + "".join(lines))
    demand = read_demand(path)
    read = zip(demand.points.lon, demand.points.lat, demand.weight, strict=True)
    assert [tuple(map(float, row)) for row in read] == rows


def test_codes_of_counties_are_areas_and_not_people(tmp_path) -> None:
    text = (
        "id,lon,lat,weight,half,insured\n"
        "v1,121.6,31.8,300000,320698,290000\nv2,121.7,31.9,500,320699,100000\n"
    )
    demand = read_demand(written(tmp_path, text))
    assert demand.labels == {"half": ("320698", "320699")}
    assert list(demand.groups) == ["insured"]


def test_columns_may_have_chinese_names(tmp_path) -> None:
    text = "编号,名称,经度,纬度,人口,参保人数,乡镇\nv1,一村,121.6,31.8,3939,3000,汇龙镇\n"
    demand = read_demand(written(tmp_path, text))
    assert (demand.points.id, demand.weight.tolist()) == (("v1",), [3939])
    assert demand.labels == {"name": ("一村",), "乡镇": ("汇龙镇",)}
    assert demand.groups["参保人数"].tolist() == [3000]
    both = read_demand(written(tmp_path, "id,编号,lon,lat,weight,人口\nv1,7a,121.6,31.8,5,6\n"))
    assert (both.points.id, both.weight.tolist()) == (("v1",), [5])
    assert (both.labels["编号"], both.groups["人口"].tolist()) == (("7a",), [6])


def test_a_folder_is_no_table(tmp_path) -> None:
    with pytest.raises(PlanningRefused) as refused:
        read_sites(tmp_path)
    assert [each.zh for each in refused.value.problems] == [f"{tmp_path}：是目录，应为文件"]
