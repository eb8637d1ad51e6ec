"""Supply against demand: staff or windows per insured people within reach (2SFCA, E2SFCA).

Luo and Wang 2003 (two-step floating catchment area); Luo and Qi 2009 (enhanced, decay by time).
"""

from collections.abc import Sequence

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, F64, I64, U16, U32
from circle15.planning.compiled import compiled
from circle15.planning.travel.model import Reach


def flat_decay(limit_ds: int) -> F64:
    """Count everyone within the limit fully: plain 2SFCA."""
    return np.ones(limit_ds + 1)


def stepped_decay(steps: Sequence[tuple[float, float]]) -> F64:
    """Weigh by zones `(minutes, weight)`, ascending: a zone ends at its minutes, included."""
    table = np.zeros(round(steps[-1][0] * DS_PER_MINUTE) + 1)
    for minutes, weight in reversed(steps):
        table[: round(minutes * DS_PER_MINUTE) + 1] = weight
    return table


def gaussian_decay(limit_ds: int, at_limit: float = 0.01) -> F64:
    """Fall from 1 at the door to `at_limit` at the limit along a bell curve."""
    return np.asarray(at_limit ** ((np.arange(limit_ds + 1) / limit_ds) ** 2))


def accessibility(reach: Reach, weight: F64, supply: F64, decay: F64) -> F64:
    """Give supply per person within reach of each demand point, (demand).

    `supply`: (sites) staff, windows or window hours. `decay`: weight by deciseconds, one entry
    for each up to the limit of the reach. What all people can reach adds up to the supply of the
    sites that anyone reaches.
    """
    table = np.zeros(65_536)
    table[: len(decay)] = decay
    found = np.zeros(reach.demand_count)
    _two_steps(reach.first, reach.demand, reach.time_ds, table, weight, supply, found)
    return found


@compiled
def _two_steps(
    first: I64, demand: U32, time_ds: U16, decay: F64, weight: F64, supply: F64, found: F64
) -> None:
    for site in range(len(first) - 1):
        within = 0.0
        for pair in range(first[site], first[site + 1]):
            within += weight[demand[pair]] * decay[time_ds[pair]]
        if within > 0.0:
            ratio = supply[site] / within
            for pair in range(first[site], first[site + 1]):
                found[demand[pair]] += ratio * decay[time_ds[pair]]
