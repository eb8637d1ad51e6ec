"""What typer says around our words is Chinese where typer lets it be."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], ("命令", "选项")),
        (["score", "--help"], ("参数", "选项", "（必填）")),
        (["score"], ("错误", "用法见")),
    ],
)
def test_the_frame_is_chinese(arguments, words):
    command = [sys.executable, "-m", "circle15.cli", *arguments]
    told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    said = told.stdout + told.stderr
    assert [word for word in words if word not in said] == []
    assert "Options" not in said


@pytest.mark.parametrize("command", ["siting", "coverage", "network", "staffing"])
def test_help_is_folded_and_not_cut_at_eighty_columns(command):
    words = [sys.executable, "-m", "circle15.cli", "plan", command, "--help"]
    narrow = os.environ | {"COLUMNS": "80", "TERMINAL_WIDTH": "80"}
    told = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", check=True, env=narrow
    )
    assert "…" not in told.stdout
