"""`circle15 standards | facts | score | gap`: output, exit codes, every problem at once."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from circle15.cli.main import app
from circle15.scoring import sheet_from_json, sheet_to_json
from circle15.standards import editions, facts
from circle15.standards.handbook import handbook

JIANGSU = "jiangsu-acceptance"


def run(*words, env=None):
    return CliRunner().invoke(app, list(words), env=env)


@pytest.fixture
def facts_file(tmp_path):
    """Write a facts file from the full sample, with some lines replaced."""

    def writes(*replacements, edition=JIANGSU, options=("--full",)):
        text = run("facts", edition, *options).stdout
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "事实.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return writes


def problems(*words):
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.splitlines()


# --- standards


def test_standards_lists_the_books():
    result = run("standards")

    assert result.exit_code == 0
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == [
        book.id for book in editions()
    ]
    assert "未设合格线" in result.stdout


def test_standards_as_json():
    books = json.loads(run("standards", "--json").stdout)

    assert [(book["id"], book["clauses"], book["rules"]) for book in books] == [
        ("jiangsu-acceptance", 32, 53),
        ("nantong-demonstration", 26, 26),
        ("wuhu-demonstration", 28, 29),
        ("db3206-1052", 26, 28),
    ]
    assert [[each["max"] for each in book["profiles"]] for book in books] == [
        ["100"],
        ["26"],
        ["29"],
        ["21", "22"],
    ]
    assert {book["pass_mark"] for book in books} == {None}
    assert books[0]["vetoes"] == ["V1", "V2", "V3", "V4", "V5", "V6"]
    assert books[0]["switches"]["agency_zero_scope"] == ["rule", "item"]


def test_standards_as_markdown():
    assert run("standards", "--markdown").stdout == handbook(editions())


# --- facts


@pytest.mark.parametrize(
    ("options", "total"), [((), "100"), (("--full",), "100"), (("--empty",), "0")]
)
def test_facts_file_can_be_scored(facts_file, options, total):
    result = run("score", JIANGSU, facts_file(options=options), "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["total"] == total


def test_full_and_empty_at_once_are_refused():
    assert problems("facts", JIANGSU, "--full", "--empty") == ["--full 与 --empty 只能用一个"]


def test_facts_file_has_a_date_facts_and_vetoes():
    lines = run("facts", JIANGSU).stdout.splitlines()

    assert [line.split(":")[0] for line in lines if not line.startswith(" ")] == [
        "on",
        "facts",
        "vetoes",
    ]
    assert "  site.indoor_area_m2: 150                      # 室内服务场所面积（平方米）" in lines


def test_facts_of_a_profile_say_which(facts_file):
    path = facts_file(edition="db3206-1052", options=("--profile", "station"))

    sheet = json.loads(run("score", "db3206-1052", path, "--json", "--detail").stdout)

    assert (sheet["profile"], sheet["total"], sheet["max"]) == ("station", "22", "22")


def test_unknown_edition_and_profile():
    assert problems("facts", "shanghai") == [
        (
            "没有规则版本 shanghai，可用：jiangsu-acceptance、nantong-demonstration、"
            "wuhu-demonstration、db3206-1052"
        )
    ]
    assert problems("facts", "db3206-1052", "--profile", "bank") == [
        "db3206-1052 没有类别 bank，可用：demonstration、station"
    ]


# --- score


def test_score_as_json(facts_file):
    path = facts_file(("site.indoor_area_m2: 150", "site.indoor_area_m2: 100.50"))

    result = run("score", JIANGSU, path, "--json")

    sheet = json.loads(result.stdout)
    assert result.stderr == ""
    assert list(sheet) == ["edition", "total", "max", "result", "vetoes", "clauses"]
    assert {tuple(each) for each in sheet["clauses"]} == {("id", "points", "max", "rules")}
    assert {tuple(rule) for each in sheet["clauses"] for rule in each["rules"]} == {
        ("id", "points", "max", "reason", "facts")
    }
    assert (sheet["edition"], sheet["total"], sheet["max"]) == (JIANGSU, "98", "100")
    assert sheet["clauses"][1]["rules"][0]["facts"] == {"site.indoor_area_m2": "100.5"}


def test_score_in_detail_is_the_whole_sheet(facts_file):
    path = facts_file()

    short, whole = (
        json.loads(run("score", JIANGSU, path, "--json", *more).stdout)
        for more in ((), ("--detail",))
    )

    assert sheet_to_json(sheet_from_json(whole)) == whole
    assert {key: whole[key] for key in short if key != "clauses"} == {
        key: value for key, value in short.items() if key != "clauses"
    }
    rules = [rule for clause in whole["clauses"] for rule in clause["rules"]]
    assert {rule["reason_en"] for rule in rules} >= {"all in place", "no findings"}


def test_score_for_people(facts_file):
    path = facts_file(("eq.pen: true", "eq.pen: false"), ("vetoes: []", "vetoes: [V4]"))

    lines = run("score", JIANGSU, path).stdout.splitlines()

    assert len(lines) == 54
    assert "I02.3.a\t2（3） 功能区设备\t4/5\t缺笔（1件），扣1分" in lines
    assert lines[-1] == "合计 99/100 分，不合格（一票否决：V4）"


@pytest.mark.parametrize(
    ("mark", "said"), [("99.9", "达到合格线"), ("100.1", "不合格"), (None, "未设合格线")]
)
def test_pass_mark(facts_file, mark, said):
    options = ("--pass-mark", mark) if mark else ()

    result = run("score", JIANGSU, facts_file(), *options)

    assert result.stdout.splitlines()[-1] == f"合计 100/100 分，{said}"


def test_another_reading(facts_file):
    path = facts_file(("eq.wheelchair: true", "eq.wheelchair: false"))

    totals = [
        json.loads(run("score", JIANGSU, path, "--json", *options).stdout)["total"]
        for options in ((), ("--switch", "basic_medical_start=start_at_3_cap_2"))
    ]

    assert totals == ["99", "100"]


def test_names_of_conclusions_are_understood(facts_file):
    path = facts_file(
        ("vetoes: []", "vetoes:"), ("facts:", "facts:\n  train.shortfall_sessions: 1")
    )

    assert json.loads(run("score", JIANGSU, path, "--json").stdout)["total"] == "99.5"


def test_units_of_a_requirement_book(facts_file):
    result = run("score", "nantong-demonstration", facts_file(edition="nantong-demonstration"))

    assert result.stdout.splitlines()[-1] == "合计 26/26 项，未设合格线"


# --- bad input


def test_every_problem_comes_at_once(facts_file):
    path = facts_file(
        ("site.indoor_area_m2: 150", "site.indor_area_m2: 150"),
        ("eq.pen: true ", "eq.pen: -1"),
        ("zone.guide: true ", "zone.guide: yes"),
        ("zone.queue: true ", "zone.queue: true\n  zone.queue: true"),
        ("inst.unpublished_count: 0", "inst.unpublished_count: true"),
        ("vetoes: []", "vetoes: [V9]\nmood: good"),
        ("  eq.copier", "  # eq.copier"),
    )
    rest = Path(path).read_text(encoding="utf-8").partition("\n")[2]
    Path(path).write_text(f"on: 2026-02-30\n{rest}", encoding="utf-8")

    seen = problems(
        "score", JIANGSU, path, "--switch", "moon=full", "--pass-mark", "-1", "--profile", "x"
    )

    assert [each for each in seen if each.startswith("facts")] == [
        "facts：没有名为 site.indor_area_m2 的事实，是不是 site.indoor_area_m2？",
        "facts：zone.guide（引导咨询区）：应为 true、false 或件数，得到 yes",
        "facts：eq.pen（笔）：不能为负，得到 -1",
        "facts：inst.unpublished_count（未公示的制度或流程）：应为数，得到 true",
        "facts：缺少事实 site.indoor_area_m2（室内服务场所面积）",
        "facts：缺少事实 eq.copier（复印机）",
    ]
    assert [each.partition("：")[0] for each in seen if not each.startswith("facts")] == [
        "没有这样的口径",
        "--pass-mark",
        "第 17 行",
        "mood",
        "on",
        "profile",
        "vetoes",
    ]


def test_a_file_that_is_not_there(tmp_path):
    assert problems("score", JIANGSU, str(tmp_path / "no.yaml")) == [
        f"{tmp_path}/no.yaml：文件不存在"
    ]
    assert problems("score", JIANGSU, str(tmp_path)) == [f"{tmp_path}：是文件夹，不是文件"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe\x00", "不是 UTF-8 文本"),
        (b"x" * 2_000_001, "文件过大"),
        (b"facts: [", "第 1 行：不是有效的 YAML"),
        (b"- 1", "文件：应为键值表，含 on、facts、vetoes"),
        (b"", "文件：应为键值表，含 on、facts、vetoes"),
        (b"facts: [1]", "facts：应为事实名称到值的键值表"),
        (b"facts: {}\nvetoes: V1", "vetoes：应为否决情形编号的列表，如 [V1]"),
        (b"facts: {}\nvetoes: [{a: 1}]", "vetoes：没有否决情形 {'a': 1}，可用：V1"),
        (b"on: soon\nfacts: {}", "on：不是有效日期（应如 2026-11-21）：soon"),
    ],
)
def test_what_is_no_facts_file(tmp_path, content, problem):
    path = tmp_path / "f.yaml"
    path.write_bytes(content)

    assert any(problem in line for line in problems("score", JIANGSU, str(path)))


def test_a_value_of_many_lines_stays_on_one_line(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text('facts: {eq.pen: "a\\nb"}', encoding="utf-8")

    seen = problems("score", JIANGSU, str(path))

    assert seen[0] == "facts：eq.pen（笔）：应为 true、false 或件数，得到 a b"


def test_books_without_vetoes_or_switches_say_so(facts_file):
    path = facts_file(("vetoes: []", "vetoes: [V1]"), edition="nantong-demonstration")

    seen = problems("score", "nantong-demonstration", path, "--switch", "dress=no")

    assert seen == [
        (
            "没有这样的口径：dress=no；可用：zones_binding=advisory|binding，"
            "population_basis=max|registered|resident"
        ),
        "vetoes：没有否决情形 V1，可用：本规则没有否决情形",
    ]


def test_a_date_in_quotes_or_none_at_all_will_do(facts_file, tmp_path):
    text = Path(facts_file()).read_text(encoding="utf-8").partition("\n")[2]
    path = tmp_path / "f.yaml"

    for head in ("", "on: '2026-11-21'\n"):
        path.write_text(head + text, encoding="utf-8")
        assert run("score", JIANGSU, str(path)).exit_code == 0


# --- gap


def test_gap_tells_what_to_do(facts_file):
    path = facts_file(
        ("eq.pen: true ", "eq.pen: false"), ("site.indoor_area_m2: 150", "site.indoor_area_m2: 95")
    )

    lines = run("gap", JIANGSU, path).stdout.splitlines()

    assert lines == [
        "配备笔\t+1\t98\t1 小额购置\tI02.3.a",
        "扩大室内服务场所（至 150平方米）\t+2\t100\t2 大额购置、改造\tI01.2.a",
        "现为 97/100 分，差 3",
    ]


def test_gap_marks_what_is_optional(facts_file):
    path = facts_file(("eq.kiosk: true ", "eq.kiosk: false"), edition="wuhu-demonstration")

    lines = run("gap", "wuhu-demonstration", path).stdout.splitlines()

    assert lines[0].endswith("W3.2.3.b（可选）")


# --- on a terminal, in a pipe, as a module


def test_tables_on_a_terminal_respect_no_color(facts_file, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")

    shown = run("score", JIANGSU, facts_file()).stdout

    assert "┃" in shown
    assert re.findall(r"\x1b\[[0-9;]*(?:3[0-8]|4[0-8]|9[0-7])m", shown) == []


def test_help_is_in_chinese():
    shown = run("score", "--help").stdout

    assert "按规则给一份事实文件评分" in shown
    assert run("--help").exit_code == 0


def test_the_module_needs_no_database_and_speaks_utf8(facts_file):
    words = [sys.executable, "-m", "circle15.cli", "score", JIANGSU, facts_file(), "--json"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": "src", "LC_ALL": "C", "PYTHONUTF8": "0"}

    done = subprocess.run(words, env=env, capture_output=True, check=True)

    assert json.loads(done.stdout.decode("utf-8"))["total"] == "100"


def test_the_sample_covers_every_fact_that_is_no_conclusion():
    sampled = set()
    for book in editions():
        for profile in book.profiles:
            text = run("facts", book.id, "--profile", profile.id).stdout
            sampled |= {line.split(":")[0].strip() for line in text.splitlines()}

    assert {name for name in facts() if name not in sampled} == {
        name for name, fact in facts().items() if fact.stands_for
    }
