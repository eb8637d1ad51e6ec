"""Where in the text of an edition a problem stands, for people who look for it in the editor."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from circle15.core.messages import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the line it stands on; None where no line is to blame."""

    message: str
    line: int | None


def placed(problems: Sequence[str], text: str) -> tuple[Problem, ...]:
    """Return the problems with their lines, from the top down."""
    lines = text.splitlines()
    found = [_placed(problem, lines) for problem in problems]
    return tuple(sorted(found, key=lambda problem: problem.line or 0))


def _placed(problem: str, lines: list[str]) -> Problem:
    parts = problem.params if isinstance(problem, Message) else {}
    if "line" in parts:
        return Problem(str(parts["what"]), int(str(parts["line"])))
    return Problem(problem, _line_of(str(parts.get("place", "")), lines))


def _line_of(place: str, lines: list[str]) -> int | None:
    """Find `I01.2.a.points`: the line with the longest id in it, then the field below."""
    parts = place.split(".")
    for end in range(len(parts), 0, -1):
        known = _first(
            rf"\bid: [\"']?{re.escape('.'.join(parts[:end]))}[\"']?\s*(?:[,}}#]|$)", lines
        )
        if known is not None:
            return _field_below(known, parts[end:], lines)
    return _first(rf"^{re.escape(_without_index(parts[0]))}\s*:", lines)


def _without_index(part: str) -> str:
    return re.sub(r"\[\d+\]$", "", part)


def _field_below(start: int, fields: list[str], lines: list[str]) -> int:
    """Stay with the id itself when its field is not found before the next id."""
    if not fields:
        return start
    wanted = re.compile(rf"\b{re.escape(_without_index(fields[0]))}\s*:")
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if number > start and re.search(r"\bid: ", line):
            break
        if wanted.search(line):
            return number
    return start


def _first(pattern: str, lines: list[str]) -> int | None:
    found = re.compile(pattern)
    return next((n for n, line in enumerate(lines, 1) if found.search(line)), None)
