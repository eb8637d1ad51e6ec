"""The bounded bucket-queue searches (Dial 1969) that everything else stands on, compiled.

Times are whole deciseconds and every arc takes at least one: a bucket holds one moment, what lies
in it is final when its turn comes, and ties between sites come out the same in any order. Buckets
go round; their number is a power of two above the longest single step. A bucket is a list in one
pool, and nothing in the pool is used twice in a search: the pool is the record of what changed.
"""

import numpy as np

from circle15.planning.arrays import I32, I64, LONGEST_LIMIT_DS, NO_WAY, U16, U32, Whole
from circle15.planning.compiled import compiled
from circle15.planning.network.model import TravelGraph
from circle15.planning.travel.model import Doors

NOBODY = -1

# Plain tuples: compiled code that took classes of ours could not be read back from the disk once
# such a class is renamed.
Arcs = tuple[U32, U32, U16]
"""`first`, `head`, `step`: a travel graph."""
Labels = tuple[U16, I32]
"""`time`, `site`: time to and number of the nearest site, by node or by place."""
Seeds = tuple[U32, U16, I32]
"""`node`, `time`, `site`: a search begins at the node, so far away from the site."""
Entries = tuple[U32, U32, U16]
"""`first`, `place`, `time`: doors of places by node; row i is `first[i]:first[i + 1]`."""
Queue = tuple[I32, U32, I32]
"""`bucket`, `node`, `following`: first entry of every bucket, -1 if empty; the pool of entries."""


def arcs_of(graph: TravelGraph) -> Arcs:
    """Lay a graph out for compiled code: the same types whatever file or map it came from."""
    return (
        np.require(graph.first, np.uint32, ["C", "W"]),
        np.require(graph.head, np.uint32, ["C", "W"]),
        np.require(graph.time_ds, np.uint16, ["C", "W"]),
    )


def seeds_of(doors: Doors, limit_ds: int) -> Seeds:
    """Take the doors that can be used within the limit, in the order of the sites."""
    site, door = np.nonzero(doors.time_ds <= limit_ds)
    node, time = doors.node[site, door], doors.time_ds[site, door]
    return node.astype(np.uint32), time.astype(np.uint16), site.astype(np.int32)


def entries_of(doors: Doors, node_count: int, limit_ds: int) -> Entries:
    """Sort the usable doors of places by node."""
    node, time, place = seeds_of(doors, limit_ds)
    order = np.argsort(node, kind="stable")
    first = np.zeros(node_count + 1, np.uint32)
    np.cumsum(np.bincount(node, minlength=node_count), out=first[1:])
    return first, place[order].astype(np.uint32), time[order]


def labels_for(count: int) -> Labels:
    """Make labels of nodes or places nobody has reached."""
    return np.full(count, NO_WAY, np.uint16), np.full(count, NOBODY, np.int32)


def queue_for(arcs: Arcs, limit_ds: int, longest_door_ds: int, more: int) -> Queue:
    """Make room for any search on these arcs with `more` entries beside those of the arcs."""
    _, head, step = arcs
    span = min(limit_ds, max(int(step.max(initial=1)), longest_door_ds))
    room = len(head) + more + 1
    return (
        np.full(1 << span.bit_length(), NOBODY, np.int32),
        np.empty(room, np.uint32),
        np.empty(room, np.int32),
    )


def record_for(queue: Queue) -> Labels:
    """Make room for what nodes had before, by entry of the pool."""
    return np.empty(len(queue[1]), np.uint16), np.empty(len(queue[1]), np.int32)


def longest_door(doors: Doors) -> int:
    """Give the longest time of a door that can be used."""
    return int(doors.time_ds[doors.time_ds != NO_WAY].max(initial=0))


def check_search(graph: TravelGraph, limit_ds: int, *places: Doors) -> None:
    """Raise ValueError for what would lead compiled code astray, which looks at no boundary."""
    if not 0 <= limit_ds <= LONGEST_LIMIT_DS:
        message = f"a limit is 0 to {LONGEST_LIMIT_DS} deciseconds, not {limit_ds}"
        raise ValueError(message)
    if any(len(doors) and int(doors.node.max()) >= graph.node_count for doors in places):
        message = "a door stands at a node that isn't in the network"
        raise ValueError(message)


