"""Say for each clause of the documents where it is done and which test shows it.

Usage: tools/traceability.py [--check]. Reads comment lines `Clauses: D-01, J-02` above a function
or class (or in the head of a file) of src/ and tests/; writes docs/standards/traceability.md, the
table the page shows, and the number of open clauses in both READMEs.
"""

import ast
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from circle15.standards.clauses import Clause, Trace, clauses, documents

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src" / "circle15" / "standards" / "data" / "traceability.json"
PAGE = ROOT / "docs" / "standards" / "traceability.md"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
KINDS = ("*.py", "*.yaml", "*.html", "*.js")
TAG = re.compile(
    r"^\s*(?:#|//|\{#|<!--)\s*Clauses:\s*(?P<ids>[A-Z]-\d+(?:[,\s]+[A-Z]-\d+)*)", re.MULTILINE
)
NAME = re.compile(r"[A-Z]-\d+")
COUNT = re.compile(r"\*\*\d+\*\*( of 426 clauses|（共 426 条）)")

Found = dict[str, list[str]]


class UnknownClause(ValueError):
    """A tag names a clause no document has."""


def tags_of(path: Path) -> dict[str, list[str]]:
    """Return the places of one file by clause id."""
    text = path.read_text(encoding="utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    place = path.relative_to(ROOT).as_posix()
    named = _names(text) if path.suffix == ".py" and TAG.search(text) else {}
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start("ids")) + 1
        name = _below(named, line, text)
        for clause in NAME.findall(tag["ids"]):
            if clause not in clauses():
                raise UnknownClause(f"{place}:{line} {clause}")
            found[clause].append(f"{place}::{name}" if name else place)
    return found


def _names(text: str) -> dict[int, str]:
    """Return functions and classes by the line they begin on, decorators included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        min([node.lineno, *(each.lineno for each in node.decorator_list)]): node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds)
    }


def _below(named: dict[int, str], line: int, text: str) -> str:
    """Name what begins right below a tag, other comments between; else nothing: the whole file."""
    lines = text.splitlines()
    line += 1
    while line <= len(lines) and lines[line - 1].lstrip().startswith("#"):
        line += 1
    return named.get(line, "")


def _all(folder: str) -> Found:
    found: Found = defaultdict(list)
    for kind in KINDS:
        for path in sorted((ROOT / folder).rglob(kind)):
            for clause, places in tags_of(path).items():
                found[clause].extend(places)
    return found


def traced() -> dict[str, Trace]:
    """Return where every clause is done and shown, by id."""
    done, shown = _all("src"), _all("tests")
    return {
        key: Trace(tuple(sorted(set(done.get(key, ())))), tuple(sorted(set(shown.get(key, ())))))
        for key in clauses()
    }


def page(found: dict[str, Trace]) -> str:
    """Write the document: what is open first, then every document's clauses."""
    open_ones = [key for key in clauses() if not found[key].is_whole]
    lines = [
        "# Clauses: where each is done and which test shows it",
        "",
        "Written by `tools/traceability.py` from `Clauses:` tags in code and tests. The words are",
        "ours (`src/circle15/standards/data/clauses.yaml`); the number says where to read the",
        "official ones.",
        "",
        f"**{len(open_ones)} of {len(clauses())} clauses lack code or a test.**",
        "",
        "## Without code or test",
        "",
        *(_table([clauses()[key] for key in open_ones], found) if open_ones else ["None."]),
    ]
    for document in documents().values():
        own = [each for each in clauses().values() if each.document == document.key]
        lines += ["", f"## {document.key}: {document.name.en} ({document.number})", ""]
        lines += _table(own, found)
    return "\n".join(lines) + "\n"


def _table(rows: list[Clause], found: dict[str, Trace]) -> list[str]:
    head = ["| id | at | what it asks | done in | shown by |", "|---|---|---|---|---|"]
    return head + [
        f"| {row.id} | {row.at} | {row.asks.en} | {_places(found[row.id].done)} |"
        f" {_places(found[row.id].shown)} |"
        for row in rows
    ]


def _places(places: tuple[str, ...]) -> str:
    return "<br>".join(f"`{each}`" for each in places) or "—"


def counted(readme: str, n: int) -> str:
    """Put the number of open clauses into a README."""
    return COUNT.sub(lambda found: f"**{n}**{found[1]}", readme)


def written() -> dict[Path, str]:
    """Return every file as it should be."""
    found = traced()
    n = sum(not each.is_whole for each in found.values())
    table = {key: {"done": one.done, "shown": one.shown} for key, one in found.items()}
    return {
        PAGE: page(found),
        TABLE: json.dumps(table, indent=0, separators=(",", ":")) + "\n",
        **{one: counted(one.read_text(encoding="utf-8"), n) for one in READMES},
    }


def main(arguments: list[str]) -> int:
    """Write what changed, or with --check name it."""
    stale = [
        (path, text)
        for path, text in written().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        print(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
