"""Measure what districts cost and prove them equal to the whole: a made-up city, cut, and on Dask.

Run `make bench ARGS=planning.districts`; the result is printed and written to
docs/benchmarks/planning-districts.json. Wall clock, medians of REPEATS; searches of a whole network
in CPU time. `--whole MODE FILE` is how it asks a fresh process for that and for its peak memory.
"""

import json
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import distributed
import numba
import numpy as np
from distributed import LocalCluster

from circle15.planning.arrays import I64
from circle15.planning.districts.catching import catchments_by_district
from circle15.planning.districts.cutting import at_nodes, cut, doors_inside, induced, ranges
from circle15.planning.districts.working import Runner, Task, nearest_by_district, on_scheduler
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network, TravelGraph, from_sites, toward_sites
from circle15.planning.network.store import load, save
from circle15.planning.synthetic import CLASSES, spread, synthetic_city
from circle15.planning.travel.model import Field
from circle15.planning.travel.search import catchments, nearest

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "planning-districts.json"
LIMIT, REPEATS = 9_000, 5
GROWTH = (250_000, 500_000, 1_000_000, 2_000_000, 4_000_000)
CUTS, CITY = {1_000_000: (4, 9, 16), 4_000_000: (16,)}, 1_000_000
MODES = ("drive", "ebike", "walk")
SITES_A_MILLION, CANDIDATES_A_MILLION, DEMAND = 500, 1_000, 200_000


def main() -> None:
    """Measure, compare, print, write."""
    result: dict[str, object] = {
        "what": f"{LIMIT // 600} minutes in made-up cities, {SITES_A_MILLION} sites a million "
        f"nodes; wall clock, medians of {REPEATS} (4 million nodes in "
        "districts: once)",
        "load_before": os.getloadavg()[0],
    }
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    )
    with tempfile.TemporaryDirectory() as folder, cluster:
        growth, cuts = {}, {}
        for nodes in GROWTH:
            city = Town(nodes, Path(folder))
            growth[str(nodes)] = {mode: city.whole(mode) for mode in MODES}
            print(nodes, growth[str(nodes)], flush=True)
            if nodes in CUTS:
                with on_scheduler(cluster.scheduler_address) as run:
                    cuts[str(nodes)] = {mode: city.cuts(mode, run) for mode in MODES}
                    if nodes == CITY:
                        result["catchments"] = city.catchments("ebike", run)
                print(nodes, cuts[str(nodes)], flush=True)
        result |= {"whole": growth, "districts": cuts}
    result |= {"load_after": os.getloadavg()[0], **machine()}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


