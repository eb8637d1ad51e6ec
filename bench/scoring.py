"""Measure scoring: one explained sheet, 30,000 sites at once, and that both agree.

Run `python bench/scoring.py`; the result is printed and written to docs/benchmarks/scoring.json.
The ratio is of one run on one machine. Times are CPU time of this process, the least of several
repeats: what the machine does besides does not count.
"""

import json
import platform
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np

from circle15.scoring import gap, score
from circle15.scoring.batch import columns_of, needed_columns, score_batch
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import FactValue, edition, facts

SITES = 30_000
COMPARED = 2_000
REPEATS = 7
RESULT = Path(__file__).parents[1] / "docs" / "benchmarks" / "scoring.json"
JIANGSU = edition("jiangsu-acceptance")
Row = dict[str, FactValue]


def main() -> None:
    """Measure, compare, print, write."""
    chance = Random(15)
    names = needed_columns(JIANGSU)
    rows = [site(names, chance) for _ in range(SITES)]
    columns = columns_of(rows, names)
    explained_ms = least(lambda: [score(JIANGSU, row) for row in rows[:200]]) / 200 * 1000
    batch_s = least(lambda: score_batch(JIANGSU, columns))
    batch = score_batch(JIANGSU, columns)
    equal = all(same(batch.rule_points(at), rows[at]) for at in range(COMPARED))
    result = {
        "what": "Jiangsu sheet, 53 rules, random sites, CPU time",
        "explained_sheet_ms": round(explained_ms, 3),
        "explained_sheet_full_marks_ms": one(full_facts(JIANGSU)),
        "explained_sheet_nothing_there_ms": one(empty_facts(JIANGSU)),
        "gap_report_ms": round(least(lambda: [gap(JIANGSU, row) for row in rows[:20]]) * 50, 2),
        "batch_sites": SITES,
        "batch_s": round(batch_s, 4),
        "columns_from_rows_s": round(least(lambda: columns_of(rows, names), repeats=2), 3),
        "batch_is_times_faster": round(explained_ms / 1000 * SITES / batch_s),
        "sheets_compared_to_the_last_digit": COMPARED,
        "all_equal": equal,
        **machine(),
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    RESULT.write_text(text + "\n", encoding="utf-8")
    print(text)
    assert equal


def site(names: tuple[str, ...], chance: Random) -> Row:
    """Make up a site with most things in place, as sites before their acceptance are."""
    return {name: value(name, chance) for name in names}


def value(name: str, chance: Random) -> FactValue:
    kind = facts()[name].kind
    if name.startswith("town."):
        return chance.randint(30_000, 80_000)
    if name.startswith("agency."):
        return chance.random() < 0.1
    if kind in {"bool", "element"}:
        return chance.random() < 0.85
    if kind == "count":
        return chance.choice([0, 0, 0, 1, 2, 3])
    return Decimal(chance.randint(5_000, 20_000)) / 100


def same(points: dict[str, Decimal], row: Row) -> bool:
    return points == {line.rule_id: line.points for line in score(JIANGSU, row).lines}


def one(row: Row) -> float:
    return round(least(lambda: [score(JIANGSU, row) for _ in range(100)]) / 100 * 1000, 3)


def least(work: Callable[[], object], repeats: int = REPEATS) -> float:
    return min(cpu_time(work) for _ in range(repeats))


def cpu_time(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def machine() -> dict[str, str]:
    return {
        "processor": next(processors(), platform.machine()),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "on": datetime.now(UTC).date().isoformat(),
    }


def processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    main()
