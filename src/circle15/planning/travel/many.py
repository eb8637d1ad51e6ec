"""Catchments of many sites by whichever search is quicker: one by one, or all in a sweep."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from circle15.planning.arrays import NO_WAY
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.catchments import catchments
from circle15.planning.travel.model import Doors, Reach
from circle15.planning.travel.order import Order, load_order
from circle15.planning.travel.search import nearest

LEAST_SITES = 200
WIDE_NODES = 8_000
"""Mean nodes within the limit of a site from which the sweep is quicker (bench/planning/sweep)."""
SAMPLE = 8


def order_beside(network: Path) -> Order | None:
    """Load the order kept beside a network file, if there is one; raises PlanningRefused."""
    path = order_path(network)
    return load_order(path) if path.exists() else None


def order_path(network: Path) -> Path:
    """Tell where the order of a network file is kept."""
    return network.with_name(f"{network.name}.order")


def is_worth_sweeping(graph: TravelGraph, sites: Doors, limit_ds: int, order: Order | None) -> bool:
    """Tell whether a sweep is quicker: for many sites with wide catchments, as by car."""
    return (
        order is not None
        and len(sites) >= LEAST_SITES
        and _mean_reach(graph, sites, limit_ds) >= WIDE_NODES
    )


def catchments_of_many(
    graph: TravelGraph,
    sites: Doors,
    demand: Doors,
    limit_ds: int,
    *,
    order: Order | None = None,
    home_visits: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reach:
    """Find all places within the limit of every site; both ways give the same numbers.

    With an `order` of the roads all are swept together: see `is_worth_sweeping`.
    """
    if order is None:
        return catchments(
            graph, sites, demand, limit_ds, home_visits=home_visits, progress=progress
        )
    from circle15.planning.travel.customize import customize  # noqa: PLC0415 -- slow to compile
    from circle15.planning.travel.sweep import catchments_by_sweep  # noqa: PLC0415

    hierarchy = customize(order, graph)
    return catchments_by_sweep(
        hierarchy, sites, demand, limit_ds, home_visits=home_visits, progress=progress
    )


def _mean_reach(graph: TravelGraph, sites: Doors, limit_ds: int) -> float:
    rows = np.linspace(0, len(sites) - 1, SAMPLE).astype(np.int64)
    counts = [
        np.count_nonzero(nearest(graph, sites.take(rows[i : i + 1]), limit_ds).time_ds != NO_WAY)
        for i in range(len(rows))
    ]
    return float(np.mean(counts))