class Town:
    """A made-up city, saved and opened, and where its sites and people are."""

    def __init__(self, nodes: int, folder: Path) -> None:
        city = synthetic_city(np.random.default_rng(15), nodes)
        network = build(
            Nodes(city.lon, city.lat, np.arange(len(city.lon))),
            Arcs(city.tail, city.head, city.length_m, city.road_class, city.time_s),
            CLASSES,
            {},
        )
        self.nodes, self.repeats = nodes, REPEATS if nodes <= CITY else 1
        self.path = folder / f"{nodes}.net"
        save(network, self.path)
        self.network = load(self.path)
        number = np.empty(network.node_count, np.int64)
        number[network.node_id] = np.arange(network.node_count)
        rng, millions = np.random.default_rng(16), nodes / 1e6
        self.sites = number[spread(rng, city, round(SITES_A_MILLION * millions))]
        self.candidates = number[spread(rng, city, round(CANDIDATES_A_MILLION * millions))]
        self.demand = number[spread(rng, city, min(DEMAND, nodes // 2))]
        np.save(self.path.with_suffix(".npy"), self.sites)

    def whole(self, mode: str) -> dict[str, object]:
        command = [sys.executable, "-m", "bench.planning.districts", "--whole", mode, self.path]
        told = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, check=True
        )
        found: dict[str, object] = json.loads(told.stdout.splitlines()[-1])
        return found

    def cuts(self, mode: str, run: Runner) -> dict[str, object]:
        search, outward = graphs(self.network, mode)
        whole = nearest(search, at_nodes(self.sites), LIMIT)
        return {
            str(count): self._cut(search, outward, whole, count, run) for count in CUTS[self.nodes]
        }

    def _cut(
        self, search: TravelGraph, outward: TravelGraph, whole: Field, count: int, run: Runner
    ) -> dict[str, object]:
        sites, district_of = at_nodes(self.sites), ranges(self.network.node_count, count)

        def here() -> Field:
            return nearest_by_district(search, outward, sites, district_of, LIMIT)

        def there() -> Field:
            return nearest_by_district(search, outward, sites, district_of, LIMIT, run=run)

        for found in (here(), there()):
            assert np.array_equal(found.time_ds, whole.time_ds)
            assert np.array_equal(found.site, whole.site)
        parts = [cut(search, outward, district_of, number, LIMIT) for number in range(count)]
        biggest = max(parts, key=lambda part: len(part.nodes))
        numbers, inside = doors_inside(sites, biggest.nodes)
        own = np.flatnonzero(biggest.own)
        task = Task(biggest.graph, own, biggest.nodes[own], inside, numbers, LIMIT)
        return {
            "equal_to_the_whole": True,
            "nodes_carried_times": round(
                sum(len(part.nodes) for part in parts) / self.network.node_count, 3
            ),
            "wrong_without_rim": round(wrong_alone(search, whole, self.sites, district_of), 4),
            "here_s": round(median(here, repeats=self.repeats), 3),
            "dask_2_processes_s": round(median(there, repeats=self.repeats), 3),
            "largest_task_mb": round(len(pickle.dumps(task, protocol=5)) / 1e6, 1),
        }

    def catchments(self, mode: str, run: Runner) -> dict[str, object]:
        graph, _ = graphs(self.network, mode)
        sites, demand = at_nodes(self.candidates), at_nodes(self.demand)
        whole = catchments(graph, sites, demand, LIMIT)
        figures: dict[str, object] = {
            "mode": mode,
            "candidates": len(sites),
            "demand": len(demand),
            "pairs": len(whole.demand),
            "whole_2_threads_s": round(median(lambda: catchments(graph, sites, demand, LIMIT)), 3),
        }
        for count in CUTS[CITY]:
            district_of = ranges(self.network.node_count, count)

            def by_district(runner: Runner, threads: int, district_of: I64 = district_of) -> object:
                return catchments_by_district(
                    graph, sites, demand, district_of, LIMIT, threads=threads, run=runner
                )

            for runner in (map, run):
                found = by_district(runner, 1)
                for name in ("first", "demand", "cost"):
                    assert np.array_equal(getattr(found, name), getattr(whole, name))
            figures[str(count)] = {
                "equal_to_the_whole": True,
                "here_2_threads_s": round(median(lambda f=by_district: f(map, 2)), 3),
                "dask_2_processes_s": round(median(lambda f=by_district: f(run, 1)), 3),
            }
        return figures


def graphs(network: Network, mode: str) -> tuple[TravelGraph, TravelGraph]:
    return toward_sites(network, mode), from_sites(network, mode)


def wrong_alone(search: TravelGraph, whole: Field, sites: I64, district_of: I64) -> float:
    """Give the share of nodes with another time if each district knew only itself."""
    wrong = 0
    for number in np.unique(district_of):
        nodes = np.flatnonzero(district_of == number)
        _, inside = doors_inside(at_nodes(sites), nodes.astype(np.uint32))
        alone = nearest(induced(search, nodes), inside, LIMIT)
        wrong += int((alone.time_ds != whole.time_ds[nodes]).sum())
    return wrong / len(district_of)


def whole_here(mode: str, path: Path) -> None:
    """Measure in this process, which does nothing else."""
    sites = at_nodes(np.load(path.with_suffix(".npy")))
    network = load(path)
    graph = toward_sites(network, mode)
    nearest(graph, sites, LIMIT)  # compiled by now
    took = median(lambda: nearest(graph, sites, LIMIT), time.process_time)
    millions = network.node_count / 1e6
    figures = {
        "nodes": network.node_count,
        "nearest_cpu_s": round(took, 4),
        "nearest_cpu_s_a_million": round(took / millions, 4),
        "graph_mb_a_million": round(
            sum(part.nbytes for part in (graph.first, graph.head, graph.time_ds)) / 1e6 / millions,
            1,
        ),
        "peak_memory_mb": round(peak_mb()),
    }
    print(json.dumps(figures))


def peak_mb() -> float:
    """Read this process's own mark; getrusage gives a child its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    mark = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(mark.split()[1]) / 1024


def median(
    work: Callable[[], object],
    clock: Callable[[], float] = time.perf_counter,
    repeats: int = REPEATS,
) -> float:
    taken = []
    for _ in range(repeats):
        begun = clock()
        work()
        taken.append(clock() - begun)
    return statistics.median(taken)


def machine() -> dict[str, object]:
    return {
        "processor": next(processors(), platform.machine()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "distributed": distributed.__version__,
        "on": datetime.now(UTC).date().isoformat(),
    }


def processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--whole"]:
        whole_here(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
