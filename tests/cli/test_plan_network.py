"""`circle15 plan network`: a network file and a report, or exit code 2 and nothing written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from circle15.cli.main import app
from circle15.planning.network.profiles import default_scenario_text
from circle15.planning.network.store import load

DATA = Path(__file__).parents[1] / "planning" / "data"
TOWN = str(DATA / "dieshiqiao.osm.gz")


def run(*words):
    return CliRunner().invoke(app, ["plan", *map(str, words)])


def test_a_network_is_written_and_reported(tmp_path) -> None:
    out = tmp_path / "town.net"
    done = run("network", TOWN, "--out", out)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert "节点\t36" in lines
    assert "步行\t36\t80\t1\t0\t0" in lines
    assert (
        lines[-1] == "未计：路口、转弯、红绿灯耽误的时间，转弯限制，路障，候船时间，停车时间，坡度"
    )
    assert load(out).node_count == 36


def test_the_report_as_json_is_what_the_file_says_of_itself(tmp_path) -> None:
    out = tmp_path / "town.net"
    report = json.loads(run("network", TOWN, "--out", out, "--json").stdout)
    assert report == {
        "network": "town.net",
        "modes": ["walk", "ebike", "drive"],
        **load(out).source,
    }


def test_the_same_roads_give_the_same_file(tmp_path) -> None:
    for name in ("a.net", "b.net"):
        run("network", TOWN, "--out", tmp_path / name)
    assert (tmp_path / "a.net").read_bytes() == (tmp_path / "b.net").read_bytes()


def test_another_scenario_is_taken(tmp_path) -> None:
    slow = tmp_path / "slow.yaml"
    slow.write_text(default_scenario_text().replace("walk: 4.5", "walk: 2.25"), encoding="utf-8")
    run("network", TOWN, "--out", tmp_path / "a.net")
    run("network", TOWN, "--out", tmp_path / "b.net", "--scenario", slow)
    usual, twice = (load(tmp_path / name).times["walk"].astype(int) for name in ("a.net", "b.net"))
    assert abs(twice - 2 * usual).max() <= 1


def test_the_printed_scenario_can_be_used_as_it_is() -> None:
    assert run("scenario").stdout == default_scenario_text()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.osm", b"", "empty.osm：文件是空的"),
        ("no.osm", b'<osm version="0.6"></osm>', "no.osm：文件里没有道路"),
        ("edges.csv", b"u,v,length_m\n1,2,3\n", "没有 nodes.csv（或 nodes.csv.gz）"),
    ],
)
def test_bad_input_exits_with_2_and_writes_nothing(tmp_path, name, content, said) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("network", tmp_path / name, "--out", tmp_path / "a.net")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_every_problem_has_its_line(tmp_path) -> None:
    (tmp_path / "nodes.csv").write_text("id,lon,lat\n1,121,31\n1,x,31\n")
    (tmp_path / "edges.csv").write_text("u,v,length_m\n1,7,-1\n")
    done = run("network", tmp_path, "--out", tmp_path / "a.net")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "nodes.csv 第 3 行：id 重复：1（第 2 行已有）",
        "nodes.csv 第 3 行：lon 不是数：x",
        "edges.csv 第 2 行：节点表中没有节点 7",
        "edges.csv 第 2 行：length_m 不能为负：-1",
    ]


def test_a_place_that_can_not_be_written_to_is_said(tmp_path) -> None:
    done = run("network", TOWN, "--out", tmp_path / "none" / "a.net")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "无法写入（No such file or directory）" in done.stderr


def test_help_loads_no_engine() -> None:
    heavy = "{'numpy', 'shapely', 'osmium'}"
    code = f"import sys, circle15.cli.main; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
