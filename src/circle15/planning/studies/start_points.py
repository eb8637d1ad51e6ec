"""Which rows of a demand table are start points: placeholder villages (虚拟社区) are none."""

from dataclasses import replace

import numpy as np

from circle15.planning.arrays import I64
from circle15.planning.demand import Demand, Points

FLAGS = ("virtual", "placeholder", "is_placeholder")
TRUE = frozenset({"true", "1", "yes", "是"})
NAMED_PLACEHOLDER = "虚拟"


def without_placeholders(demand: Demand) -> tuple[Demand, int]:
    """Leave out placeholder villages, by flag column or by name; tell how many there were."""
    keep = np.array([not _is_placeholder(demand, row) for row in range(len(demand.points))], bool)
    rows = np.flatnonzero(keep)
    groups = {name: people for name, people in demand.groups.items() if name not in FLAGS}
    return chosen(replace(demand, groups=groups), rows), len(keep) - len(rows)


def chosen(demand: Demand, rows: I64) -> Demand:
    """Keep some rows of a demand table."""
    return replace(
        demand,
        points=chosen_points(demand.points, rows),
        weight=demand.weight[rows],
        groups={name: values[rows] for name, values in demand.groups.items()},
        labels={name: tuple(values[row] for row in rows) for name, values in demand.labels.items()},
    )


def chosen_points(points: Points, rows: I64) -> Points:
    """Keep some places."""
    return Points(
        tuple(points.id[row] for row in rows),
        None if points.lon is None else points.lon[rows],
        None if points.lat is None else points.lat[rows],
        None if points.node is None else points.node[rows],
    )


def _is_placeholder(demand: Demand, row: int) -> bool:
    flagged = any(
        demand.labels[flag][row].strip().lower() in TRUE for flag in FLAGS if flag in demand.labels
    )
    counted = any(demand.groups[flag][row] == 1 for flag in FLAGS if flag in demand.groups)
    named = "name" in demand.labels and NAMED_PLACEHOLDER in demand.labels["name"][row]
    return flagged or counted or named
