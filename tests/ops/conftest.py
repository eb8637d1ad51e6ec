"""Folders for embedded servers of the tests' own; whatever was started ends with the test."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from circle15.ops import postgres


def clear_away(var: Path) -> None:
    postgres.stop(var)
    record = var / "postgres.json"
    told = json.loads(record.read_text()) if record.exists() else {}
    for name in ("directory", "socket"):
        if name in told:
            shutil.rmtree(told[name], ignore_errors=True)
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture
def var() -> Iterator[Path]:
    """Not tmp_path: pytest closes its folder to the unprivileged user the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="c15-"))
    folder.chmod(0o755)
    yield folder
    clear_away(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="c15-"))
    folder.chmod(0o755)
    postgres.start(folder)
    yield folder
    clear_away(folder)
