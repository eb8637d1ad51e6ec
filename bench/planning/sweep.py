"""Measure the many-source sweep on a made-up city of a million nodes beside scipy.

Run `make bench ARGS=planning.sweep`; the result is printed and written to
docs/benchmarks/planning-sweep.json. Wall-clock medians of REPEATS; scipy (one source at a time,
dense row, one core: it has no other way) takes turns with ours, and its figure for all candidates
is that of some sources times their number. `--alone MODE FOLDER` asks a fresh process for memory.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench.planning.travel import (
    CANDIDATES,
    DEMAND,
    LIMIT,
    MODES,
    NODES,
    THREADS,
    _at,
    _machine,
    _matrix,
    _prepared,
    _row,
)

from circle15.planning.network.model import Network, toward_sites
from circle15.planning.network.store import load
from circle15.planning.synthetic import synthetic_city
from circle15.planning.travel.customize import customize
from circle15.planning.travel.model import Reach
from circle15.planning.travel.order import Order, load_order, order, save_order
from circle15.planning.travel.search import catchments
from circle15.planning.travel.sweep import catchments_by_sweep

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "planning-sweep.json"
REPEATS, SOURCES = 5, 100
ALONE = "--alone"


class Seconds(NamedTuple):
    """Medians by the clock and of the processor (all threads), which other work disturbs less."""

    wall: float
    cpu: float


def main() -> None:
    """Measure, compare, print, write."""
    city = synthetic_city(np.random.default_rng(15), NODES)
    result: dict[str, object] = {
        "what": f"{CANDIDATES} sites x {DEMAND} places, {LIMIT / 600:.0f} minutes, in a made-up "
        f"city; wall clock in seconds, medians of {REPEATS}",
        "load_before": os.getloadavg()[0],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        network = _prepared(city, folder)
        result |= {"nodes": network.node_count, "arcs": network.arc_count}
        found, took = _order(network, folder)
        result["order"] = {"s": took.wall, "cpu_s": took.cpu, "arcs": len(found.head)}
        result |= {mode: _sweep(network, found, folder, mode) for mode in MODES}
    result |= {"load_after": os.getloadavg()[0], **_machine()}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


def _order(network: Network, folder: Path) -> tuple[Order, Seconds]:
    found = order(network)  # compiled by now
    (took,) = _turns(5, lambda: order(network))
    save_order(found, folder / "city.order")
    return found, took


def _sweep(network: Network, found: Order, folder: Path, mode: str) -> dict[str, object]:
    graph, chosen = toward_sites(network, mode), np.load(folder / "chosen.npz")
    matrix, candidates, demand = _matrix(graph), chosen["candidates"], chosen["demand"]
    sites, places = _at(candidates), _at(demand)
    hierarchy = customize(found, graph)
    reach = catchments_by_sweep(hierarchy, sites, places, LIMIT)  # compiled by now
    assert _same(reach, catchments(graph, sites, places, LIMIT))
    some = np.array_split(np.arange(SOURCES), REPEATS)
    each = iter(some)

    def scipy_rows() -> None:
        for site in next(each):
            _compare(reach, site, *_row(matrix, candidates[site], demand))

    both, one, table, plain, theirs = _turns(
        REPEATS,
        lambda: catchments_by_sweep(hierarchy, sites, places, LIMIT, threads=THREADS),
        lambda: catchments_by_sweep(hierarchy, sites, places, LIMIT, threads=1),
        lambda: customize(found, graph),
        lambda: catchments(graph, sites, places, LIMIT, threads=THREADS),
        scipy_rows,
    )
    scipy = Seconds(*(seconds / len(some[0]) * CANDIDATES for seconds in theirs))
    return {
        "customize_s": table.wall,
        "sweep_s": both.wall,
        "sweep_one_thread_s": one.wall,
        "sweep_one_thread_cpu_s": one.cpu,
        "one_source_at_a_time_s": plain.wall,
        "scipy_s_estimated": round(scipy.wall, 1),
        "scipy_cpu_s_estimated": round(scipy.cpu, 1),
        "times_faster_than_scipy": round(scipy.wall / both.wall, 1),
        "times_faster_one_thread": round(scipy.wall / one.wall, 1),
        "times_less_cpu_one_thread": round(scipy.cpu / one.cpu, 1),
        "pairs": len(reach.demand),
        "pairs_equal_to_one_source_at_a_time": True,
        "sources_equal_to_scipy": SOURCES,
        "peak_memory_mb": _memory_alone(folder, mode),
    }


def _turns(repeats: int, *works: Callable[[], object]) -> list[Seconds]:
    """Take turns, so that what else the machine does falls on all."""
    took = np.empty((repeats, len(works), 2))
    for turn in range(repeats):
        for nth, work in enumerate(works):
            begun = time.perf_counter(), time.process_time()
            work()
            took[turn, nth] = time.perf_counter() - begun[0], time.process_time() - begun[1]
    return [Seconds(*(round(float(s), 3) for s in pair)) for pair in np.median(took, axis=0)]


def _same(reach: Reach, other: Reach) -> bool:
    fields = ("first", "demand", "cost")
    return all(np.array_equal(getattr(reach, it), getattr(other, it)) for it in fields)


def _compare(reach: Reach, site: int, places: np.ndarray, times: np.ndarray) -> None:
    mine = slice(*reach.first[site : site + 2])
    assert np.array_equal(reach.demand[mine], places)
    assert np.array_equal(reach.cost[mine], times)


def _memory_alone(folder: Path, mode: str) -> int:
    command = [sys.executable, "-m", "bench.planning.sweep", ALONE, mode, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(told.stdout.splitlines()[-1])


def _alone(mode: str, folder: Path) -> None:
    """Sweep in this process, from the files on, and tell its peak memory."""
    network, chosen = load(folder / "city.net"), np.load(folder / "chosen.npz")
    hierarchy = customize(load_order(folder / "city.order"), toward_sites(network, mode))
    sites, demand = _at(chosen["candidates"]), _at(chosen["demand"])
    catchments_by_sweep(hierarchy, sites, demand, LIMIT, threads=THREADS)
    # Not getrusage: its peak is handed down from the process that started this one.
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))


if __name__ == "__main__":
    if sys.argv[1:2] == [ALONE]:
        _alone(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
