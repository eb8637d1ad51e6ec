"""Measure travel times on a made-up city of a million nodes beside scipy and pandana.

Run `make bench ARGS=planning.travel`; the result is printed and written to
docs/benchmarks/planning-travel.json. Wall-clock medians of at least REPEATS, taken in turns; the
processor's time beside them tells how busy the machine was with other things. Figures of scipy
and pandana for all candidates are those of SOURCES of them times the number of candidates.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numba
import numpy as np
import scipy
import shapely
from bench.planning.peers.environment import ask_peer
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from circle15.planning.arrays import F64, I64, NO_WAY, U16
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network, TravelGraph, toward_sites
from circle15.planning.network.store import load, save
from circle15.planning.synthetic import CLASSES, SyntheticCity, spread, synthetic_city
from circle15.planning.travel.isochrones import Isochrones, geojson
from circle15.planning.travel.model import Doors, Reach
from circle15.planning.travel.search import catchments, nearest
from circle15.planning.travel.whatif import WhatIf

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "planning-travel.json"
PEER = Path(__file__).parent / "peers" / "pandana_times.py"
NODES, SITES, CANDIDATES, DEMAND = 1_000_000, 500, 5_000, 200_000
LIMIT = 9_000
MODES = ("drive", "ebike", "walk")
REPEATS, SOURCES, STEPS, AREAS = 5, 200, 400, 40
THREADS = 2


def main() -> None:
    """Measure, compare, print, write."""
    city = synthetic_city(np.random.default_rng(15), NODES)
    result: dict[str, object] = {
        "what": f"{LIMIT / 600:.0f} minutes in a made-up city; wall clock, medians of {REPEATS}",
        "load_before": os.getloadavg()[0],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        network = _prepared(city, folder)
        result |= {"nodes": network.node_count, "arcs": network.arc_count}
        result["nearest_of_500"] = {mode: _nearest(network, folder, mode) for mode in MODES}
        result["catchments_5000_x_200000"] = {
            mode: _catchments(network, folder, mode) for mode in MODES
        }
        result["what_if"] = {
            f"{mode}_{sites}_sites": _what_if(network, folder, mode, sites)
            for mode, sites in (("drive", 500), ("ebike", 500), ("drive", 50))
        }
        result["isochrones"] = {mode: _isochrones(network, mode) for mode in MODES}
        result["pandana"] = _pandana(network, folder, result)
    result |= {"load_after": os.getloadavg()[0], **_machine()}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


def _prepared(city: SyntheticCity, folder: Path) -> Network:
    """Build and save the network and where sites, candidates and people are."""
    nodes = Nodes(city.lon, city.lat, np.arange(len(city.lon)))
    arcs = Arcs(city.tail, city.head, city.length_m, city.road_class, city.time_s)
    save(build(nodes, arcs, CLASSES, {}), folder / "city.net")
    network = load(folder / "city.net")
    number = np.empty(network.node_count, np.int64)
    number[network.node_id] = np.arange(network.node_count)
    rng = np.random.default_rng(16)
    chosen = {
        kind: rng.permutation(number[spread(rng, city, count)])
        for kind, count in (("sites", SITES), ("candidates", CANDIDATES), ("demand", DEMAND))
    }
    np.savez(folder / "chosen.npz", people=city.people[network.node_id], **chosen)
    return network


def _nearest(network: Network, folder: Path, mode: str) -> dict[str, object]:
    graph, sites = toward_sites(network, mode), np.load(folder / "chosen.npz")["sites"]
    matrix = _matrix(graph)
    field = nearest(graph, _at(sites), LIMIT)  # compiled by now
    took = [
        (
            _clocked(nearest, graph, _at(sites), LIMIT),
            _clocked(dijkstra, matrix, indices=sites, min_only=True, limit=LIMIT),
        )
        for _ in range(2 * REPEATS)
    ]
    told = dijkstra(matrix, indices=sites, min_only=True, limit=LIMIT)
    assert (_whole(told) == field.time_ds).all()
    (ours, ours_cpu), (theirs, theirs_cpu) = np.median(took, axis=0)
    return {
        "ours_s": round(ours, 4),
        "scipy_s": round(theirs, 3),
        "times_faster": round(theirs / ours, 1),
        "times_less_cpu": round(theirs_cpu / ours_cpu, 1),
        "nodes_reached": int((field.site >= 0).sum()),
        "equal_to_scipy": True,
    }


def _catchments(_network: Network, folder: Path, mode: str) -> dict[str, object]:
    """Ask a fresh process, so that peak memory is that of this alone."""
    command = [sys.executable, "-m", "bench.planning.travel", "--catchments", mode, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(told.stdout.splitlines()[-1])
    return answer


def _catchments_here(mode: str, folder: Path) -> dict[str, object]:
    """Take turns with scipy in this process, which does nothing else."""
    network, chosen = load(folder / "city.net"), np.load(folder / "chosen.npz")
    graph = toward_sites(network, mode)
    sites, places = _at(chosen["candidates"]), chosen["demand"]
    demand = _at(places)
    catchments(graph, sites.take(np.arange(4)), demand, LIMIT)  # compiled by now
    reach = catchments(graph, sites, demand, LIMIT, threads=THREADS)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    matrix = _matrix(graph)
    took: dict[str, list[tuple[float, float]]] = {"both": [], "one": [], "scipy": []}
    for sources in np.array_split(np.arange(SOURCES), REPEATS):
        for name, threads in (("both", THREADS), ("one", 1)):
            took[name].append(_clocked(catchments, graph, sites, demand, LIMIT, threads=threads))
        took["scipy"].append(_clocked(_check, matrix, chosen["candidates"], places, reach, sources))
    wall, cpu = (
        {name: statistics.median(run[clock] for run in runs) for name, runs in took.items()}
        for clock in (0, 1)
    )
    each = CANDIDATES * REPEATS / SOURCES
    return {
        "ours_s": round(wall["both"], 3),
        "ours_one_thread_s": round(wall["one"], 3),
        "scipy_s_estimated": round(wall["scipy"] * each, 1),
        "times_faster": round(wall["scipy"] * each / wall["both"], 1),
        "times_faster_one_thread": round(wall["scipy"] * each / wall["one"], 1),
        "ours_one_thread_cpu_s": round(cpu["one"], 3),
        "scipy_cpu_s_estimated": round(cpu["scipy"] * each, 1),
        "times_less_cpu": round(cpu["scipy"] * each / cpu["one"], 1),
        "peak_memory_mb": round(peak_mb),
        "pairs": len(reach.demand),
        "sources_equal_to_scipy": SOURCES,
    }


def _check(matrix: csr_array, candidates: I64, demand: I64, reach: Reach, sources: I64) -> None:
    for source in sources:
        places, times = _row(matrix, candidates[source], demand)
        mine = slice(*reach.first[source : source + 2])
        assert np.array_equal(reach.demand[mine], places)
        assert np.array_equal(reach.cost[mine], times)


def _clocked(run: Callable[..., object], *words: object, **more: object) -> tuple[float, float]:
    """Give seconds on the wall and of the processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    run(*words, **more)
    return time.perf_counter() - wall, time.process_time() - cpu


