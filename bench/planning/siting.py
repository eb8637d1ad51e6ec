"""Measure siting: a city, a county, and beside PySAL spopt on sizes it can do.

Run `make bench ARGS=planning.siting`; the result is printed and written to
docs/benchmarks/planning-siting.json. Medians of REPEATS, clock and processor (beside spopt the
clock counts: its processor time, the solver's included, is only told in steps of 10 ms, and is
beside it; ours is the median of TINY_REPEATS there, as it takes milliseconds); compiled before;
catchments are made before and not counted (bench/planning/travel.py measures those).
"""

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
from bench.planning.peers.environment import ask_peer

from circle15.planning.arrays import F64, I64, NO_WAY
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network, toward_sites
from circle15.planning.siting.matrix import read_matrix, read_weights
from circle15.planning.siting.question import Answer, Objective, Question
from circle15.planning.siting.solve import solve
from circle15.planning.synthetic import CLASSES, SyntheticCity, spread, synthetic_city
from circle15.planning.travel.model import Doors, Reach
from circle15.planning.travel.search import catchments

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "docs" / "benchmarks" / "planning-siting.json"
DATA = ROOT / "tests" / "planning" / "data"
PEER = Path(__file__).parent / "peers" / "spopt_siting.py"
REPEATS, PEER_REPEATS = 5, 5
TINY_REPEATS = 25
LIMIT = 9_000
CANDIDATES, DEMAND, SITES = 5_000, 200_000, 50
COUNTY_NODES, COUNTY_CANDIDATES, COUNTY_DEMAND = 120_000, 578, 20_000
WANTED_GAP = {"walk": 0.01, "ebike": 0.02}


class Took(NamedTuple):
    """Seconds on the clock, and of the processor (all threads)."""

    wall: float
    cpu: float


Case = tuple[Reach, F64]
Dense = tuple[F64, F64, float, int, str]
"""Cost (demand x sites), people, radius, number of sites, names of problems."""


def main() -> None:
    """Measure, compare, print, write."""
    result: dict[str, object] = {
        "what": "siting in a made-up city and county, and beside spopt; medians of "
        f"{REPEATS}, without the catchments",
        "load_before": os.getloadavg()[0],
        "city": _city(),
        "county": _county(),
        "spopt": _beside_spopt(),
    }
    result |= {"load_after": os.getloadavg()[0], **_machine()}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


def _city() -> dict[str, object]:
    city = synthetic_city(np.random.default_rng(15))
    network, number = _network(city)
    rng = np.random.default_rng(16)
    candidates = number[spread(rng, city, CANDIDATES)]
    demand = number[spread(rng, city, DEMAND)]
    people = city.people[network.node_id][demand]
    told: dict[str, object] = {
        "nodes": network.node_count,
        "candidates": CANDIDATES,
        "demand": DEMAND,
        "sites": SITES,
    }
    for mode, gap in WANTED_GAP.items():
        graph = toward_sites(network, mode)
        case = (catchments(graph, _at(candidates), _at(demand), LIMIT), people)
        question = Question(objective=Objective.MCLP, sites=SITES, good_enough=gap)
        took, answer = _timed(case, question)
        assert answer.gap <= gap
        best_took, best = _timed(case, Question(objective=Objective.MCLP, sites=SITES), 1)
        told[mode] = {
            "pairs": len(case[0].demand),
            **_figures(took, answer),
            "as_far_as_it_goes": _figures(best_took, best),
        }
    return told


def _county() -> dict[str, object]:
    city = synthetic_city(np.random.default_rng(15), COUNTY_NODES)
    network, number = _network(city)
    rng = np.random.default_rng(16)
    candidates = number[spread(rng, city, COUNTY_CANDIDATES)]
    demand = number[spread(rng, city, COUNTY_DEMAND)]
    told: dict[str, object] = {"nodes": network.node_count, "candidates": COUNTY_CANDIDATES}
    for mode in ("ebike", "drive"):
        reach = catchments(toward_sites(network, mode), _at(candidates), _at(demand), LIMIT)
        # Everyone some candidate reaches is to be covered.
        people = np.zeros(COUNTY_DEMAND)
        people[np.unique(reach.demand)] = 1.0
        question = Question(objective=Objective.LSCP, cover=1.0)
        took, answer = _timed((reach, people), question)
        assert answer.status == "optimal"
        told[mode] = {"demand": int(people.sum()), **_figures(took, answer)}
    return told


def _beside_spopt() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        return {
            "san_francisco": _compare(Path(name), _san_francisco()),
            "made_up": _compare(Path(name), _made_up()),
        }


def _san_francisco() -> Dense:
    matrix = read_matrix(DATA / "sf_network_distance_m.csv")
    _, people = read_weights(DATA / "sf_demand.csv")
    cost = np.full((len(matrix.demand_id), len(matrix.site_id)), np.inf)
    cost[matrix.demand, matrix.site] = matrix.cost
    return cost, people, 5000.0, 4, "lscp mclp p-median p-center"