@compiled
def beats(time: Whole, site: Whole, other_time: Whole, other_site: Whole) -> bool:
    """Tell which label is better: the sooner one, at the same time that of the smaller number."""
    return bool(time < other_time or (time == other_time and site < other_site))


@compiled
def put(
    queue: Queue, labels: Labels, old: Labels, node: Whole, time: Whole, site: Whole, top: int
) -> int:
    """Give a node a better label and queue it; what it had goes into the record."""
    bucket, pool, following = queue
    times, sites = labels
    old_times, old_sites = old
    old_times[top], old_sites[top] = times[node], sites[node]
    times[node], sites[node] = time, site
    slot = time & (len(bucket) - 1)
    pool[top] = node
    following[top] = bucket[slot]
    bucket[slot] = top
    return top + 1


@compiled
def sow(queue: Queue, labels: Labels, old: Labels, seeds: Seeds, top: int) -> int:
    """Queue the seeds that beat what is there; gives how many entries of the pool are used."""
    nodes, seed_times, seed_sites = seeds
    times, sites = labels
    for i in range(len(nodes)):
        node, time, site = nodes[i], np.int64(seed_times[i]), seed_sites[i]
        if beats(time, site, times[node], sites[node]):
            top = put(queue, labels, old, node, time, site, top)
    return top


@compiled
def grow(
    arcs: Arcs, queue: Queue, labels: Labels, old: Labels, waiting: int, top: int, limit: int
) -> int:
    """Carry the labels of the `waiting` entries on wherever they win; gives the entries used."""
    first, heads, step = arcs
    bucket, pool, following = queue
    times, sites = labels
    now = 0
    while waiting > 0:
        slot = now & (len(bucket) - 1)
        entry = bucket[slot]
        bucket[slot] = NOBODY
        while entry >= 0:
            node = pool[entry]
            waiting -= 1
            if times[node] == now:  # else it was reached sooner since
                before = top
                site = sites[node]
                for arc in range(first[node], first[node + 1]):
                    time = now + np.int64(step[arc])
                    head = heads[arc]
                    if time <= limit and beats(time, site, times[head], sites[head]):
                        top = put(queue, labels, old, head, time, site, top)
                waiting += top - before
            entry = following[entry]
        now += 1
    return top


@compiled
def reach(arcs: Arcs, queue: Queue, times: U16, seeds: Seeds, rows: I64) -> int:
    """Search from one site, the seeds in `rows`; gives the entries used, whose nodes are timed.

    `times` holds limit + 1 where nobody was, which nothing beyond the limit beats. Every arc is
    written to the next entry and its bucket, and only what is sooner is kept there: no branch to
    be guessed wrong, which takes a third off the time.
    """
    first, heads, step = arcs
    bucket, pool, following = queue
    nodes, seed_times, _ = seeds
    mask = len(bucket) - 1
    top, now = 0, 0
    for i in range(rows[0], rows[1]):
        top = _offer(queue, times, nodes[i], np.int64(seed_times[i]), mask, top)
    done = 0
    while done < top:
        slot = now & mask
        entry = bucket[slot]
        bucket[slot] = NOBODY
        while entry >= 0:
            node = pool[entry]
            entry = following[entry]
            done += 1
            if times[node] == now:  # else it was reached sooner since
                for arc in range(first[node], first[node + 1]):
                    time = np.int64(now) + np.int64(step[arc])
                    top = _offer(queue, times, heads[arc], time, mask, top)
        now += 1
    return top


@compiled
def _offer(queue: Queue, times: U16, node: Whole, time: Whole, mask: int, top: int) -> int:
    bucket, pool, following = queue
    old = np.int64(times[node])
    slot = time & mask
    begun = bucket[slot]
    sooner = time < old
    pool[top], following[top] = node, begun
    times[node] = time if sooner else old
    bucket[slot] = top if sooner else begun
    return top + 1 if sooner else top
