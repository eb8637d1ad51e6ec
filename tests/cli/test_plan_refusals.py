"""Bad input to the studies: exit code 2, one line a problem, nothing on stdout, nothing written."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.qidong import Qidong, qidong
from tests.cli.test_plan_studies import run

HEAD = "id,lon,lat,weight\n"
SPOT = "121.655,31.811"


def tables(demand: str = "", sites: str = "") -> Callable[[Qidong], None]:
    """Write other tables; an empty one stays as it is."""

    def change(files: Qidong) -> None:
        for path, text in ((files.demand, demand), (files.sites, sites)):
            if text:
                path.write_text(text, encoding="utf-8")

    return change


def bytes_of(name: str, change: Callable[[bytes], bytes]) -> Callable[[Qidong], Qidong]:
    """Spoil one file, in the study's folder."""

    def spoil(files: Qidong) -> Qidong:
        content = getattr(files, name).read_bytes()
        path = files.demand.parent / f"spoilt_{name}"
        path.write_bytes(change(content))
        return replace(files, **{name: path})

    return spoil


BAD_FILES = {
    "network cut short": (
        bytes_of("network", lambda old: old[:9_000]),
        ["spoilt_network：文件不完整"],
    ),
    "no network": (bytes_of("network", lambda _: b"<osm/>"), ["spoilt_network"]),
    "empty network": (bytes_of("network", lambda _: b""), ["spoilt_network"]),
    "empty table": (bytes_of("demand", lambda _: b""), ["spoilt_demand：文件是空的"]),
    "no rows": (bytes_of("sites", lambda _: b"id,lon,lat\n"), ["spoilt_sites：没有数据行"]),
    "no text": (bytes_of("demand", lambda _: b"\0\xff\1"), ["spoilt_demand：不是文本文件"]),
    "gzip cut short": (
        bytes_of("demand", lambda old: gzip.compress(old)[:-20]),
        ["spoilt_demand：压缩文件不完整"],
    ),
    "negative weight, id twice": (
        tables(f"{HEAD}A,{SPOT},1\nA,{SPOT},-5\n"),
        ["villages.csv 第 3 行：id 重复：A", "villages.csv 第 3 行：weight 不能为负：-5"],
    ),
    "both tables": (
        tables(f"{HEAD}A,x,31.8,1\n", "id,lon\nS,121.6\n"),
        ["villages.csv 第 2 行：lon 不是数：x", "sites.csv：缺少列 lat"],
    ),
    "swapped": (tables(f"{HEAD}A,31.811,121.655,1\n"), ["villages.csv：经度和纬度看来填反了"]),
    "metres": (
        tables(f"{HEAD}A,561975,3520145,1\n"),
        ["villages.csv：坐标看来是投影坐标（米）"],
    ),
    "both off the roads": (
        tables(f"{HEAD}A,116.4,39.9,1\n", "id,lon,lat,capacity\nS,113.3,23.1,9\n"),
        ["需求点：所有点距最近的路都超过 1 公里", "网点：所有点距最近的路都超过 1 公里"],
    ),
    "unknown nodes": (
        tables("id,node,weight\nA,-7,1\n", "id,node,capacity\nS,-8,9\nT,-9,9\n"),
        ["需求点：A：路网中没有节点 -7", "网点：S：路网中没有节点 -8", "网点：T："],
    ),
}
NO_MODE = "路网中没有出行方式“rocket”，可选：walk、ebike、drive"
BAD_WORDS = {
    "coverage": (
        ["--mode", "rocket", "--minutes", "0", "--by", "x", "--own-by", "y", "--circle-kmh", "-1"],
        [
            NO_MODE,
            "分钟数0超出范围",
            "需求点表没有“x”这一列",
            "需求点表没有“y”这一列",
            "网点表没有“y”这一列",
            "圆圈速度-1超出范围",
        ],
    ),
    "nearest": (["--mode", "rocket"], [NO_MODE]),
    "access": (
        ["--supply", "z", "--minutes", "inf", "--decay", "cubic", "--people", "q", "--zone", "1"],
        [
            "分钟数inf超出范围",
            "需求点表没有“q”这一列人数（现有：weight、over_60）",
            "网点表没有“z”这一列（现有：capacity、name、staff、level、half）",
            "没有衰减方式“cubic”",
            "分区应按分钟由小到大",
        ],
    ),
    "capacity": (
        ["--mode", "rocket", "--capacity", "none", "--order", "no"],
        [NO_MODE, "网点表没有“none”这一列", "网点表没有“no”这一列"],
    ),
}


def lines_of(done) -> list[str]:
    assert (done.exit_code, done.stdout) == (2, "")
    return done.stderr.splitlines()


@pytest.mark.parametrize("case", BAD_FILES)
@pytest.mark.parametrize("command", ["coverage", "capacity"])
def test_bad_files_are_refused_and_nothing_is_written(tmp_path: Path, command, case) -> None:
    change, said = BAD_FILES[case]
    files = qidong(tmp_path)
    files = change(files) or files
    before = sorted(tmp_path.iterdir())
    lines = lines_of(run(command, *files.options(), "--record", tmp_path / "record.json"))
    assert [line[: len(part)] for line, part in zip(lines, said, strict=True)] == said
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", BAD_WORDS)
def test_everything_wrong_with_a_question_is_said_at_once(tmp_path: Path, command) -> None:
    words, said = BAD_WORDS[command]
    lines = lines_of(run(command, *qidong(tmp_path).options(), *words))
    assert [line[: len(part)] for line, part in zip(lines, said, strict=True)] == said


@pytest.mark.parametrize("zones", [["5=1", "3=0.5", "15=0.2"], ["5=1"], ["15=-1"], ["15=nan"]])
def test_zones_ascend_to_the_limit(tmp_path: Path, zones) -> None:
    words = [word for zone in zones for word in ("--zone", zone)]
    lines = lines_of(run("access", *qidong(tmp_path).options(), "--supply", "staff", *words))
    assert lines == ["分区应按分钟由小到大，权重不小于 0，最后一区到分钟数为止"]


def test_a_word_where_a_number_of_staff_belongs_is_named_by_site(tmp_path: Path) -> None:
    files = qidong(tmp_path)
    files.sites.write_text(f"id,lon,lat,staff\nS,{SPOT},3\nT,{SPOT},三\nU,{SPOT},\n")
    assert lines_of(run("access", *files.options(), "--supply", "staff")) == [
        "网点“T”的 staff 应为不小于 0 的数：三",
        "网点“U”的 staff 应为不小于 0 的数：空",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "转介至少要两级"),
        (["--levels", "rank"], "网点表没有“rank”这一列"),
        (["--levels", "name"], "name 列不是数，请用 --order 给出由低到高的次序"),
        (["--levels", "level", "--order", "1,3"], "网点表的 level 列没有“3”"),
        (["--levels", "level", "--sites", "SITES"], "--levels 只用于一张网点表"),
    ],
)
def test_levels_that_are_none_are_refused(tmp_path: Path, words, said) -> None:
    files = qidong(tmp_path)
    words = [files.sites if word == "SITES" else word for word in words]
    start = ("--network", files.network, "--sites", files.sites)
    lines = lines_of(run("referral", *start, *words))
    assert [line[: len(said)] for line in lines] == [said]


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path) -> None:
    lines = lines_of(run("coverage", *qidong(tmp_path).options(), "--scheduler", "nowhere:port"))
    assert [line[:10] for line in lines] == ["连不上计算调度器no"]
