"""The travel scenario: the one that comes with the program, others, and faulty ones."""

import json
import math

import pytest

from circle15.planning.network.profiles import (
    default_scenario,
    default_scenario_text,
    parse_scenario,
    read_scenario,
)
from circle15.planning.problems import PlanningRefused


def problems_of(text):
    with pytest.raises(PlanningRefused) as refused:
        parse_scenario(text)
    return [problem.zh for problem in refused.value.problems]


def test_the_default_has_three_modes_and_the_speeds_of_the_file() -> None:
    scenario = default_scenario()
    assert [mode.name for mode in scenario.modes] == ["walk", "ebike", "drive"]
    assert scenario.speeds["residential"] == {"walk": 4.5, "ebike": 15.0, "drive": 25.0}
    assert scenario.speeds["motorway"] == {"drive": 80.0}
    assert scenario.speeds["footway"] == {"walk": 4.5}


def test_e_bikes_go_no_faster_than_15() -> None:
    speeds = [
        by_mode.get("ebike", 0)
        for name, by_mode in default_scenario().speeds.items()
        if name != "ferry"
    ]
    assert max(speeds) == 15


def test_it_can_be_written_as_json() -> None:
    text = json.dumps(default_scenario().as_json(), allow_nan=False)
    assert json.loads(text)["speeds"]["steps"] == {"walk": 2.5}


def test_a_changed_copy_is_another_scenario(tmp_path) -> None:
    path = tmp_path / "雨天.yaml"
    text = default_scenario_text().replace(
        "residential:    {walk: 4.5", "residential:    {walk: 3.6"
    )
    path.write_text(text, encoding="utf-8-sig")
    assert read_scenario(path).speeds["residential"]["walk"] == 3.6


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{walk: 2.5}", "{walk: 0}", "steps.walk：应大于 0"),
        ("{walk: 2.5}", "{walk: fast}", "steps.walk：应为不小于 0 的数，最多 4 位小数"),
        ("{walk: 2.5}", "{swim: 2.5}", "steps.swim：不认识的字段"),
        ("no_door: [motorway,", "no_door: [highway,", "no_door：不认识的道路等级：highway"),
        ("least_part_nodes: 10", "least: 10", "least：不认识的字段"),
        ("id: default", "", "id：缺少，应为文字"),
    ],
)
def test_a_fault_is_named_with_its_place(old, new, problem) -> None:
    text = default_scenario_text()
    assert old in text
    found = problems_of(text.replace(old, new, 1))
    assert any(each.endswith(problem) for each in found), found


def test_all_faults_are_named_at_once() -> None:
    text = default_scenario_text().replace("{walk: 2.5}", "{walk: 0}").replace("id: default", "")
    assert len(problems_of(text)) >= 2


def test_what_holds_no_fields_is_said_once_with_its_file(tmp_path) -> None:
    assert problems_of("hello") == ["出行方案：应为键值表"]
    path = tmp_path / "mine.yaml"
    path.write_text(default_scenario_text().replace("{walk: 2.5}", "{walk: fast}"), "utf-8")
    with pytest.raises(PlanningRefused) as refused:
        read_scenario(path)
    (problem,) = refused.value.problems
    assert problem.zh == "出行方案 mine.yaml：steps.walk：应为不小于 0 的数，最多 4 位小数"


def test_what_is_no_yaml_is_refused(tmp_path) -> None:
    assert problems_of("a: [")[0].startswith("出行方案：第 ")
    with pytest.raises(PlanningRefused, match="没有这个文件"):
        read_scenario(tmp_path / "none.yaml")
    (tmp_path / "bin.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PlanningRefused, match="无法读取"):
        read_scenario(tmp_path / "bin.yaml")


def test_numbers_are_finite() -> None:
    scenario = default_scenario()
    speeds = [kmh for by_mode in scenario.speeds.values() for kmh in by_mode.values()]
    assert all(math.isfinite(kmh) and kmh > 0 for kmh in speeds)
