"""Runs among the peers: E2SFCA and 2SFCA by PySAL `access` on the pairs of an npz file.

Prints one JSON object and saves the values beside the file.
"""

import json
import statistics
import sys
import time

import access
import numpy as np
import pandas as pd
from access import weights
from access.fca import two_stage_fca


def main(path: str, repeats: int) -> None:
    given = np.load(path)
    cost = pd.DataFrame({name: given[name] for name in ("origin", "dest", "cost")})
    demand = pd.DataFrame({"demand": given["people"]}).rename_axis("geoid")
    supply = pd.DataFrame({"supply": given["staff"]}).rename_axis("geoid")
    steps = {int(end): float(weight) for end, weight in given["steps"]}
    kinds = {"enhanced": weights.step_fn(steps), "plain": None}
    told: dict[str, object] = {"version": access.__version__}
    for kind, weight in kinds.items():
        took = []
        for _ in range(repeats):
            begun = time.perf_counter()
            found = two_stage_fca(
                demand, supply, cost, None, True, "demand", True, "supply", weight_fn=weight
            )
            took.append(time.perf_counter() - begun)
        values = found.reindex(demand.index).fillna(0.0)
        np.save(f"{path}.{kind}.npy", values.to_numpy())
        told[f"{kind}_s"] = statistics.median(took)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
