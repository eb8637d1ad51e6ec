"""A made-up city of any size for benchmarks and tests: streets, two rivers, people, candidates."""

import math
from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I64, U8, Mask

CLASSES = ("primary", "secondary", "tertiary", "residential", "footway")
DRIVE_KMH = (60.0, 50.0, 40.0, 25.0, 0.0)
WALK_KMH, EBIKE_KMH = 4.5, 15.0
PRIMARY, SECONDARY, TERTIARY, RESIDENTIAL, FOOTWAY = range(5)
# Every 20th street is a primary road, every 10th secondary, every 5th tertiary.
RANKS = ((20, PRIMARY), (10, SECONDARY), (5, TERTIARY))
BRIDGE_EVERY = 20
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticCity:
    """Roads as one-way arcs, by arc: `tail`, `head`, `length_m`, `road_class`, `time_s` by mode.

    `lon`, `lat`: degrees by node; `people`: residents by node. In `time_s` infinity means that
    the mode may not go. Everything in it is invented.
    """

    lon: F64
    lat: F64
    people: F64
    tail: I64
    head: I64
    length_m: F64
    road_class: U8
    time_s: dict[str, F64]


def synthetic_city(
    rng: np.random.Generator, nodes: int = 1_000_000, *, spacing_m: float = 95.0
) -> SyntheticCity:
    """Make a jittered grid with a part of the small streets taken out and two rivers.

    About 2.7 arcs a node: arterials keep their class along a whole line, a tenth of the small
    streets is one-way for cars, rivers are crossed on every twentieth street only, footways are
    closed to cars. Town centres draw people. The same generator state gives the same city.
    """
    side = max(4, math.isqrt(nodes * 21 // 20))
    x, y = _jittered(rng, side, spacing_m)
    tail, head, road_class = _streets(rng, side)
    keep = _kept(rng, road_class) & ~_drowned(tail, head, x, y, side)
    tail, head, road_class = tail[keep], head[keep], road_class[keep]
    x, y, tail, head = _without_lonely_nodes(x, y, tail, head)
    people = _people(rng, x, y)
    length = np.hypot(x[tail] - x[head], y[tail] - y[head]) * rng.uniform(1.0, 1.15, len(tail))
    one_way = (road_class == RESIDENTIAL) & (rng.random(len(tail)) < 0.1)  # noqa: PLR2004
    return SyntheticCity(
        lon=121.0 + x / (METRES_PER_DEGREE * math.cos(math.radians(32.0))),
        lat=31.5 + y / METRES_PER_DEGREE,
        people=people,
        tail=np.concatenate((tail, head)),
        head=np.concatenate((head, tail)),
        length_m=np.concatenate((length, length)),
        road_class=np.concatenate((road_class, road_class)),
        time_s=_times(length, road_class, one_way),
    )


def spread(rng: np.random.Generator, city: SyntheticCity, count: int) -> I64:
    """Choose distinct nodes, more of them where more people live; ascending."""
    chance = city.people + city.people.mean() / 10
    found = rng.choice(len(city.lon), count, replace=False, p=chance / chance.sum())
    return np.sort(found)


def _jittered(rng: np.random.Generator, side: int, spacing_m: float) -> tuple[F64, F64]:
    row, column = np.divmod(np.arange(side * side), side)
    x = (column + rng.uniform(-0.35, 0.35, side * side)) * spacing_m
    y = (row + rng.uniform(-0.35, 0.35, side * side)) * spacing_m
    return x, y


def _streets(rng: np.random.Generator, side: int) -> tuple[I64, I64, U8]:
    """Join neighbours east and north; the class goes by the number of the street."""
    node = np.arange(side * side)
    row, column = np.divmod(node, side)
    east, north = node[column < side - 1], node[row < side - 1]
    tail = np.concatenate((east, north))
    head = np.concatenate((east + 1, north + side))
    line = np.concatenate((row[east], column[north]))
    small = np.where(rng.random(len(tail)) < 0.12, FOOTWAY, RESIDENTIAL)  # noqa: PLR2004
    ranked = [(line % every == 0, rank) for every, rank in RANKS]
    road_class = np.select([mask for mask, _ in ranked], [rank for _, rank in ranked], small)
    return tail, head, road_class.astype(np.uint8)


def _kept(rng: np.random.Generator, road_class: U8) -> Mask:
    return (road_class <= TERTIARY) | (rng.random(len(road_class)) > 0.44)  # noqa: PLR2004


def _drowned(tail: I64, head: I64, x: F64, y: F64, side: int) -> Mask:
    """Tell which streets would cross a river away from a bridge; bridges are on primary roads."""
    width = float(x.max())
    first = y - (0.38 * width + 0.05 * width * np.sin(x / width * 7.0))
    second = x - (0.62 * width + 0.04 * width * np.sin(y / width * 9.0))
    crosses_first = (first[tail] > 0) != (first[head] > 0)
    crosses_second = (second[tail] > 0) != (second[head] > 0)
    row, column = np.divmod(tail, side)
    bridge_north = (tail + side == head) & (column % BRIDGE_EVERY == 0)
    bridge_east = (tail + 1 == head) & (row % BRIDGE_EVERY == 0)
    drowned: Mask = (crosses_first & ~bridge_north) | (crosses_second & ~bridge_east)
    return drowned


def _without_lonely_nodes(x: F64, y: F64, tail: I64, head: I64) -> tuple[F64, F64, I64, I64]:
    used = np.zeros(len(x), np.bool_)
    used[tail] = used[head] = True
    number = np.cumsum(used) - 1
    return x[used], y[used], number[tail], number[head]


def _people(rng: np.random.Generator, x: F64, y: F64) -> F64:
    """Draw residents: dense round a dozen centres, thin elsewhere; whole numbers."""
    centres = rng.integers(0, len(x), 12)
    reach = (x.max() - x.min()) * rng.uniform(0.02, 0.08, 12)
    density = np.full(len(x), 0.4)
    for centre, radius in zip(centres, reach, strict=True):
        away = np.hypot(x - x[centre], y - y[centre])
        density += 12.0 * np.exp(-((away / radius) ** 2))
    return np.floor(density * rng.lognormal(0.0, 0.6, len(x)))


def _times(length: F64, road_class: U8, one_way: Mask) -> dict[str, F64]:
    kmh = np.array(DRIVE_KMH)[road_class]
    with np.errstate(divide="ignore"):
        there = length * 3.6 / kmh
    back = np.where(one_way, np.inf, there)
    walk, ebike = length * 3.6 / WALK_KMH, length * 3.6 / EBIKE_KMH
    return {
        "walk": np.concatenate((walk, walk)),
        "ebike": np.concatenate((ebike, ebike)),
        "drive": np.concatenate((there, back)),
    }
