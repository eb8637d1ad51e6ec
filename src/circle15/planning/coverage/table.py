"""The share of people within the limit, by area and by group, and the gaps (覆盖率、缺口)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import DS_PER_MINUTE, F64, I32, I64, NO_WAY, U16, Mask
from circle15.planning.demand import Demand

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Count:
    """People and those of them within the limit."""

    people: float
    covered: float

    @property
    def share(self) -> float | None:
        """Give covered over people, None where nobody lives: 0 of 0 is no rate."""
        return self.covered / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class Minutes:
    """Travel minutes of the people who reach a site at all, weighted by people."""

    mean: float
    median: float
    p90: float
    longest: float


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """One row: an area (`label`, empty for the whole), its start points, people and groups.

    `unreached`: people no site reaches within the longest search; they are in no minutes.
    """

    label: str
    places: int
    all: Count
    groups: Mapping[str, Count]
    minutes: Minutes | None
    unreached: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A start point outside the limit: `minutes` to the nearest site, None if there is no way."""

    place: str
    people: float
    minutes: float | None
    nearest: str | None
    labels: Mapping[str, str]


def coverage_of_all(demand: Demand, time_ds: U16, limit_ds: int) -> AreaCoverage:
    """Count the whole of the demand."""
    return _area(WHOLE, np.arange(len(time_ds)), demand, time_ds, limit_ds)


def coverage_by(
    demand: Demand, time_ds: U16, limit_ds: int, label: str
) -> tuple[AreaCoverage, ...]:
    """Count by the areas a label column names, in their order of first appearance."""
    return tuple(
        _area(name, places, demand, time_ds, limit_ds)
        for name, places in rows_by_label(demand.labels[label])
    )


def rows_by_label(column: Sequence[str]) -> Iterator[tuple[str, I64]]:
    """Yield each name of a column with the numbers of its rows, in order of first appearance."""
    names, first, inverse = np.unique(np.asarray(column), return_index=True, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    ends = np.cumsum(np.bincount(inverse, minlength=len(names)))
    rows = np.split(order, ends[:-1])
    for place in np.argsort(first):
        yield str(names[place]), rows[place]


def gaps(
    demand: Demand, time_ds: U16, site: I32, site_ids: Sequence[str], limit_ds: int
) -> tuple[Gap, ...]:
    """List the start points with people beyond the limit, most people first."""
    beyond = np.flatnonzero((time_ds > limit_ds) & (demand.weight > 0))
    order = beyond[np.lexsort((beyond, -demand.weight[beyond]))]
    return tuple(_gap(int(place), demand, time_ds, site, site_ids) for place in order)


def share_within(demand: Demand, time_ds: U16, minutes: Sequence[int]) -> tuple[Count, ...]:
    """Count the people within each of several limits, for the curve over minutes."""
    people = float(demand.weight.sum())
    return tuple(
        Count(people, float(demand.weight[time_ds <= each * DS_PER_MINUTE].sum()))
        for each in minutes
    )


def _area(label: str, places: I64, demand: Demand, time_ds: U16, limit_ds: int) -> AreaCoverage:
    times, weight = time_ds[places], demand.weight[places]
    within: Mask = times <= limit_ds
    reached: Mask = times != NO_WAY
    return AreaCoverage(
        label=label,
        places=len(places),
        all=_count(weight, within),
        groups={name: _count(people[places], within) for name, people in demand.groups.items()},
        minutes=_minutes(times[reached], weight[reached]),
        unreached=float(weight[~reached].sum()),
    )


def _count(weight: F64, within: Mask) -> Count:
    return Count(float(weight.sum()), float(weight[within].sum()))


def _minutes(time_ds: U16, weight: F64) -> Minutes | None:
    total = weight.sum()
    if not total:
        return None
    order = np.argsort(time_ds, kind="stable")
    minutes, share = time_ds[order] / DS_PER_MINUTE, np.cumsum(weight[order]) / total
    peopled = minutes[weight[order] > 0]
    return Minutes(
        mean=float(np.dot(minutes, weight[order]) / total),
        median=float(minutes[np.searchsorted(share, 0.5)]),
        p90=float(minutes[np.searchsorted(share, 0.9)]),
        longest=float(peopled[-1]),
    )


def _gap(place: int, demand: Demand, time_ds: U16, site: I32, site_ids: Sequence[str]) -> Gap:
    reached = time_ds[place] != NO_WAY
    return Gap(
        place=demand.points.id[place],
        people=float(demand.weight[place]),
        minutes=float(time_ds[place] / DS_PER_MINUTE) if reached else None,
        nearest=site_ids[int(site[place])] if reached else None,
        labels={name: column[place] for name, column in demand.labels.items()},
    )
