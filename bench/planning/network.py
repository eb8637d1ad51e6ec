"""Measure networks: build, save and open a city of a million nodes, and join 200,000 places to it.

Run `python -m bench.planning.network`; the result is printed and written to
docs/benchmarks/planning-network.json. Medians of the repeats; shapely's tree is the peer.
"""

import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely

from circle15.planning.demand import Points
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network, toward_sites
from circle15.planning.network.places import Snapper
from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.projection import mercator
from circle15.planning.network.store import load, save
from circle15.planning.synthetic import CLASSES, synthetic_city

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "planning-network.json"
PLACES, REPEATS, TREE_REPEATS, MODE = 200_000, 7, 3, "walk"
SHAKE_DEGREES = 4e-4  # places stand some 40 m beside a crossing


def main() -> None:
    """Measure, compare, print, write."""
    city = synthetic_city(np.random.default_rng(15))
    nodes = Nodes(city.lon, city.lat, np.arange(len(city.lon)))
    arcs = Arcs(city.tail, city.head, city.length_m, city.road_class, city.time_s)
    network = build(nodes, arcs, CLASSES, {})
    points = places(network)
    with TemporaryDirectory() as folder:
        path = Path(folder, "city.net")
        save(network, path)
        save_s, size = median(lambda: save(network, path)), path.stat().st_size
        load_s = median(lambda: touched(load(path)))
        network = load(path)
        result = {
            "what": "a synthetic city; seconds, medians",
            "nodes": network.node_count,
            "arcs": network.arc_count,
            "build_s": median(lambda: build(nodes, arcs, CLASSES, {}), TREE_REPEATS),
            "save_s": save_s,
            "file_mb": round(size / 1e6, 1),
            "load_and_read_all_s": load_s,
            "graph_of_a_mode_s": median(lambda: toward_sites(network, MODE)),
            **snapping(network, points),
            **machine(),
        }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    RESULT.write_text(text + "\n", encoding="utf-8")
    print(text)
    assert load_s < 1
    assert result["same_distances"]


def places(network: Network) -> Points:
    rng = np.random.default_rng(2)
    near = rng.integers(0, network.node_count, PLACES)
    lon = network.lon[near] + rng.normal(0, SHAKE_DEGREES, PLACES)
    lat = network.lat[near] + rng.normal(0, SHAKE_DEGREES, PLACES)
    return Points(tuple(map(str, range(PLACES))), lon, lat, None)


def touched(network: Network) -> int:
    """Read every array, so that nothing is only promised."""
    arrays = (network.lon, network.lat, network.node_id, network.first, network.head)
    more = (network.length_dm, network.piece, network.road_class, network.component)
    return sum(int(array.sum()) for array in (*arrays, *more, *network.times.values()))


def snapping(network: Network, points: Points) -> dict[str, object]:
    snapper = Snapper(network, MODE)
    ours = snapper.snap(points, arriving=False)
    one = Points(("one",), points.lon[:1], points.lat[:1], None)
    tree, spots = (
        tree_of(network),
        shapely.points(np.column_stack(mercator(points.lon, points.lat))),
    )
    theirs = distances(tree, spots) * np.cos(np.radians(points.lat))
    snap_s = median(lambda: snapper.snap(points, arriving=False))
    tree_s = median(lambda: distances(tree, spots), TREE_REPEATS)
    return {
        "places": PLACES,
        "snapper_s": median(lambda: Snapper(network, MODE)),
        "snap_all_s": snap_s,
        "snap_one_ms": round(median(lambda: snapper.snap(one, arriving=False)) * 1000, 3),
        "shapely_tree_s": median(lambda: tree_of(network), TREE_REPEATS),
        "shapely_nearest_all_s": tree_s,
        "times_faster": round(tree_s / snap_s, 1),
        "same_distances": bool(np.allclose(ours.gap_m, theirs, rtol=1e-9, atol=1e-6)),
    }


def tree_of(network: Network) -> shapely.STRtree:
    """Hold the pieces in shapely's tree; walkers may go everywhere here, scraps have no doors."""
    tail, head = network.tails(), network.head
    x, y = mercator(network.lon, network.lat)
    size = np.bincount(network.component)[network.component]
    once = (tail < head) & (size[tail] >= default_scenario().least_part_nodes)
    ends = [np.column_stack((x[end[once]], y[end[once]])) for end in (tail, head)]
    tree = shapely.STRtree(shapely.linestrings(np.stack(ends, axis=1)))
    tree.query_nearest(shapely.Point(ends[0][0]))  # the tree is built at the first question
    return tree


def distances(tree: shapely.STRtree, spots: np.ndarray) -> np.ndarray:
    return tree.query_nearest(spots, all_matches=False, return_distance=True)[1]


def median(work: Callable[[], object], repeats: int = REPEATS) -> float:
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken), 4)


def machine() -> dict[str, str]:
    return {
        "processor": next(processors(), platform.machine()),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "shapely": shapely.__version__,
        "on": datetime.now(UTC).date().isoformat(),
    }


def processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    main()
