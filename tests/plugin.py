"""Gives the tests a real PostgreSQL and keys of their own before the settings are read.

A pytest plugin (`-p tests.plugin`), because pytest-django reads the settings before any conftest.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("CIRCLE15_VAR_DIR", CHECKOUT / "var" / "test"))


def pytest_addoption() -> None:
    """Prepare on loading; workers of pytest-xdist inherit what the first process set."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ["CIRCLE15_VAR_DIR"] = str(VAR)
    # Whoever builds the application looks for it; an installation has it from `collectstatic`.
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    _ours("keys")
    _ours("catalogues")
    if "CIRCLE15_DATABASE_URL" not in os.environ:
        os.environ["CIRCLE15_DATABASE_URL"] = _ours("postgres", "start", "--throwaway")


def _ours(module: str, *verb: str) -> str:
    """Run in a process apart: nothing of circle15 is imported before coverage looks on."""
    done = subprocess.run(
        [sys.executable, "-m", f"circle15.ops.{module}", *verb, str(VAR)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise pytest.UsageError(f"no database for the tests:\n{done.stderr}")
    return done.stdout.strip()
