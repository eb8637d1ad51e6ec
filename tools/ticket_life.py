"""Draw the life of a ticket into docs/hall.md, from the one table that decides it.

Usage: tools/ticket_life.py [--check]
"""

import sys
from collections import defaultdict
from pathlib import Path

from circle15.hall.states import OPEN, TRANSITIONS, UNDOABLE, Step

PAGE = Path(__file__).resolve().parents[1] / "docs" / "hall.md"
BEGIN, END = "<!-- ticket life: tools/ticket_life.py -->\n", "<!-- end -->"


def diagram() -> str:
    """Return the states with the steps between them, as Mermaid draws them."""
    steps: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, leads in TRANSITIONS.items():
        for step, new in leads.items():
            steps[old.value, new.value].append(step.value)
    lines = ["```mermaid", "stateDiagram-v2", f"  [*] --> waiting: {Step.TAKE.value}"]
    lines += [f"  {old} --> {new}: {', '.join(names)}" for (old, new), names in steps.items()]
    lines += [f"  {state.value} --> [*]" for state in TRANSITIONS if state not in OPEN]
    undoable = ", ".join(step.value for step in Step if step in UNDOABLE)
    return "\n".join([*lines, "```", "", f"Undone within a minute by who did it: {undoable}.", ""])


def renewed(page: str) -> str:
    """Return the page with the diagram between its marks."""
    before, _mark, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{diagram()}{END}{rest.partition(END)[2]}"


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
