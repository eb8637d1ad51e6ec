"""Runs among the peers: siting by PySAL spopt (through PuLP and CBC) on a dense cost matrix.

Prints one JSON object: by problem the seconds of model and solution (clock and CPU, medians) and
the value. A value is only given if the solver ended before its time limit: PuLP says "Optimal" at
the limit too.
"""

import json
import os
import sys
import time

import numpy as np
import pulp
import spopt
from spopt.locate import LSCP, MCLP, PCenter, PMedian

LIMIT_S = 100


def main(path: str, repeats: int) -> None:
    case = np.load(path)
    cost, people = case["cost"], case["people"]
    radius, sites = float(case["radius"]), int(case["sites"])
    makers = {
        "lscp": lambda: LSCP.from_cost_matrix(cost, radius),
        "mclp": lambda: MCLP.from_cost_matrix(cost, people, radius, sites),
        "p-median": lambda: PMedian.from_cost_matrix(cost, people, sites),
        "p-center": lambda: PCenter.from_cost_matrix(cost, sites),
    }
    wanted = str(case["problems"]).split()
    told = {name: _solved(makers[name], repeats) for name in wanted}
    print(json.dumps({"version": spopt.__version__, "pulp": pulp.__version__, "problems": told}))


def _solved(make: object, repeats: int) -> dict[str, float | None]:
    walls, cpus, value = [], [], None
    for _ in range(repeats):
        begun, cpu = time.perf_counter(), _cpu()
        made = make().solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=LIMIT_S))
        waited = time.perf_counter() - begun
        walls.append(waited)
        cpus.append(_cpu() - cpu)
        ended = waited < LIMIT_S and made.problem.sol_status == pulp.LpSolutionOptimal
        value = float(pulp.value(made.problem.objective)) if ended else None
        if waited > LIMIT_S / repeats:
            break
    wall, cpu = float(np.median(walls)), float(np.median(cpus))
    return {"seconds": wall, "cpu_seconds": cpu, "value": value}


def _cpu() -> float:
    """CPU time of this process and of the solvers it has run, in steps of 10 ms."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
