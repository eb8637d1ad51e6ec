"""Count deadlines a second: alone, with pauses, and by walking the calendar day by day.

Run: make bench ARGS=cases.deadlines   (writes docs/benchmarks/cases-deadlines.json)
"""

import json
import os
import platform
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from circle15.core.deadlines import Pause, Reckoner, Term, standard_reckoner
from circle15.core.working_days import standard_calendar

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "cases-deadlines.json"
COUNT = 200_000
ROUNDS = 5
FIRST = date(2020, 1, 1)
DAYS = 2900


def rate(work: Callable[[], object], count: int) -> int:
    """Return the best of some rounds, a second."""
    best = float("inf")
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return round(count / best)


def main() -> None:
    load_before = os.getloadavg()[0]
    dice = random.Random(15)
    begun = [FIRST + timedelta(days=dice.randrange(DAYS)) for _ in range(COUNT)]
    days = [dice.randrange(31) for _ in range(COUNT)]
    start = time.perf_counter()
    reckoner = Reckoner(standard_calendar())
    built_s = time.perf_counter() - start
    assert reckoner.version == standard_reckoner().version
    rows = list(zip(begun, days, strict=True))
    plain = [Term(*row) for row in rows]
    paused = [
        Term(on, count, (Pause(on + timedelta(days=2), on + timedelta(days=7)),))
        for on, count in rows
    ]
    calendar, few = standard_calendar(), rows[:5_000]
    walked = [calendar.add_working_days(*row).on for row in rows]
    found = reckoner.due_days(begun, days)
    result = {
        "what": "due days of clocks of 0 to 30 working days beginning 2020-2027; one process",
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "python": platform.python_version(),
        "load_before": load_before,
        "wrong": sum(one != other for one, other in zip(found, walked, strict=True)),
        "building_the_century_s": round(built_s, 3),
        "due_days_per_s": rate(lambda: reckoner.due_days(begun, days), COUNT),
        "with_warnings_per_s": rate(lambda: [reckoner.reckon(one) for one in plain], COUNT),
        "with_a_pause_per_s": rate(lambda: [reckoner.reckon(one) for one in paused], COUNT),
        "walked_per_s": rate(lambda: [calendar.add_working_days(*one) for one in few], len(few)),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
