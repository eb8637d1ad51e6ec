"""Coverage with limited capacity: a site takes the nearest people, the rest remain (剩余人口)."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.travel.model import Reach


@dataclass(frozen=True, slots=True)
class SiteLoad:
    """What one site takes: people within reach not yet served, people served, capacity left."""

    site: int
    within_reach: float
    served: float
    spare: float


@dataclass(frozen=True, slots=True, eq=False)
class CapacityCoverage:
    """The sites in the order they were filled, and the people of each demand point left over."""

    loads: tuple[SiteLoad, ...]
    residual: F64


def order_by_people(reach: Reach, weight: F64) -> I64:
    """Order sites by the people within reach, most first, ties by number."""
    people = [
        weight[reach.demand[start:end]].sum() for start, end in itertools.pairwise(reach.first)
    ]
    return np.argsort(-np.array(people), kind="stable")


def serve_in_order(
    reach: Reach, weight: F64, capacity: F64, order: Sequence[int] | I64
) -> CapacityCoverage:
    """Fill each site in turn with the nearest people nobody has served yet; the last in part.

    As in the geographic coverage of WHO AccessMod: what a site takes is removed from the people
    that later sites can serve. Ties in time go by the number of the demand point.
    """
    residual = weight.astype(np.float64).copy()
    loads = tuple(_fill(reach, int(site), residual, float(capacity[int(site)])) for site in order)
    return CapacityCoverage(loads, residual)


def _fill(reach: Reach, site: int, residual: F64, capacity: float) -> SiteLoad:
    start, end = reach.first[site], reach.first[site + 1]
    nearest = np.argsort(reach.cost[start:end], kind="stable")
    demand = reach.demand[start:end][nearest]
    waiting = residual[demand]
    before = np.concatenate(([0.0], np.cumsum(waiting)[:-1]))
    taken = np.clip(capacity - before, 0.0, waiting)
    residual[demand] -= taken
    served = float(taken.sum())
    return SiteLoad(site, float(waiting.sum()), served, capacity - served)
