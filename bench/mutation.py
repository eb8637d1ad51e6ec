"""Mutation testing of scoring: change the code a little, see whether a test notices.

Run `python bench/mutation.py`: works in a copy under var/, one process, takes a while, and writes
docs/benchmarks/mutation-scoring.md. Needs no database: scoring and what it stands on are copied
alone. The property tests are left out: they take most of the time and what they find is chance.
"""

import platform
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPY = ROOT / "var" / "mutation"
RESULT = ROOT / "docs" / "benchmarks" / "mutation-scoring.md"
SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["src", "."]
addopts = "-p no:cacheprovider -p no:django -p no:randomly"
[tool.mutmut]
source_paths = ["src/circle15/scoring"]
pytest_add_cli_args_test_selection = ["tests/scoring"]
pytest_add_cli_args = ["-p", "no:django", "--ignore=tests/scoring/test_properties.py"]
also_copy = ["src", "tests/standards", "tests/scoring"]
"""


def main() -> None:
    """Copy, mutate, count, write."""
    prepare()
    mutmut = Path(sys.executable).parent / "mutmut"
    subprocess.run([mutmut, "run", "--max-children", "1"], cwd=COPY, check=True)
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=COPY, check=True, capture_output=True, text=True
    )
    text = report(re.findall(r"^\s+(\S+): (.+)$", listed.stdout, re.MULTILINE))
    RESULT.write_text(text, encoding="utf-8")
    print(text)


def prepare() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    sources = ("src/circle15/scoring", "src/circle15/standards", "src/circle15/core")
    for part in (*sources, "tests/scoring", "tests/standards"):
        shutil.copytree(ROOT / part, COPY / part)
    (COPY / "src/circle15/__init__.py").write_bytes(
        (ROOT / "src/circle15/__init__.py").read_bytes()
    )
    (COPY / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")


def report(results: list[tuple[str, str]]) -> str:
    states = Counter(state for _, state in results)
    noticed = states["killed"] + states["timeout"] + states["caught by type check"]
    alive = sorted(name for name, state in results if state in {"survived", "no tests"})
    lines = [
        "# Mutation testing of scoring",
        "",
        (
            f"`python bench/mutation.py` on {datetime.now(UTC).date()}, Python "
            f"{platform.python_version()}: {noticed} of {len(results)} mutants noticed, "
            f"**{100 * noticed / len(results):.1f} %** (promise: 90 %)."
        ),
        "",
        "| state | mutants |",
        "|---|---|",
        *(f"| {state} | {count} |" for state, count in states.most_common()),
        "",
        "Not noticed:",
        "",
        *(f"- `{name.removeprefix('circle15.scoring.')}`" for name in alive),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
