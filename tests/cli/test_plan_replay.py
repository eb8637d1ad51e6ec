"""A recorded study runs again to the same bytes, or what differs is named."""

import json
from pathlib import Path

import pytest
from tests.cli.qidong import Qidong, qidong
from tests.cli.test_plan_studies import run

from circle15.cli.planning_study import _without_scheduler
from circle15.planning.studies.record import differences

ASKED = {
    "nearest": [],
    "coverage": [
        "--mode",
        "ebike",
        "--by",
        "town",
        "--by",
        "half",
        "--own-by",
        "half",
        "--circles",
    ],
    "access": ["--supply", "staff", "--zone", "5=1", "--zone", "15=0.4"],
    "capacity": ["--order", "level", "--minutes", "10.5"],
    "referral": ["--levels", "level"],
}


@pytest.fixture
def county(tmp_path) -> Qidong:
    return qidong(tmp_path)


def recorded(command: str, files: Qidong, name: str = "record.json") -> Path:
    path = files.demand.with_name(name)
    done = run(command, *files.options(), *ASKED[command], "--record", path)
    assert done.exit_code == 0
    return path


@pytest.mark.parametrize("command", ASKED)
def test_a_record_replays_to_the_same_bytes(county, command) -> None:
    path = recorded(command, county)
    done = run("replay", path)
    assert (done.exit_code, done.stdout) == (0, "结果相同，逐字节一致\n")
    assert path.read_bytes() == recorded(command, county, "again.json").read_bytes()


def test_a_siting_replays_whatever_the_seconds_it_took(county) -> None:
    path = county.demand.with_name("record.json")
    files = ("--network", county.network, "--demand", county.demand, "--existing", county.sites)
    asked = ("--candidates", county.demand, "--sites", 2, "--objective", "mclp", "--force")
    done = run("siting", *files, *asked, "320681407001", "--mode", "ebike", "--record", path)
    assert done.exit_code == 0
    assert "seconds" not in json.loads(path.read_text(encoding="utf-8"))["result"]
    assert run("replay", path).stdout == "结果相同，逐字节一致\n"


def test_an_isochrone_is_recorded_and_where_it_was_written_is_not_asked_again(county) -> None:
    path, out = (county.demand.with_name(name) for name in ("record.json", "area.geojson"))
    files = ("--network", county.network, "--sites", county.sites, "--mode", "walk")
    done = run("isochrone", *files, "--minutes", 5, "--geojson", out, "--record", path)
    record, before = json.loads(path.read_text(encoding="utf-8")), out.read_bytes()
    out.unlink()
    assert (done.exit_code, done.stdout) == (0, "")
    assert (list(record["inputs"]), record["result"]) == (["network", "sites"], json.loads(before))
    assert run("replay", path).stdout == "结果相同，逐字节一致\n"
    assert not out.exists()
    record["result"]["features"][0]["geometry"]["coordinates"][0][0][0][0] = 1.5
    path.write_text(json.dumps(record), encoding="utf-8")
    done = run("replay", path)
    field = "features[0].geometry.coordinates[0][0][0][0]"
    assert (done.exit_code, len(done.stdout.splitlines())) == (1, 1)
    assert done.stdout.startswith(f"结果不同：{field}：1.5 → 121.")


def test_the_staff_of_a_hall_is_recorded_with_its_file(county) -> None:
    path, hall = (county.demand.with_name(name) for name in ("record.json", "hall.yaml"))
    hall.write_text("people: 20000\n", encoding="utf-8")
    asked = ("--hall", hall, "--days", 30, "--assume", "patience=none")
    assert run("staffing", *asked, "--record", path).exit_code == 0
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["inputs"]["hall"]["file"] == "hall.yaml"
    assert record["parameters"]["assume"] == ["patience=none"]
    assert run("replay", path).stdout == "结果相同，逐字节一致\n"
    hall.write_text("people: 90000\n", encoding="utf-8")
    assert run("replay", path).stdout.splitlines()[0] == f"输入已变：{hall}"


def test_a_record_names_what_was_asked_of_which_files(county) -> None:
    record = json.loads(recorded("capacity", county).read_text(encoding="utf-8"))
    assert record["command"] == "capacity"
    assert record["parameters"]["order"] == "level"
    assert record["parameters"]["minutes"] == 10.5
    assert record["inputs"]["demand"]["file"] == "villages.csv"
    assert list(record["inputs"]) == ["network", "demand", "sites"]
    assert "numba" in record["versions"]


