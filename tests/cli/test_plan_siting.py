"""`circle15 plan siting` from a travel matrix: what it prints, and what it refuses."""

import json
from pathlib import Path

import pytest
from tests.cli.qidong import qidong
from typer.testing import CliRunner

from circle15.cli.main import app
from circle15.planning.network.store import load
from circle15.planning.travel import many

DATA = Path(__file__).parents[1] / "planning" / "data"
SAN_FRANCISCO = [
    "--matrix",
    str(DATA / "sf_network_distance_m.csv"),
    "--demand",
    str(DATA / "sf_demand.csv"),
]


def run(*arguments):
    return CliRunner().invoke(app, ["plan", "siting", *arguments])


def test_json_has_the_agreed_keys():
    done = run(*SAN_FRANCISCO, "--objective", "p-median", "--sites", "4", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert answer["chosen"] == ["Store_2", "Store_11", "Store_12", "Store_15"]
    assert (answer["value"], answer["bound"], answer["gap"]) == (2848268132.717, 2848268132.717, 0)
    assert (answer["objective"], answer["status"]) == ("p-median", "optimal")
    assert (answer["covered"], answer["share"], answer["unit"]) == (955113, 1.0, "people x cost")


def test_same_question_gives_the_same_answer_but_for_the_seconds():
    arguments = (*SAN_FRANCISCO, "--limit", "5000", "--sites", "3", "--scenarios", "3", "--json")
    first, second = (json.loads(run(*arguments).stdout) for _ in range(2))
    assert first | {"seconds": 0} == second | {"seconds": 0}


def test_pipe_gets_plain_lines_and_no_bar():
    done = run(*SAN_FRANCISCO, "--limit", "5000", "--cover", "1")
    lines = done.stdout.splitlines()
    assert lines[0] == "选址 lscp（起点205处，候选点16个，已有网点0个）"
    assert lines[1] == "次序\t网点\t新增覆盖人数\t变动时仍入选"
    assert (len(lines), lines[2]) == (12, "1\tStore_15\t412,563\t—")
    assert lines[10] == "目标值 8，界 8，已证明最优"
    assert done.stderr == ""


def test_names_of_candidates_stand_beside_their_ids(town):
    folder, common, candidates = town
    named = folder / "named.csv"
    head, *rows = candidates.read_text().splitlines()
    named.write_text("\n".join([f"{head},name", *(f"{row},村{row.split(',')[0]}" for row in rows)]))
    wish = ["--candidates", str(named), "--mode", "walk", "--minutes", "6", "--sites", "1"]
    place, site, name, *_ = run(*common, *wish).stdout.splitlines()[2].split("\t")
    assert (place, name) == ("1", f"村{site}")


def test_districts_choose_the_same_sites_for_the_same_reasons(tmp_path):
    county = qidong(tmp_path)
    files = ["--network", county.network, "--demand", county.demand, "--existing", county.sites]
    wish = [*files, "--candidates", county.demand, "--sites", 3, "--reach", "1=9", "--json"]
    kinds = county.sites.read_text(encoding="utf-8").replace("level", "kind", 1)
    county.sites.write_text(kinds, encoding="utf-8")
    whole, cut, fine = (
        json.loads(run(*map(str, wish), "--districts", count).stdout) for count in "139"
    )
    assert whole | {"seconds": 0} == cut | {"seconds": 0} == fine | {"seconds": 0}
    assert (whole["status"], len(whole["chosen"])) == ("optimal", 3)


def test_an_order_beside_the_network_is_used_and_said(town, monkeypatch):
    monkeypatch.setattr(many, "LEAST_SITES", 1)
    monkeypatch.setattr(many, "WIDE_NODES", 1)
    folder, common, candidates = town
    wish = [*common, "--candidates", str(candidates), "--minutes", "6", "--sites", "2", "--json"]
    one_by_one = run(*wish)
    roads = str(DATA / "dieshiqiao.osm.gz")
    CliRunner().invoke(
        app, ["plan", "network", roads, "--out", str(folder / "town.net"), "--order"]
    )
    swept = run(*wish)
    assert one_by_one.stderr == ""
    assert swept.stderr == "用到路网旁的道路次序（.order），各候选点的范围一起求出\n"
    found = [json.loads(each.stdout) | {"seconds": 0} for each in (one_by_one, swept)]
    assert found[0] == found[1]


def test_a_wrong_mode_and_a_wrong_kind_are_named_together(town):
    _, common, candidates = town
    wish = ["--candidates", str(candidates), "--mode", "boat", "--sites", "1", "--reach", "bank=9"]
    done = run(*common, *wish)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 2)


