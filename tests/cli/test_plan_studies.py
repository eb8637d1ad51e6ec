"""`plan coverage | access | capacity | referral` on a street whose counts are made by hand."""

import json

import pytest
from tests.cli.qidong import Qidong, qidong
from typer.testing import CliRunner

from circle15.cli.main import app

# Six crossings in a line, 600 m apart: 8 minutes on foot, 2.4 by e-bike, from each to the next.
NODES = "id,lon,lat\n" + "".join(f"{n},121.6,{31.8 + 0.0054 * n}\n" for n in range(1, 7))
EDGES = "u,v,length_m,highway,oneway\n" + "".join(
    f"{n},{n + 1},600,residential,0\n" for n in range(1, 6)
)
DEMAND = """id,name,node,weight,insured,town,county
A,甲村,1,10,5,东镇,1
B,乙村,2,20,20,东镇,1
C,丙村,3,30,30,西镇,1
D,丁村,5,40,40,西镇,2
V,虚拟社区,6,50,50,西镇,2
"""
SITES = """id,node,staff,capacity,level,kind,county
S,1,2,25,1,站,1
T,4,6,100,1,站,2
H,6,4,0,2,院,2
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory) -> Qidong:
    folder = tmp_path_factory.mktemp("street")
    files = {"nodes": NODES, "edges": EDGES, "demand": DEMAND, "sites": SITES}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    assert run("network", folder, "--out", folder / "street.net").exit_code == 0
    return Qidong(folder / "street.net", folder / "demand.csv", folder / "sites.csv")


def run(*words):
    return CliRunner().invoke(app, ["plan", *map(str, words)])


def told(command: str, files: Qidong, *words) -> dict:
    done = run(command, *files.options(), *words, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def fields(rows: list[dict], *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in rows]


def test_coverage_is_counted_on_the_road_and_placeholders_are_left_out(street) -> None:
    record = told("coverage", street, "--mode", "walk", "--minutes", 5, "--by", "town")
    names = ("mode", "minutes", "start_points", "sites", "people", "covered", "share")
    assert fields([record], *names) == [("walk", 5, 4, 3, 100, 10, 0.1)]
    assert record["placeholders_left_out"] == 1
    assert fields(record["by"]["town"], "label", "covered") == [("东镇", 10), ("西镇", 0)]
    insured = record["groups"]["insured"]
    assert insured == {"people": 95, "covered": 5, "share": 0.052632}
    gaps = [("D", 40, 8, "T"), ("C", 30, 8, "T"), ("B", 20, 8, "S")]
    assert fields(record["gaps"], "id", "people", "minutes", "nearest") == gaps


def test_circles_count_people_in_who_can_not_come(street) -> None:
    words = ("--mode", "walk", "--minutes", 5)
    own_speed = told("coverage", street, *words, "--circles")["circles"]
    assert own_speed["speed_kmh"] == 4.5
    assert (own_speed["radius_m"], own_speed["counted_in"], own_speed["left_out"]) == (375, 0, 0)
    twice = told("coverage", street, *words, "--circle-kmh", 9)["circles"]
    assert (twice["radius_m"], twice["by_circle"], twice["counted_in"]) == (750, 100, 90)
    assert twice["share_counted_in"] == 0.9


def test_neighbours_sites_cover_people_across_the_border(street) -> None:
    words = ("--mode", "walk", "--minutes", 15, "--own-by", "county")
    borders = told("coverage", street, *words)["borders"]
    assert borders["thanks_to_neighbours"] == 30
    areas = [("1", 60, 1, 30, 60, 30), ("2", 40, 2, 40, 40, 0)]
    names = ("label", "people", "own_sites", "by_own", "by_all", "thanks_to_neighbours")
    assert fields(borders["areas"], *names) == areas


def test_access_shares_the_staff_among_those_within_reach(street) -> None:
    words = ("--mode", "ebike", "--minutes", 5, "--supply", "staff", "--decay", "flat")
    record = told("access", street, *words, "--by", "Town")
    # S: 2 for A, B, C; T: 6 for B, C, D; H: 4 for D.
    rates = [("A", 333.333333), ("B", 1000), ("C", 1000), ("D", 1666.666667)]
    assert fields(record["points"], "id", "rate") == rates
    assert (record["mean"], record["without"], record["supply"]["total"]) == (1200, 0, 12)
    assert fields(record["by"]["town"], "mean", "least") == [
        (777.777778, 333.333333),
        (1380.952381, 1000),
    ]


def test_access_weighs_by_zones_and_counts_a_group(street) -> None:
    words = ("--mode", "ebike", "--minutes", 5, "--supply", "staff", "--people", "insured")
    record = told("access", street, *words, "--zone", "1=1", "--zone", "5=0.5")
    # S: 2 for A at the door, B and C by half; the rest by half.
    first = 2 / (5 + 10 + 15)
    second, third = 6 / (10 + 15 + 20), 4 / 20
    expected = [first, (first + second) / 2, (first + second) / 2, (second + third) / 2]
    assert [point["rate"] for point in record["points"]] == [
        pytest.approx(rate * 10_000, abs=1e-6) for rate in expected
    ]
    assert record["zones"] == [{"minutes": 1, "weight": 1.0}, {"minutes": 5, "weight": 0.5}]


def test_capacity_fills_sites_in_order_and_lists_who_is_left(street) -> None:
    words = ("--mode", "ebike", "--minutes", 5)
    record = told("capacity", street, *words)
    names = ("id", "within_reach", "served", "spare")
    most_first = [("T", 90, 90, 10), ("S", 10, 10, 15), ("H", 0, 0, 0)]
    assert fields(record["sites_in_order"], *names) == most_first
    assert (record["served"], record["left_over"], record["left"]) == (100, 0, [])
    words = (*words, "--by", "town")
    record = told("capacity", street, *words, "--capacity", "staff", "--order", "level")
    assert fields(record["by"]["town"], "label", "served") == [("东镇", 2), ("西镇", 10)]
    assert fields(record["sites_in_order"], *names) == [
        ("H", 40, 4, 0),
        ("S", 60, 2, 0),
        ("T", 86, 6, 0),
    ]
    assert (record["served"], record["left_over"], record["out_of_reach"]) == (12, 88, 0)


def test_referral_goes_up_level_by_level(street) -> None:
    start = ("--network", street.network, "--sites", street.sites, "--mode", "ebike")
    done = run("referral", *start, "--levels", "level", "--demand", street.demand, "--json")
    record = json.loads(done.stdout)
    assert [level["name"] for level in record["levels"]] == ["demand", "1", "2"]
    chains = [
        (chain["id"], [(step["site"], step["minutes"]) for step in chain["steps"]])
        for chain in record["chains"]
    ]
    assert chains == [
        ("A", [("S", 0), ("H", 12)]),
        ("B", [("S", 2.4), ("H", 12)]),
        ("C", [("T", 2.4), ("H", 4.8)]),
        ("D", [("T", 2.4), ("H", 4.8)]),
    ]
    received = [fields(level["sites"], "id", "people") for level in record["received"]]
    assert received == [[("S", 30), ("T", 70)], [("H", 100)]]


def test_levels_can_be_words_in_an_order_or_files(street) -> None:
    start = ("--network", street.network, "--mode", "ebike", "--json", "--sites", street.sites)
    by_word = json.loads(run("referral", *start, "--levels", "kind", "--order", "站,院").stdout)
    assert fields(by_word["chains"], "id", "minutes") == [("S", 12), ("T", 4.8)]
    by_file = json.loads(run("referral", *start, "--sites", street.sites).stdout)
    assert [level["name"] for level in by_file["levels"]] == ["sites", "sites"]
    assert by_file["complete"] == 3
    short = json.loads(run("referral", *start, "--levels", "level", "--minutes", 5).stdout)
    assert fields(short["chains"], "id", "minutes") == [("S", None), ("T", 4.8)]


def test_mode_minutes_and_start_points_stand_before_the_figures(street) -> None:
    said = {
        "nearest": ((), "电动自行车109分钟内最近的网点（居民到网点；起点4处，网点3个）"),
        "coverage": ((), "电动自行车15分钟覆盖（居民到网点；起点4处，网点3个）"),
        "capacity": ((), "电动自行车15分钟按容量覆盖（居民到网点；起点4处，网点3个）"),
        "access": (
            ("--supply", "staff", "--home-visits"),
            "电动自行车15分钟内每10000人的 staff（网点上门；起点4处，网点3个），共 12，分区递减",
        ),
    }
    for command, (words, title) in said.items():
        done = run(command, *street.options(), "--mode", "ebike", *words)
        assert (done.exit_code, done.stdout.splitlines()[0]) == (0, title)
        assert done.stderr.splitlines()[0] == "虚拟社区1处不计"


def test_sites_are_called_by_their_names_where_they_have_any(tmp_path, street) -> None:
    county = qidong(tmp_path)
    words = ("--network", county.network, "--sites", county.sites, "--levels", "level")
    said = [
        run("nearest", *county.options()).stdout.splitlines()[2],
        run("coverage", *county.options(), "--minutes", 15).stdout.splitlines()[9],
        run("capacity", *county.options()).stdout.splitlines()[5],
        run("referral", *words, "--demand", county.demand).stdout.splitlines()[2],
        run("nearest", *street.options(), "--mode", "walk").stdout.splitlines()[2],
    ]
    assert [line.split("\t")[:4] for line in said] == [
        ["320681100001", "幸福一村居委会", "320681100000", "汇龙镇"],
        ["长龙一村居委会", "7100", "17.8", "汇龙镇"],
        ["南阳镇", "121346", "40000", "0"],
        ["幸福一村居委会", "南阳镇", "15.7", "汇龙镇"],
        ["A", "甲村", "S", "0.0"],
    ]


def test_a_pipe_gets_the_columns_before_the_rows(street) -> None:
    heads = {
        "nearest": "需求点\t需求点名称\t网点\t分钟",
        "coverage": "范围\t起点\t人数\t覆盖人数\t覆盖率\t平均分钟\t最远分钟",
        "capacity": "范围\t起点\t人数\t得到服务\t能到而没有余量\t到不了",
    }
    for command, columns in heads.items():
        done = run(command, *street.options(), "--mode", "walk")
        assert done.stdout.splitlines()[1] == columns


def test_districts_count_the_same_county(tmp_path) -> None:
    county = qidong(tmp_path)
    words = ("--mode", "drive", "--by", "town")
    whole = told("coverage", county, *words)
    cut = told("coverage", county, *words, "--districts", 4)
    assert (cut["covered"], cut["share"]) == (whole["covered"], whole["share"])
    towns = [fields(each["by"]["town"], "label", "covered") for each in (whole, cut)]
    assert towns[0] == towns[1]
    assert 0.3 < whole["share"] < 0.99
    assert sum(area["people"] for area in whole["by"]["town"]) == whole["people"]


def test_what_the_county_reaches_adds_up_to_its_staff(tmp_path) -> None:
    record = told("access", qidong(tmp_path), "--supply", "staff", "--decay", "gaussian")
    assert record["mean"] * record["people"] / 10_000 == pytest.approx(48)
    assert record["without"] > 0
