"""The same search district by district, here or on the workers of a Dask scheduler."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

import numpy as np

from circle15.planning.arrays import I32, I64, NO_WAY, U16, U32
from circle15.planning.districts.cutting import cut, doors_inside
from circle15.planning.network.model import TravelGraph
from circle15.planning.problems import PlanningRefused
from circle15.planning.travel.model import Doors, Field
from circle15.planning.travel.search import nearest
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """All a worker needs for one district; nothing is read from a disk that it may not have."""

    graph: TravelGraph
    own: I64
    nodes: U32
    sites: Doors
    site_number: I64
    limit_ds: int


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """Times and sites of a district's own nodes, by their numbers in the whole."""

    nodes: U32
    time_ds: U16
    site: I32


Work = TypeVar("Work")
Result = TypeVar("Result")


class Runner(Protocol):
    """How tasks are worked off: `map` does it here; results may come in any order."""

    def __call__(
        self, function: Callable[[Work], Result], tasks: Iterator[Work], /
    ) -> Iterable[Result]:
        """Work off all tasks."""


def nearest_by_district(
    search: TravelGraph,
    outward: TravelGraph,
    sites: Doors,
    district_of: I64,
    limit_ds: int,
    *,
    run: Runner = map,
) -> Field:
    """Find the nearest site of every node, district by district; equal to `nearest` on the whole.

    `district_of`: (nodes) number of the district. `outward` is `search` turned round: the
    direction residents travel in (for home visits: the other way).
    """
    time_ds = np.full(search.node_count, NO_WAY, np.uint16)
    site = np.full(search.node_count, -1, np.int32)
    tasks = (
        _task(search, outward, sites, district_of, int(number), limit_ds)
        for number in np.unique(district_of)
    )
    for done in run(work, tasks):
        time_ds[done.nodes], site[done.nodes] = done.time_ds, done.site
    return Field(time_ds, site, limit_ds)


def work(task: Task) -> Done:
    """Search one district and give what belongs to it."""
    if not len(task.sites):
        count = len(task.own)
        return Done(task.nodes, np.full(count, NO_WAY, np.uint16), np.full(count, -1, np.int32))
    field = nearest(task.graph, task.sites, task.limit_ds)
    found = field.site[task.own]
    number = np.where(found < 0, -1, task.site_number[found]).astype(np.int32)
    return Done(task.nodes, field.time_ds[task.own], number)


@contextmanager
def on_scheduler(address: str, *, within_s: float = 10.0) -> Iterator[Runner]:
    """Run on the workers of a Dask scheduler (`tcp://…`); raises PlanningRefused if none answers.

    At most a few districts wait in the scheduler at once, so a country need not fit in memory.
    """
    from distributed import Client  # noqa: PLC0415 -- slow import

    try:
        client = Client(address, timeout=within_s, set_as_default=False)
    except (OSError, ValueError) as failure:
        raise PlanningRefused(
            [
                Text(
                    f"连不上计算调度器{address}：{failure}",
                    f"no scheduler answers at {address}: {failure}",
                )
            ]
        ) from None
    with client:

        def run(function: Callable[[Work], Result], tasks: Iterator[Work], /) -> Iterator[Result]:
            from distributed import as_completed  # noqa: PLC0415 -- slow import

            def send(task: Work) -> object:
                # Straight to a worker: a district is megabytes, too much for the scheduler.
                return client.submit(function, client.scatter(task, hash=False), pure=False)

            room = 2 * max(1, sum(client.nthreads().values()))
            waiting = as_completed([send(task) for task in islice(tasks, room)], loop=client.loop)
            for future in waiting:
                yield future.result()
                for task in islice(tasks, 1):
                    waiting.add(send(task))

        yield run


def _task(
    search: TravelGraph,
    outward: TravelGraph,
    sites: Doors,
    district_of: I64,
    number: int,
    limit_ds: int,
) -> Task:
    district = cut(search, outward, district_of, number, limit_ds)
    site_number, inside = doors_inside(sites, district.nodes)
    own = np.flatnonzero(district.own)
    return Task(district.graph, own, district.nodes[own], inside, site_number, limit_ds)
