"""Measure 2SFCA and E2SFCA beside PySAL `access`: 5,000 sites, 200,000 start points, 15 minutes.

Run `make bench ARGS=planning.supply`; the result is printed and written to
docs/benchmarks/planning-supply.json. Wall clock on the same pairs of one made-up city; medians of
REPEATS, `access` by car once: it takes minutes.
"""

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numba
import numpy as np
from bench.planning.peers.environment import ask_peer

from circle15.planning.arrays import F64
from circle15.planning.coverage.supply import accessibility, flat_decay, stepped_decay
from circle15.planning.districts.cutting import at_nodes
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import toward_sites
from circle15.planning.synthetic import CLASSES, spread, synthetic_city
from circle15.planning.travel.model import Reach
from circle15.planning.travel.search import catchments

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "planning-supply.json"
PEER = Path(__file__).parent / "peers" / "access_supply.py"
NODES, SITES, DEMAND, LIMIT = 1_000_000, 5_000, 200_000, 9_000
REPEATS = 5
THEIR_REPEATS = {"walk": 5, "ebike": 5, "drive": 1}
STEPS = ((3_000, 1.0), (6_000, 0.68), (9_000, 0.22))


def main() -> None:
    """Measure, compare, print, write."""
    city = synthetic_city(np.random.default_rng(15), NODES)
    nodes = Nodes(city.lon, city.lat, np.arange(len(city.lon)))
    arcs = Arcs(city.tail, city.head, city.length_m, city.road_class, city.time_s)
    network = build(nodes, arcs, CLASSES, {})
    number = np.empty(network.node_count, np.int64)
    number[network.node_id] = np.arange(network.node_count)
    rng = np.random.default_rng(16)
    sites, demand = (number[spread(rng, city, count)] for count in (SITES, DEMAND))
    people = city.people[network.node_id][demand] + 1
    staff = rng.integers(2, 9, SITES).astype(np.float64)
    result: dict[str, object] = {
        "what": f"supply per person: {SITES} sites, {DEMAND} start points, {LIMIT // 600} minutes; "
        f"wall clock, medians of {REPEATS} (PySAL by car: once)",
        "load_before": os.getloadavg()[0],
    }
    for mode in THEIR_REPEATS:
        graph = toward_sites(network, mode)
        reach = catchments(graph, at_nodes(sites), at_nodes(demand), LIMIT)
        result[mode] = compared(reach, people, staff, mode)
    result |= {"load_after": os.getloadavg()[0], **machine()}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


def compared(reach: Reach, people: F64, staff: F64, mode: str) -> dict[str, object]:
    steps = stepped_decay([(end / 600, weight) for end, weight in STEPS])
    decays = {"enhanced": steps, "plain": flat_decay(LIMIT)}
    ours = {kind: accessibility(reach, people, staff, decay) for kind, decay in decays.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pairs.npz")
        row = np.repeat(np.arange(SITES), np.diff(reach.first))
        pairs = {"origin": reach.demand.astype(np.int64), "dest": row, "cost": reach.time_ds}
        np.savez(path, **pairs, people=people, staff=staff, steps=np.array(STEPS))
        told = ask_peer(PEER, path, THEIR_REPEATS[mode])
        theirs = {kind: np.load(f"{path}.{kind}.npy") for kind in decays}
    found: dict[str, object] = {"pairs": len(reach.demand), "pysal_access": told["version"]}
    for kind, decay in decays.items():
        took = median(lambda decay=decay: accessibility(reach, people, staff, decay))
        slow = told[f"{kind}_s"]
        assert isinstance(slow, float)
        assert np.allclose(ours[kind], theirs[kind], rtol=1e-9, atol=0)
        found[kind] = {
            "ours_s": round(took, 4),
            "pysal_s": round(slow, 2),
            "times_faster": round(slow / took),
            "same_values": True,
        }
    return found


def median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def machine() -> dict[str, object]:
    return {
        "processor": next(processors(), platform.machine()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "on": datetime.now(UTC).date().isoformat(),
    }


def processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    main()