def test_existing_forced_and_forbidden_sites(tmp_path):
    existing = tmp_path / "e.csv"
    existing.write_text("id\nStore_15\n")
    wish = ["--existing", str(existing), "--force", "Store_1", "--forbid", "Store_12"]
    done = run(*SAN_FRANCISCO, *wish, "--limit", "5000", "--sites", "2", "--json")
    answer = json.loads(done.stdout)
    assert (answer["existing"], len(answer["chosen"])) == (1, 2)
    assert "Store_1" in answer["chosen"]
    assert {"Store_12", "Store_15"} & set(answer["chosen"]) == set()


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        (["--sites", "40", "--limit", "5000"], ["要选 40 个，可选的候选点只有 16 个"]),
        (["--sites", "3"], ["矩阵要给出 --limit：多大算够得到"]),
        (["--limit", "5000"], ["给出 --sites、--cover、--budget 之一"]),
        (["--limit", "5000", "--budget", "3"], ["候选点表缺少列 cost（费用）"]),
        (
            ["--limit", "-1", "--minutes", "15", "--sites", "3", "--reach", "bank"],
            [
                "矩阵的限值用 --limit，不用 --minutes",
                "--reach 应为 类别=限值，如 bank=10",
                "限值 -1 超出范围（大于 0；路网至多 109 分钟）",
            ],
        ),
        (
            ["--limit", "9", "--sites", "3", "--districts", "2"],
            ["--districts、--scheduler 用于路网，矩阵不用分片"],
        ),
        (
            [*("--limit", "9", "--sites", "3", "--seed", "-1"), *("--gap", "2"), "--scenarios=-3"],
            [
                "--scenarios：应在 0 至 10000 之间，得到 -3",
                "--gap：应在 0 至 1 之间，得到 2",
                "--seed：应在 0 至 9.22337e+18 之间，得到 -1",
            ],
        ),
        (["--limit", "9", "--sites", "3", "--force", "Nowhere"], ["候选点中没有 Nowhere"]),
    ],
)
def test_refusals_are_one_line_each_and_exit_2(arguments, problems):
    done = run(*SAN_FRANCISCO, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == problems


def test_cover_that_is_not_possible_names_the_demand():
    done = run(*SAN_FRANCISCO, "--limit", "2000", "--cover", "1")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[0] == (
        "无法覆盖：全部候选点一起也只能覆盖 66.39% 的人，够不到 71 个需求点"
    )
    assert done.stderr.splitlines()[1].startswith("限定范围内没有任何候选点：060750133.00, ")


@pytest.fixture
def town(tmp_path):
    """Build a town of 36 nodes; people on every node, candidates on every third."""
    net = tmp_path / "town.net"
    roads = str(DATA / "dieshiqiao.osm.gz")
    CliRunner().invoke(app, ["plan", "network", roads, "--out", str(net)])
    nodes = load(net).node_id.tolist()
    demand, candidates = tmp_path / "d.csv", tmp_path / "c.csv"
    people = [f"D{node},{node},{10 + place}" for place, node in enumerate(nodes)]
    demand.write_text("\n".join(["id,node,weight", *people]))
    sites = [f"C{node},{node},{2 + place % 2}" for place, node in enumerate(nodes[::3])]
    candidates.write_text("\n".join(["id,node,cost", *sites]))
    return tmp_path, ["--network", str(net), "--demand", str(demand)], candidates


def test_people_covered_are_those_the_coverage_command_counts(town):
    folder, common, candidates = town
    wish = ["--candidates", str(candidates), "--mode", "walk", "--minutes", "6", "--json"]
    answer = json.loads(run(*common, *wish, "--sites", "2").stdout)
    rows = candidates.read_text().splitlines()
    chosen = folder / "chosen.csv"
    chosen.write_text(
        "\n".join([rows[0], *(r for r in rows if r.split(",")[0] in answer["chosen"])])
    )
    walk = ["--sites", str(chosen), "--mode", "walk", "--minutes", "6", "--json"]
    counted = json.loads(CliRunner().invoke(app, ["plan", "coverage", *common, *walk]).stdout)
    assert (len(answer["chosen"]), answer["status"]) == (2, "optimal")
    assert (answer["covered"], answer["value"]) == (counted["covered"], counted["covered"])


def test_budget_and_medians_on_roads(town):
    _, common, candidates = town
    wish = [*common, "--candidates", str(candidates), "--mode", "walk", "--json"]
    money = json.loads(run(*wish, "--minutes", "6", "--budget", "5").stdout)
    assert (money["status"], len(money["chosen"])) == ("optimal", 2)
    everyone = json.loads(run(*wish, "--sites", "3", "--objective", "p-center").stdout)
    assert (everyone["unit"], everyone["share"]) == ("minutes", 1.0)
    nearest = json.loads(run(*wish, "--sites", "3", "--objective", "p-median").stdout)
    assert (nearest["unit"], nearest["status"]) == ("person-minutes", "optimal")
    assert nearest["value"] <= everyone["value"] * nearest["covered"]


def test_faults_of_all_files_come_together(town):
    folder, common, _ = town
    bad = folder / "bad.csv"
    bad.write_text("id,node\nX,1\nX,2\n")
    done = run(*common[:2], "--demand", str(bad), "--candidates", str(folder / "none.csv"))
    assert done.exit_code == 2
    assert done.stderr.splitlines() == ["给出 --sites、--cover、--budget 之一"]
    wish = ["--demand", str(bad), "--candidates", str(folder / "none.csv"), "--sites", "1"]
    done = run(*common[:2], *wish)
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "bad.csv 第 3 行：id 重复：X（第 2 行已有）",
        "bad.csv：缺少列 weight（现有：id, node）",
        "none.csv：没有这个文件",
    ]
