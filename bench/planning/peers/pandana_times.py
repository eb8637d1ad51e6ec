"""Runs among the peers: nearest sites and reach by pandana on the city given as an npz file.

Prints one JSON object. Sites are looked up by their coordinates, which are those of nodes.
"""

import json
import sys
import time

import numpy as np
import pandana
import pandas as pd

REPEATS = 5


def main(path: str, limit: float, sources: int) -> None:
    city = np.load(path)
    begun = time.perf_counter()
    network = pandana.Network(
        pd.Series(city["lon"]),
        pd.Series(city["lat"]),
        pd.Series(city["tail"]),
        pd.Series(city["head"]),
        pd.DataFrame({"time": city["time"]}),
        twoway=False,
    )
    built = time.perf_counter() - begun
    nearest_s, times = [], None
    for _ in range(REPEATS):
        begun = time.perf_counter()
        network.set_pois(
            "sites",
            limit,
            1,
            pd.Series(city["lon"][city["sites"]]),
            pd.Series(city["lat"][city["sites"]]),
        )
        times = network.nearest_pois(limit, "sites", num_pois=1)
        nearest_s.append(time.perf_counter() - begun)
    reach_s, pairs = [], 0
    for chosen in np.array_split(city["candidates"][:sources], REPEATS):
        begun = time.perf_counter()
        found = network.nodes_in_range(chosen.tolist(), limit)
        pairs += int(np.isin(found["destination"].to_numpy(), city["demand"]).sum())
        reach_s.append((time.perf_counter() - begun) / len(chosen))
    np.save(path + ".nearest.npy", times[1].to_numpy())
    print(
        json.dumps(
            {
                "build_s": built,
                "nearest_s": float(np.median(nearest_s)),
                "reach_s_a_source": float(np.median(reach_s)),
                "pairs": pairs,
                "version": pandana.__version__,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
