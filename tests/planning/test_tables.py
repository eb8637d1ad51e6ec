"""CSV columns: codings, delimiters, numbers, ids; faults with their line, all at once."""

import gzip

import numpy as np
import pytest

from circle15.planning.problems import PlanningRefused
from circle15.planning.tables import MOST_PROBLEMS, read_table


def table(tmp_path, content, name="t.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path)


def refusal(tmp_path, content, name="t.csv"):
    with pytest.raises(PlanningRefused) as refused:
        table(tmp_path, content, name)
    (problem,) = refused.value.problems
    return problem.zh


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_codings_and_delimiters_are_recognized(tmp_path, codec, sign, end) -> None:
    text = end.join([f"ID{sign}乡镇", f"1{sign}汇龙镇", "", f"2{sign} 近海镇 ", ""])
    found = table(tmp_path, text.encode(codec))
    assert found.columns == {"id": ["1", "2"], "乡镇": ["汇龙镇", "近海镇"]}
    assert found.lines == [2, 4]


def test_quoted_cells_and_gzip_do(tmp_path) -> None:
    found = table(tmp_path, gzip.compress(b'id,name\n1,"a, ""b"""\n'), "t.csv.gz")
    assert found.columns["name"] == ['a, "b"']


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "t.csv：文件是空的"),
        (b"\n\n", "t.csv：文件是空的"),
        (b"\xff\xfe\x00a", "t.csv：不是文本文件（应为 UTF-8 或 GBK 的 CSV）"),
        (b"a\0b,c\n", "t.csv：不是文本文件（应为 UTF-8 或 GBK 的 CSV）"),
        (gzip.compress(b"id\n1\n" * 99, mtime=0)[:20], "t.csv：压缩文件不完整"),
        (
            b"id\n" + b'"' + b"x" * 200_000,
            "t.csv：不是有效的 CSV：field larger than field limit (131072)",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, problem) -> None:
    assert refusal(tmp_path, content) == problem


def test_a_gzip_bomb_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("circle15.planning.tables.MOST_BYTES", 1000)
    assert refusal(tmp_path, gzip.compress(b"id\n" * 334)) == "t.csv：解压后过大"


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path) -> None:
    with pytest.raises(PlanningRefused, match="没有这个文件"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(PlanningRefused, match="是目录，应为文件"):
        read_table(tmp_path)


def test_numbers_are_checked_cell_by_cell(tmp_path) -> None:
    found = table(tmp_path, "w\n1.5\n-2\nx\nnan\n1e999\n999\n")
    values = found.numbers("w", least=0, most=100)
    assert np.array_equal(values, [1.5, *[np.nan] * 5], equal_nan=True)
    assert [problem.en for problem in found.problems] == [
        "t.csv line 3: w must not be negative: -2",
        "t.csv line 4: w is no number: 'x'",
        "t.csv line 5: w is no number: 'nan'",
        "t.csv line 6: w is no number: '1e999'",
        "t.csv line 7: w is out of range: 999",
    ]


def test_an_empty_cell_is_a_fault_unless_it_stands_for_something(tmp_path) -> None:
    found = table(tmp_path, "id,w\n1,\n2,3\n")
    assert found.numbers("w", empty=0.0).tolist() == [0.0, 3.0]
    assert found.problems == []
    found.numbers("w")
    assert [problem.zh for problem in found.problems] == ["t.csv 第 2 行：w 不是数：空"]


def test_whole_numbers_fit_64_bits(tmp_path) -> None:
    found = table(tmp_path, "n\n7\n1.5\n99999999999999999999\n")
    assert found.whole("n").tolist() == [7, -1, -1]
    assert len(found.problems) == 2


def test_ids_are_there_and_once(tmp_path) -> None:
    found = table(tmp_path, "id,x\na,1\n,2\na,3\n")
    assert found.unique("id") == ("a", "", "a")
    assert [problem.zh for problem in found.problems] == [
        "t.csv 第 3 行：id 为空",
        "t.csv 第 4 行：id 重复：a（第 2 行已有）",
    ]


def test_rows_of_another_width_and_columns_twice_are_faults(tmp_path) -> None:
    found = table(tmp_path, "id,x,x\n1,2,3\n1,2\n")
    assert [problem.zh for problem in found.problems] == [
        "t.csv：列名重复：x",
        "t.csv 第 3 行：有 2 列，应为 3 列",
    ]


def test_very_many_faults_are_counted(tmp_path) -> None:
    found = table(tmp_path, "w\n" + "x\n" * (MOST_PROBLEMS + 7))
    found.numbers("w")
    with pytest.raises(PlanningRefused) as refused:
        found.refuse()
    assert len(refused.value.problems) == MOST_PROBLEMS + 1
    assert refused.value.problems[-1].zh == "另有 7 处问题"
