"""What must be done before serving, each step skipped when nothing changed since the last time."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import django
import psycopg

from circle15.ops import catalogues, keys

SOURCE = Path(__file__).resolve().parents[1]
CHECKOUT = SOURCE.parents[1]


class PreparationFailed(Exception):
    """A step failed; its own words went to the terminal."""


def var_dir() -> Path:
    return Path(os.environ.get("CIRCLE15_VAR_DIR", CHECKOUT / "var")).resolve()


def manage(*words: str) -> None:
    """Run a management command as its own process."""
    command = [sys.executable, "-m", "circle15", *words]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 -- our own command
        raise PreparationFailed(f"`{' '.join(words)}` failed")


def files(var: Path) -> None:
    """Make keys, catalogues and collected static files; needs no database."""
    keys.ensure(var)
    catalogues.compile_stale(SOURCE)
    static = _fingerprint(SOURCE.glob("**/static/**/*"))
    if _stamp(var, "static") != static:
        manage("collectstatic", "--noinput", "--clear", "--verbosity=0")
        _set_stamp(var, "static", static)


def database(var: Path, url: str) -> None:
    """Bring the tables up to date and, with CIRCLE15_DEMO=1, fill in the demo city."""
    migrated = _lacks_migrations(url) or _stamp(var, "django") != django.__version__
    if migrated:
        manage("migrate", "--noinput", "--verbosity=1")
        manage("editions")
        manage("catalogue")
        _set_stamp(var, "django", django.__version__)
    if os.environ.get("CIRCLE15_DEMO") != "1":
        return
    demo = _fingerprint(SOURCE.glob("ops/demo/**/*")) + hashlib.sha256(url.encode()).hexdigest()
    if migrated or _stamp(var, "demo") != demo:
        manage("demo")
        _set_stamp(var, "demo", demo)


def _lacks_migrations(url: str) -> bool:
    """Compare the files with the table, so a dropped or restored database is noticed."""
    wanted = {
        (path.parent.parent.name, path.stem) for path in SOURCE.glob("*/migrations/[0-9]*.py")
    }
    with psycopg.connect(url) as connection:
        try:
            rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
        except psycopg.errors.UndefinedTable:
            return True
    return not wanted <= set(rows)


def _fingerprint(paths: Iterable[Path]) -> str:
    told = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and path.suffix != ".pyc":
            state = path.stat()
            told.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return told.hexdigest()


def _stamps(var: Path) -> dict[str, str]:
    try:
        known = json.loads((var / "prepared.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    assert isinstance(known, dict)
    return known


def _stamp(var: Path, step: str) -> str | None:
    return _stamps(var).get(step)


def _set_stamp(var: Path, step: str, value: str) -> None:
    draft = var / "prepared.json.new"
    draft.write_text(json.dumps({**_stamps(var), step: value}, indent=2), encoding="utf-8")
    draft.replace(var / "prepared.json")


if __name__ == "__main__":
    files(var_dir())
