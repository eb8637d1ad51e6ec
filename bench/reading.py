"""Measure how well and how fast photos of cards are read: `make bench ARGS=reading`.

Sixty made-up identity cards and twenty bank cards, turned, shaded, noisy and blurred, through the
reader's own process with its limits of memory and time (CIRCLE15_BENCH_CARDS: how many identity
cards; writes docs/benchmarks/reading.json). Installs what reads photos where it is missing.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

from tests.cases.reading.cards import Specimen, bank_card, identity_card

from circle15.cases.reading.port import CannotRead
from circle15.core.reading.fields import Field, ReadPaper
from circle15.core.reading.papers import read_paper
from circle15.ops.reading.process import MEGABYTES, ReaderProcess
from circle15.ops.reading.where import ENGINE, interpreter, is_installed

CHECKOUT = Path(__file__).parents[1]
RESULT = CHECKOUT / "docs" / "benchmarks" / "reading.json"
SEED = 15
BANK_CARDS = 20
# What the reader must reach (tests/ops/reading/test_engine.py asks it of a few).
WANTED = {Field.ID_NUMBER: 0.95, Field.NAME: 0.9, Field.CARD_NUMBER: 0.9}


def main(cards: int) -> int:
    var = CHECKOUT / "var"
    if not is_installed(var):
        set_up = [sys.executable, "tools/bootstrap.py", "reading"]
        subprocess.run(set_up, env=os.environ | {"CIRCLE15_VAR_DIR": str(var)}, check=True)
    reader = ReaderProcess([str(interpreter(var)), "-I", str(ENGINE), str(MEGABYTES)])
    random = Random(SEED)
    try:
        first_s, _ = _timed(reader, identity_card(random, hard=False))
        told = {
            "identity_cards": measured(reader, [identity_card(random) for _ in range(cards)]),
            "bank_cards": measured(reader, [bank_card(random) for _ in range(BANK_CARDS)]),
            "first_s": round(first_s, 2),
            "cpu_s_each": round(_cpu_s(reader.pid) / (1 + cards + BANK_CARDS), 2),
            "peak_rss_mb": _peak_mb(reader.pid),
        }
    finally:
        reader.rest()
    about = {"on": f"{datetime.now(UTC):%Y-%m-%d}", "machine": _machine(), "limit_mb": MEGABYTES}
    RESULT.write_text(
        json.dumps(about | told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    sys.stdout.write(RESULT.read_text(encoding="utf-8"))
    return int(not all(_is_met(kind) for kind in told.values() if isinstance(kind, dict)))


def measured(reader: ReaderProcess, specimens: list[Specimen]) -> dict[str, object]:
    """Read all; return the share of each field that is right, and the time a card takes."""
    right: Counter[Field] = Counter()
    proved_wrong, lost, times = 0, 0, []
    for specimen in specimens:
        took_s, paper = _timed(reader, specimen)
        times.append(took_s)
        lost += paper is None
        if paper is None:
            continue
        right.update(field for field, value in specimen.says.items() if paper.value(field) == value)
        proved_wrong += sum(
            each.is_proved and specimen.says.get(each.field) != each.value for each in paper.found
        )
    return {
        "count": len(specimens),
        "right": {
            field.value: round(right[field] / len(specimens), 3) for field in specimens[0].says
        },
        "marked_as_proved_but_wrong": proved_wrong,
        "not_answered": lost,
        "seconds": {
            "median": round(median(times), 2),
            "p95": round(quantiles(times, n=20)[-1], 2),
            "most": round(max(times), 2),
        },
    }


def _timed(reader: ReaderProcess, specimen: Specimen) -> tuple[float, ReadPaper | None]:
    began = time.perf_counter()
    try:
        paper = read_paper(reader.read(specimen.photo))
    except CannotRead:
        paper = None
    return time.perf_counter() - began, paper


def _is_met(kind: dict[str, object]) -> bool:
    right = kind["right"]
    assert isinstance(right, dict)
    return all(right.get(field.value, 1) >= least for field, least in WANTED.items())


def _peak_mb(pid: int | None) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _cpu_s(pid: int | None) -> float:
    """Return what the reader has computed, its start with it: less a matter of luck than time."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _machine() -> str:
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("CIRCLE15_BENCH_CARDS", "60"))))
