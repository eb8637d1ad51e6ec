"""The bank's call centre of 1999 as visits of a hall, its traps dealt with one by one."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from circle15.planning.hall.model import DAY_S
from circle15.planning.hall.records import NOT_SEEN, Visits

FILE = Path(__file__).parents[1] / "data" / "call_centre.csv.gz"
Row = tuple[int, float, float, float, float, str, str]


def calls() -> Visits:
    """Read the calls that came to the line.

    PHANTOM rows are no calls; who hung up with a queue time of 0 never stood in line (326 of them
    in one hour of 3 February, when the line was down). Services under 10 s and calls answered by
    NO_SERVER came and waited: they stay as they are.
    """
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        rows = sorted(row for line in csv.DictReader(lines) for row in _row(line))
    day, arrival, start, end, left, item, window = zip(*rows, strict=True)
    times = (np.array(column, dtype=np.float64) for column in (arrival, start, end, left))
    return Visits(np.array(day, dtype=np.int64), *times, item, window)


def _row(call: dict[str, str]) -> Iterator[Row]:
    if call["outcome"] == "PHANTOM":
        return
    on = date.fromisoformat(call["date"]).toordinal()
    waited = float(call["q_time"])
    # q_start is 0:00:00 for who did not wait; vru_time is negative where clocks disagreed.
    entered = _clock(call["vru_entry"]) + max(float(call["vru_time"]), 0.0)
    arrival = _clock(call["q_start"]) if waited > 0 else entered
    if call["outcome"] == "HANG":
        if waited > 0:
            yield (on, arrival, NOT_SEEN, NOT_SEEN, arrival + waited, call["type"], "")
        return
    # ser_exit wraps at midnight: lengths are safe, clock times are not.
    start = arrival + waited
    end = start + max(float(call["ser_time"]), 1.0)
    window = "" if call["server"] == "NO_SERVER" else call["server"]
    yield (on, arrival, start, end, NOT_SEEN, call["type"], window)


def _clock(text: str) -> float:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return float(hours * 3600 + minutes * 60 + seconds) % DAY_S
