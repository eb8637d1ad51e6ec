"""Measure the search of service items: how fast an answer is there, how often the right one is.

Run: make bench ARGS=items
(writes docs/benchmarks/items-search.json; ends with an error where a promise is broken)

Every query of tests/items/search/queries.yaml, in another order each time, held against the index
of the built-in catalogue as the pages do; the first three answers count. Wall time, this process,
nothing else asked at the time; reading the catalogue in force from the database is not in it.
"""
# ruff: noqa: E402 -- models need the set-up

import json
import platform
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import django
import yaml
from bench.scoring import processors

django.setup()  # the search reads the catalogue in force, which is kept in the database

from circle15.items.search.index import Index
from circle15.items.search.queries import entries
from circle15.standards.catalogue_library import built_in

CHECKOUT = Path(__file__).parents[2]
QUERIES = CHECKOUT / "tests" / "items" / "search" / "queries.yaml"
RESULT = CHECKOUT / "docs" / "benchmarks" / "items-search.json"
TOP, TIMES = 3, 10
MOST_P95_MS, LEAST_SHARE, LEAST_QUERIES = 100, 0.95, 300
# What the file says besides queries: where they are from, and what is to find nothing.
BESIDE = frozenset({"origin", "nothing"})
Queries = dict[str, dict[str, frozenset[str]]]


def main() -> None:
    """Measure, print, write, hold against what is promised."""
    by_kind, chance = queries(), Random(15)
    index, build_s = built()
    asked = [(typed, keys) for kind in by_kind.values() for typed, keys in kind.items()]
    times: list[float] = []
    for _time in range(TIMES):
        chance.shuffle(asked)
        times += [answered_in(index, typed) for typed, _keys in asked]
    times.sort()
    share, p95_ms = share_of(index, asked), at(times, 0.95)
    result = {
        "what": f"items found by {len(asked)} queries, {TIMES} times each, first {TOP} answers",
        "queries": len(asked),
        "items": len(built_in().items),
        "names": sum(len(entry.names) for entry in entries(built_in())),
        "median_ms": round(statistics.median(times) * 1000, 2),
        "p95_ms": p95_ms,
        "p99_ms": at(times, 0.99),
        "longest_ms": round(times[-1] * 1000, 2),
        "top_3_share": share,
        "first_share": share_of(index, asked, top=1),
        "top_3_share_by_kind": {k: share_of(index, list(v.items())) for k, v in by_kind.items()},
        "missed": [typed for typed, keys in sorted(asked) if not is_found(index, typed, keys)],
        "index_built_s": round(build_s, 2),
        "promised": {"p95_ms": MOST_P95_MS, "top_3_share": LEAST_SHARE},
        "processor": next(processors(), platform.machine()),
        "python": platform.python_version(),
        "on": datetime.now(UTC).date().isoformat(),
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    RESULT.write_text(text + "\n", encoding="utf-8")
    print(text)
    assert len(asked) >= LEAST_QUERIES
    assert p95_ms <= MOST_P95_MS
    assert share >= LEAST_SHARE


def queries() -> Queries:
    """Return what is typed and the items that are right, by kind of query."""
    source: dict[str, Any] = yaml.safe_load(QUERIES.read_text(encoding="utf-8"))
    return {
        kind: {str(typed): keys_of(wanted) for typed, wanted in found.items()}
        for kind, found in source.items()
        if kind not in BESIDE
    }


def keys_of(wanted: str | list[str]) -> frozenset[str]:
    return frozenset({wanted} if isinstance(wanted, str) else wanted)


def built() -> tuple[Index, float]:
    """Build the index as a process does at the first query."""
    catalogue = built_in()
    began = time.perf_counter()
    index = Index(entries(catalogue))
    index.find("参保")
    return index, time.perf_counter() - began


def answered_in(index: Index, typed: str) -> float:
    began = time.perf_counter()
    index.find(typed, limit=TOP)
    return time.perf_counter() - began


def is_found(index: Index, typed: str, keys: frozenset[str], *, top: int = TOP) -> bool:
    return any(hit.key in keys for hit in index.find(typed, limit=top))


def share_of(index: Index, asked: list[tuple[str, frozenset[str]]], *, top: int = TOP) -> float:
    """Return the share of queries whose right item is among the first."""
    right = sum(is_found(index, typed, keys, top=top) for typed, keys in asked)
    return round(right / len(asked), 4)


def at(times: list[float], share: float) -> float:
    return round(times[int(len(times) * share)] * 1000, 2)


if __name__ == "__main__":
    main()
