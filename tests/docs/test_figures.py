"""Figures in the documents are those in docs/benchmarks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_figures_in_documents_are_those_measured() -> None:
    check = [sys.executable, str(ROOT / "tools" / "figures.py"), "--check"]
    told = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")
