"""Folders for embedded servers of the tests' own; whatever was started ends with the test."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from circle15.ops import postgres

ROOM_BYTES = 2_000_000_000


def make_folder() -> Path:
    """Not tmp_path: pytest closes its folder to the unprivileged user the server runs as."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="c15-", dir=memory if roomy else None))
    folder.chmod(0o755)
    return folder


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
    folder = make_folder()
    yield folder
    clear_away(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    folder = make_folder()
    postgres.start(folder)
    yield folder
    clear_away(folder)
