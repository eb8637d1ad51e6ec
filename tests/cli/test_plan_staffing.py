"""`circle15 plan staffing` as a planner meets it."""

import json

from typer.testing import CliRunner

from circle15.cli.main import app


def run(*arguments: str):
    return CliRunner().invoke(app, ["plan", "staffing", "--days", "40", *arguments])


def test_the_plan_of_a_town_is_printed_and_repeats():
    first, again = (
        run("--people", "60000", "--windows", "1"),
        run("--people", "60000", "--windows", "1"),
    )
    assert first.exit_code == 0
    assert first.output == again.output
    assert "建议配备" in first.output
    assert "所给 1 个窗口" in first.output


def test_json_holds_windows_roster_waits_and_norms():
    done = run("--people", "60000", "--seed", "3", "--json")
    told = json.loads(done.output)
    assert done.exit_code == 0
    assert (told["seed"], told["days"], told["people"]) == (3, 40, 60_000)
    assert [row["hour"] for row in told["windows_by_hour"]] == list(range(9, 17))
    assert told["roster"]["proven_smallest"] is True
    assert set(told["figures"]["wait_minutes"]) == {"p50", "p90", "p95"}
    assert [norm["clause"] for norm in told["norms"]] == ["5（1）", "13", "四（一）"]
    assert told["given_windows"] is None


def test_everything_wrong_is_said_at_once_and_exits_2(tmp_path):
    (tmp_path / "a.csv").write_text("x\n", encoding="utf-8")
    done = run(
        *("--people", "0", "--arrivals", str(tmp_path / "a.csv"), "--target", "2"),
        *("--hall", str(tmp_path / "none.yaml"), "--assume", "green", "--weekday", "8"),
    )
    assert done.exit_code == 2
    assert [line.split("：")[0] for line in done.output.splitlines()] == [
        "--people",
        "--target",
        "--weekday",
        "--people 与 --arrivals 只能用一个；人口可写在大厅文件的 people 中",
        "--assume",
        "none.yaml",
        "a.csv",
    ]


def test_a_hall_closed_that_day_exits_2():
    done = run("--people", "1000", "--weekday", "7")
    assert (done.exit_code, done.output) == (2, "周日没有人来\n")