def _made_up() -> Dense:
    """Make 60 candidates and 600 demand points, all connected by car.

    Without p-center: CBC takes minutes for it.
    """
    city = synthetic_city(np.random.default_rng(15), 12_000)
    network, number = _network(city)
    rng = np.random.default_rng(16)
    candidates, demand = number[spread(rng, city, 60)], number[spread(rng, city, 600)]
    reach = catchments(toward_sites(network, "drive"), _at(candidates), _at(demand), 60_000)
    cost = np.full((600, 60), np.inf)
    cost[reach.demand, np.repeat(np.arange(60), np.diff(reach.first))] = reach.cost
    cost = cost[:, np.isfinite(cost).sum(axis=0) > 500]
    cost = cost[np.isfinite(cost).all(axis=1)]
    people = 1.0 + rng.integers(0, 500, len(cost)).astype(np.float64)
    return cost, people, float(cost.min(axis=1).max()) + 600.0, 6, "lscp mclp p-median"


def _compare(folder: Path, case: Dense) -> dict[str, object]:
    """Ask spopt and ourselves the same; time on the clock, models included."""
    cost, people, radius, sites, problems = case
    path = folder / "case.npz"
    np.savez(path, cost=cost, people=people, radius=radius, sites=sites, problems=problems)
    theirs: dict[str, Any] = ask_peer(PEER, path, PEER_REPEATS)
    told: dict[str, object] = {
        "demand": len(cost),
        "candidates": cost.shape[1],
        "sites": sites,
        "version": theirs["version"],
    }
    for name in problems.split():
        peer = theirs["problems"][name]
        question = Question(
            objective=Objective(name),
            sites=None if name == "lscp" else sites,
            cover=1.0 if name == "lscp" else None,
        )
        limit = radius if name in {"lscp", "mclp"} else np.inf
        took, answer = _timed((_dense(cost, limit), people), question, TINY_REPEATS)
        assert answer.status == "optimal"
        same = peer["value"] is not None and abs(peer["value"] / answer.value - 1.0) <= 1e-6
        told[name] = {
            **_figures(took, answer),
            "spopt_s": round(peer["seconds"], 4),
            "spopt_cpu_s": round(peer["cpu_seconds"], 3),
            "spopt_value": peer["value"],
            "same_optimum": same,
            "times_faster": round(peer["seconds"] / took.wall, 1),
        }
    return told


def _dense(cost: F64, limit: float) -> Reach:
    """Turn a matrix demand x sites into what we search in."""
    near = limit >= cost.T
    first = np.concatenate(([0], np.cumsum(near.sum(axis=1)))).astype(np.int64)
    site, demand = np.nonzero(near)
    return Reach(first, demand.astype(np.uint32), cost[demand, site], len(cost), limit)


def _timed(case: Case, question: Question, repeats: int = REPEATS) -> tuple[Took, Answer]:
    """Give medians of the time and the answer, the same each time."""
    answer = solve(*case, question)
    took = []
    for _ in range(repeats):
        begun, cpu = time.perf_counter(), time.process_time()
        again = solve(*case, question)
        took.append((time.perf_counter() - begun, time.process_time() - cpu))
        assert again.chosen == answer.chosen or answer.gap > 0.0
    wall, cpu = (statistics.median(each) for each in zip(*took, strict=True))
    return Took(wall, cpu), answer


def _figures(took: Took, answer: Answer) -> dict[str, object]:
    return {
        "seconds": round(took.wall, 4),
        "cpu_seconds": round(took.cpu, 4),
        "value": answer.value,
        "bound": answer.bound,
        "gap": round(answer.gap, 6),
        "status": answer.status,
        "share": round(answer.share, 4),
    }


def _network(city: SyntheticCity) -> tuple[Network, I64]:
    """Build the roads; also the number of every node of the city."""
    nodes = Nodes(city.lon, city.lat, np.arange(len(city.lon)))
    arcs = Arcs(city.tail, city.head, city.length_m, city.road_class, city.time_s)
    network = build(nodes, arcs, CLASSES, {})
    number = np.empty(network.node_count, np.int64)
    number[network.node_id] = np.arange(network.node_count)
    return network, number


def _at(nodes: I64) -> Doors:
    """Put places on nodes."""
    count = len(nodes)
    node = np.column_stack((nodes, nodes)).astype(np.uint32)
    time_ds = np.column_stack((np.zeros(count), np.full(count, NO_WAY))).astype(np.uint16)
    direct = np.full((count, 2), NO_WAY, np.uint16)
    gap = np.zeros(count, np.uint16)
    return Doors(node, time_ds, np.full(count, -1), np.zeros(count), direct, gap)


def _machine() -> dict[str, object]:
    return {
        "processor": next(_processors(), platform.machine()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "highspy": version("highspy"),
        "measured_on": datetime.now(UTC).date().isoformat(),
    }


def _processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    main()