def _row(matrix: csr_array, source: int, demand: I64) -> tuple[I64, F64]:
    times = dijkstra(matrix, indices=source, limit=LIMIT)[demand]
    places = np.flatnonzero(np.isfinite(times))
    return places, times[places]


def _what_if(network: Network, folder: Path, mode: str, count: int) -> dict[str, object]:
    """Add, move near and anywhere, close, and undo each; then compare with a search anew."""
    graph, chosen = toward_sites(network, mode), np.load(folder / "chosen.npz")
    sites, demand = chosen["sites"][:count], chosen["demand"]
    what_if = WhatIf(graph, _at(sites), _at(demand), chosen["people"][demand], LIMIT)
    rng = np.random.default_rng(17)
    took: dict[str, list[tuple[float, float]]] = {}

    def timed(kind: str, step: Callable[..., object], *words: object) -> None:
        took.setdefault(kind, []).append(_clocked(step, *words))
        took.setdefault("undo", []).append(_clocked(what_if.undo))

    for _ in range(STEPS):
        site = int(rng.integers(count))
        near = _at(np.clip(sites[[site]] + rng.integers(-60, 60), 0, network.node_count - 1))
        anywhere = _at(rng.choice(chosen["candidates"], 1))
        timed("add", what_if.add, anywhere)
        timed("move", what_if.move, site, anywhere)
        timed("drag", what_if.move, site, near)
        timed("close", what_if.close, site)
    for site in rng.choice(count, count // 2, replace=False):
        what_if.move(int(site), _at(rng.choice(chosen["candidates"], 1)))
    anew = nearest(graph, what_if.sites, LIMIT)
    assert np.array_equal(anew.time_ds, what_if.field.time_ds)
    assert np.array_equal(anew.site, what_if.field.site)
    figures: dict[str, object] = {kind: _spread_ms(times) for kind, times in took.items()}
    return figures | {"equal_to_a_search_anew_after_moves": count // 2}


def _isochrones(network: Network, mode: str) -> dict[str, object]:
    graph, rng = toward_sites(network, mode), np.random.default_rng(18)
    usable = np.flatnonzero(np.diff(graph.first) > 0)
    drawer, took, counts, kilobytes = Isochrones(network, mode), [], np.zeros(3), []
    drawer.around(_at(usable[:1]), [LIMIT])  # compiled by now
    for site in rng.choice(usable, AREAS, replace=False):
        took.append(_clocked(drawer.around, _at(np.array([site])), [LIMIT]))
        (area,) = drawer.around(_at(np.array([site])), [LIMIT])
        times = nearest(graph, _at(np.array([site])), LIMIT).time_ds
        lon, lat, reached = _on_roads(network, graph, times, rng)
        shapely.prepare(area)
        inside = shapely.contains_xy(area, lon, lat)
        assert area.is_valid
        kilobytes.append(len(json.dumps(geojson(area, {}))) / 1000)
        counts += (inside & reached).sum(), reached.sum(), inside.sum()
    return {
        **_spread_ms(took),
        "geojson_kb": round(statistics.median(kilobytes)),
        "recall": round(float(counts[0] / counts[1]), 5),
        "precision": round(float(counts[0] / counts[2]), 4),
        "points_on_roads_compared": int(counts[1]),
    }


def _on_roads(
    network: Network, graph: TravelGraph, times: U16, rng: np.random.Generator
) -> tuple[F64, F64, F64]:
    """Draw points on all roads round what is reached; tell which are reached in time."""
    lon, lat = network.lon, network.lat
    reached = times != NO_WAY
    near = (np.abs(lon - lon[reached].mean()) < np.ptp(lon[reached]) + 0.02) & (
        np.abs(lat - lat[reached].mean()) < np.ptp(lat[reached]) + 0.02
    )
    tails = np.repeat(np.arange(graph.node_count), np.diff(graph.first).astype(np.int64))
    heads = graph.head.astype(np.int64)
    arc = np.flatnonzero(near[tails])
    pair = tails * graph.node_count + heads
    turned = heads[arc] * graph.node_count + tails[arc]
    back = np.minimum(np.searchsorted(pair, turned), len(pair) - 1)
    two_way = pair[back] == turned
    share = rng.random(len(arc))
    at = np.where(reached, times.astype(float), np.inf)
    there = at[tails[arc]] + share * graph.time_ds[arc]
    other = at[heads[arc]] + (1 - share) * np.where(two_way, graph.time_ds[back], np.inf)
    spots = [place[tails[arc]] * (1 - share) + place[heads[arc]] * share for place in (lon, lat)]
    return spots[0], spots[1], np.minimum(there, other) <= LIMIT


def _pandana(network: Network, folder: Path, result: dict[str, object]) -> dict[str, object]:
    """Ask pandana the same by car; the whole process may use both cores."""
    figures = {}
    chosen = np.load(folder / "chosen.npz")
    for mode in ("drive",):
        usable = network.times[mode] != NO_WAY
        np.savez(
            folder / "peer.npz",
            lon=network.lon,
            lat=network.lat,
            tail=network.tails()[usable].astype(np.int64),
            head=network.head[usable].astype(np.int64),
            time=network.times[mode][usable].astype(float),
            **{kind: chosen[kind] for kind in ("sites", "candidates", "demand")},
        )
        told = ask_peer(PEER, folder / "peer.npz", LIMIT, SOURCES)
        ours = result["nearest_of_500"][mode]["ours_s"]
        reach = result["catchments_5000_x_200000"][mode]["ours_s"]
        field = nearest(toward_sites(network, mode), _at(chosen["sites"]), LIMIT)
        theirs = np.load(folder / "peer.npz.nearest.npy")
        inside = field.site >= 0
        estimate = told["reach_s_a_source"] * CANDIDATES
        figures[mode] = {
            "version": told["version"],
            "build_s": round(told["build_s"], 1),
            "nearest_s": round(told["nearest_s"], 3),
            "nearest_times_slower_than_ours": round(told["nearest_s"] / ours, 1),
            "nearest_equal_share": round(float((theirs == field.time_ds)[inside].mean()), 6),
            "catchments_s_estimated": round(estimate, 1),
            "catchments_times_slower_than_ours": round(estimate / reach, 1),
            "sources": SOURCES,
        }
    return figures


def _at(nodes: I64) -> Doors:
    """Give places that stand on nodes."""
    count = len(nodes)
    never = np.full((count, 2), NO_WAY, np.uint16)
    times = never.copy()
    times[:, 0] = 0
    return Doors(
        node=np.column_stack((nodes, nodes)).astype(np.uint32),
        time_ds=times,
        piece=np.full(count, -1),
        along=np.zeros(count),
        direct_ds=never,
        gap_ds=np.zeros(count, np.uint16),
    )


def _matrix(graph: TravelGraph) -> csr_array:
    parts = graph.time_ds.astype(float), graph.head.astype(np.int32), graph.first.astype(np.int32)
    return csr_array(parts, shape=(graph.node_count, graph.node_count))


def _whole(times: F64) -> U16:
    return np.where(np.isfinite(times), times, NO_WAY).astype(np.uint16)


def _spread_ms(took: list[tuple[float, float]]) -> dict[str, float]:
    wall, cpu = np.array(took).T * 1000
    return {
        "p50_ms": round(float(np.median(wall)), 3),
        "p95_ms": round(float(np.quantile(wall, 0.95)), 3),
        "p50_cpu_ms": round(float(np.median(cpu)), 3),
        "p95_cpu_ms": round(float(np.quantile(cpu, 0.95)), 3),
    }


def _machine() -> dict[str, object]:
    return {
        "processor": next(_processors(), platform.machine()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "scipy": scipy.__version__,
        "on": datetime.now(UTC).date().isoformat(),
    }


def _processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--catchments"]:
        print(json.dumps(_catchments_here(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
