"""Log lines that hold one event each and no full ID number or phone."""

import logging
import re

_PERSONAL = re.compile(r"(?<!\d)(\d{3})\d{11}(\d{3}[\dXx])(?!\d)|(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


class LineFormatter(logging.Formatter):
    """Escape line breaks and control characters, mask numbers of persons."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        head, *trace = line.split("\n")
        masked = _PERSONAL.sub(_masked, head.replace("\r", "\\r").replace("\x1b", "\\x1b"))
        return "\n  ".join([masked, *(_PERSONAL.sub(_masked, row) for row in trace)])


def _masked(found: re.Match[str]) -> str:
    head, tail, phone_head, phone_tail = found.groups()
    return f"{head or phone_head}****{tail or phone_tail}"
