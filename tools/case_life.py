"""Draw the life of a case into docs/cases.md, from the one table that decides it.

Usage: tools/case_life.py [--check]
"""

import sys
from collections import defaultdict
from pathlib import Path

from circle15.cases.states import ENDED, TRANSITIONS, Step

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cases.md"
BEGIN, END = "<!-- case life: tools/case_life.py -->\n", "<!-- end -->"


def diagram() -> str:
    """Return the states with the steps between them, as Mermaid draws them."""
    steps: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, leads in TRANSITIONS.items():
        for step, move in leads.items():
            if old != move.to:
                steps[old.value, move.to.value].append(step.value)
    lines = ["```mermaid", "stateDiagram-v2", f"  [*] --> draft: {Step.OPEN.value}"]
    lines += [f"  {old} --> {new}: {', '.join(names)}" for (old, new), names in steps.items()]
    lines += [f"  {state.value} --> [*]" for state in ENDED]
    return "\n".join([*lines, "```", ""])


def table() -> str:
    """Return every step with where it is possible and who may do it."""
    lines = ["| step | from | to | who |", "|---|---|---|---|"]
    for step in Step:
        moves = [(old, leads[step]) for old, leads in TRANSITIONS.items() if step in leads]
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for old, move in moves:
            to = "the same" if move.to == old else move.to.value
            groups[to, ", ".join(sorted(move.who))].append(old.value)
        for (to, who), olds in groups.items():
            lines.append(f"| {step.value} | {', '.join(olds)} | {to} | {who} |")
    return "\n".join([*lines, ""])


def renewed(page: str) -> str:
    """Return the page with diagram and table between its marks."""
    before, _mark, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{diagram()}\n{table()}{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> int:
    """Renew the page, or with --check say that it is not as the table is."""
    old = PAGE.read_text(encoding="utf-8")
    new = renewed(old)
    if "--check" in arguments:
        return int(old != new)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
