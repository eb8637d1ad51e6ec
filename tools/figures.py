"""Write measured figures into the documents, so that what they say is what was measured.

Usage: tools/figures.py [--check]. A row `| what | figure | `planning-travel nearest.drive` |` of a
table gets the figure of that field of docs/benchmarks/planning-travel.json.
"""

import json
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
ROW = re.compile(r"^\| (?P<what>.*) \| (?P<figure>[^|]*) \| `(?P<file>\S+) (?P<field>\S+)` \|$")


def measured(file: str, field: str) -> str:
    """Look a field up, its parts joined by dots."""
    value = json.loads((DOCS / "benchmarks" / f"{file}.json").read_text(encoding="utf-8"))
    for part in field.split("."):
        value = value[part]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def renewed(line: str) -> str:
    """Give a line with the figure as it was measured."""
    row = ROW.match(line)
    if row is None:
        return line
    figure = measured(row["file"], row["field"])
    return f"| {row['what']} | {figure} | `{row['file']} {row['field']}` |"


def main(arguments: list[str]) -> int:
    """Renew all documents, or with --check say which rows are not as measured."""
    stale = 0
    for path in sorted(DOCS.glob("*.md")):
        old = path.read_text(encoding="utf-8").splitlines()
        new = [renewed(line) for line in old]
        for was, is_now in zip(old, new, strict=True):
            if was != is_now:
                stale += 1
                print(f"{path.name}: {was}\n  measured: {is_now}")
        if "--check" not in arguments and new != old:
            path.write_text("\n".join(new) + "\n", encoding="utf-8")
    return int(stale > 0 and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