def test_a_record_moves_with_its_files(county, tmp_path_factory) -> None:
    path = recorded("coverage", county)
    record = json.loads(path.read_text(encoding="utf-8"))
    record["inputs"]["network"]["file"] = str(county.network)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "record.json").write_text(json.dumps(record), encoding="utf-8")
    for table in (county.demand, county.sites):
        table.rename(elsewhere / table.name)
    assert run("replay", elsewhere / "record.json").exit_code == 0


def test_a_changed_file_and_a_changed_answer_are_named(county) -> None:
    path = recorded("coverage", county)
    text = county.demand.read_text(encoding="utf-8").replace(",3939,", ",3940,")
    county.demand.write_text(text, encoding="utf-8")
    done = run("replay", path)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"输入已变：{county.demand}"
    assert "结果不同：people：967313 → 967314" in lines


def test_a_falsified_answer_is_named(county) -> None:
    path = recorded("referral", county)
    path.write_text(
        path.read_text(encoding="utf-8").replace('"complete": 335', '"complete": 336'),
        encoding="utf-8",
    )
    done = run("replay", path)
    assert (done.exit_code, done.stdout) == (1, "结果不同：complete：336 → 335\n")


def test_fields_in_another_order_are_not_the_same_bytes(county) -> None:
    path = recorded("nearest", county)
    record = json.loads(path.read_text(encoding="utf-8"))
    record["result"] = dict(reversed(record["result"].items()))
    path.write_text(json.dumps(record), encoding="utf-8")
    done = run("replay", path)
    assert (done.exit_code, done.stdout) == (1, "结果不同：字段的次序\n")


def test_of_very_many_differences_the_rest_is_counted(county) -> None:
    path = recorded("nearest", county)
    record = json.loads(path.read_text(encoding="utf-8"))
    for row in record["result"]["nearest"][:60]:
        row["minutes"] = -1
    path.write_text(json.dumps(record), encoding="utf-8")
    lines = run("replay", path).stdout.splitlines()
    assert (len(lines), lines[-1]) == (51, "另有 10 处不同")


def test_another_version_is_told_and_is_no_fault(county) -> None:
    path = recorded("nearest", county)
    record = json.loads(path.read_text(encoding="utf-8"))
    record["versions"]["numpy"] = "1.0"
    path.write_text(json.dumps(record), encoding="utf-8")
    done = run("replay", path)
    assert done.exit_code == 0
    assert done.stderr.startswith("版本不同：numpy 1.0 → ")


def test_what_can_not_be_replayed_is_refused(county) -> None:
    path = recorded("nearest", county)
    text = path.read_text(encoding="utf-8")
    refusals = {
        text[:200]: "不是规划记录，或不完整",
        text.replace('"form": 1', '"form": 2'): "不是规划记录，或不完整",
        text.replace('"nearest"', '"rocket"', 1): "不能重算 rocket",
        text.replace('"mode"', '"way"', 1): "参数不对",
        text.replace("villages.csv", "gone.csv"): "没有这个文件",
    }
    for content, said in refusals.items():
        path.write_text(content, encoding="utf-8")
        done = run("replay", path)
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr


def test_a_record_that_can_not_be_written_is_refused(county) -> None:
    nowhere = county.demand.parent / "none" / "a.json"
    done = run("nearest", *county.options(), "--record", nowhere)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"{nowhere}：无法写入（No such file or directory）\n"


def test_a_scheduler_is_no_part_of_what_was_asked() -> None:
    asked = {"mode": "walk", "districts": 1, "scheduler": "tcp://127.0.0.1:8786"}
    assert _without_scheduler(asked) == {"mode": "walk", "districts": 8}
    assert _without_scheduler(asked | {"scheduler": None}) == {"mode": "walk", "districts": 1}


def test_differences_are_named_by_field() -> None:
    before = {"a": [1, {"b": 1}], "c": None, "d": 2}
    after = {"a": [1, {"b": 1.0}, 3], "c": {}, "e": 2}
    assert list(differences(before, after)) == [
        ("a[1].b", "1", "1.0"),
        ("a[2]", "—", "3"),
        ("c", "null", "{}"),
        ("d", "2", "—"),
        ("e", "—", "2"),
    ]
