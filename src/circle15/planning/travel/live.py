"""Nearest sites of nodes and of places, kept up to date as one site at a time changes."""

import numpy as np
from scipy.sparse import csr_array

from circle15.planning.arrays import F64, I64, U32
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.buckets import (
    Arcs,
    Labels,
    Queue,
    arcs_of,
    entries_of,
    queue_for,
    record_for,
    seeds_of,
)
from circle15.planning.travel.direct import nearest_direct
from circle15.planning.travel.model import Doors, Field
from circle15.planning.travel.repair import Places, Record, repair, restore, settle
from circle15.planning.travel.search import nearest, place_times


class LiveField:
    """The nearest site of every node."""

    def __init__(self, graph: TravelGraph, sites: Doors, limit_ds: int) -> None:
        self._limit_ds = limit_ds
        field = nearest(graph, sites, limit_ds)
        self.labels: Labels = (field.time_ds, field.site)
        self._arcs = arcs_of(graph)
        self._back = _turned(self._arcs)
        self._queue, self._old = self._room(len(sites))

    def as_field(self) -> Field:
        """Show the labels as they are; they change with the next repair."""
        return Field(*self.labels, self._limit_ds)

    def repair(self, site: int, before: Doors, after: Doors) -> Record:
        """Go over from the sites `before` to those `after`, which differ in one."""
        seeds = seeds_of(after, self._limit_ds)
        if len(seeds[0]) > self._seeds_room:
            self._queue, self._old = self._room(len(after))
        nodes = before.node[site] if site < len(before) else np.empty(0, np.uint32)
        top = repair(
            self._arcs,
            self._back,
            self._queue,
            self.labels,
            self._old,
            (site, nodes),
            seeds,
            self._limit_ds,
        )
        return self._queue[1][:top].copy(), self._old[0][:top].copy(), self._old[1][:top].copy()

    def restore(self, record: Record) -> None:
        """Take a repair back."""
        restore(self.labels, record)

    def _room(self, sites: int) -> tuple[Queue, Labels]:
        # A node enters the pool once for each arc to it, once when cleared, once from the rim.
        self._seeds_room = 4 * sites + 1_000
        more = 2 * len(self.labels[0]) + self._seeds_room
        queue = queue_for(self._arcs, self._limit_ds, self._limit_ds, more)
        return queue, record_for(queue)


class LivePlaces:
    """The nearest site of every place: by its doors, or straight along its piece of road."""

    def __init__(
        self, field: Field, sites: Doors, demand: Doors, weight: F64, *, home_visits: bool
    ) -> None:
        self._demand = demand
        self._limit_ds = field.limit_ds
        self._home_visits = home_visits
        self.labels: Labels = place_times(field, sites, demand, home_visits=home_visits)
        self._by_piece = np.argsort(demand.piece, kind="stable")
        self._pieces = demand.piece[self._by_piece]
        self._direct: Labels = nearest_direct(
            sites, demand, field.limit_ds, home_visits=home_visits
        )
        self._laid_out: Places = (
            entries_of(demand, len(field.time_ds), field.limit_ds),
            (
                np.require(demand.node, np.uint32, ["C", "W"]),
                np.require(demand.time_ds, np.uint16, ["C", "W"]),
            ),
            self._direct,
            self.labels,
            (field.time_ds, field.site),
            np.require(weight, np.float64, ["C", "W"]),
            np.zeros(len(demand), np.bool_),
        )
        count = len(demand)
        self._record: Record = (
            np.empty(count + 1, np.uint32),
            np.empty(count, np.uint16),
            np.empty(count, np.int32),
        )

    def repair(self, nodes: U32, pieces: I64, sites: Doors) -> tuple[Record, Record, F64]:
        """Follow the field, whose labels changed at `nodes`; a site came or went on `pieces`.

        Gives what direct ways and places had before, and the weight gained and lost.
        """
        near = self._on(pieces)
        direct = self._renew_direct(near, pieces, sites)
        change = np.zeros(2)
        count = settle(self._laid_out, nodes, near, self._record, change, self._limit_ds)
        numbers, times, found = self._record
        return direct, (numbers[:count].copy(), times[:count].copy(), found[:count].copy()), change

    def restore(self, direct: Record, places: Record) -> None:
        """Take a repair back."""
        restore(self._direct, direct)
        restore(self.labels, places)

    def _on(self, pieces: I64) -> I64:
        """List the places on these pieces of road."""
        begin = np.searchsorted(self._pieces, pieces, "left")
        end = np.searchsorted(self._pieces, pieces, "right")
        found = [self._by_piece[i:j] for i, j in zip(begin, end, strict=True)]
        return np.concatenate([np.empty(0, np.int64), *found])

    def _renew_direct(self, near: I64, pieces: I64, sites: Doors) -> Record:
        times, found = self._direct
        before = near.astype(np.uint32), times[near], found[near]
        if len(near):
            here = np.flatnonzero(np.isin(sites.piece, pieces))
            way = nearest_direct(
                sites.take(here),
                self._demand.take(near),
                self._limit_ds,
                home_visits=self._home_visits,
            )
            times[near] = way[0]
            found[near] = np.where(way[1] < 0, -1, here[way[1]]) if len(here) else -1
        return before


def _turned(arcs: Arcs) -> Arcs:
    """Turn all arcs round."""
    first, head, step = arcs
    count = len(first) - 1
    matrix = csr_array(
        (step, head.astype(np.int32), first.astype(np.int32)), shape=(count, count)
    ).tocsc()
    return matrix.indptr.astype(np.uint32), matrix.indices.astype(np.uint32), matrix.data
