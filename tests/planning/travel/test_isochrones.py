import numpy as np
import pytest
import shapely
from tests.planning.travel.conftest import network as roads_of
from tests.planning.travel.streets import NO, at_nodes, doors_of

from circle15.planning.demand import Points
from circle15.planning.network.model import Network, Shapes, from_sites, toward_sites
from circle15.planning.network.places import Snapper
from circle15.planning.network.projection import EARTH_RADIUS_M, mercator
from circle15.planning.travel.isochrones import Isochrones, geojson, isochrone
from circle15.planning.travel.search import nearest

M = np.degrees(1 / EARTH_RADIUS_M)
"""One metre in degrees, on the equator."""


def road_along_the_equator(metres, *, there=True, back=True, bends=None):
    """Two nodes; a metre takes a decisecond (36 km/h)."""
    arcs = [(0, 1)] * there + [(1, 0)] * back
    return Network(
        lon=np.array([0.0, metres * M]),
        lat=np.zeros(2),
        node_id=np.arange(2),
        first=np.array([0, there, there + back], np.uint32),
        head=np.array([head for _, head in arcs], np.uint32),
        length_dm=np.full(len(arcs), metres * 10, np.uint32),
        piece=np.zeros(len(arcs), np.uint32),
        road_class=np.zeros(len(arcs), np.uint8),
        classes=("road",),
        times={"drive": np.full(len(arcs), metres, np.uint16)},
        component=np.zeros(2, np.uint32),
        source={},
        shapes=bends,
    )


def middle(metres, *, from_first, to_first, to_second):
    """A site `from_first` metres along the road."""
    whole = [metres if way else NO for way in (to_second, to_first)]
    first = from_first if to_first else NO
    second = metres - from_first if to_second else NO
    return doors_of([(0, first, 1, second, 0, from_first / metres, *whole, 0)])


def spread_over_roads(network, mode, rng, per_piece=4):
    """Points on all roads of the mode: piece, share from the lower node, degrees."""
    piece = np.unique(network.piece[network.times[mode] != NO]).astype(np.int64)
    low, high = ends(network)
    where = np.tile(piece, per_piece)
    share = rng.random(len(where))
    spot = shapely.line_interpolate_point(lines(network, low, high)[where], share, normalized=True)
    x, y = shapely.get_x(spot), shapely.get_y(spot)
    lat = np.degrees(np.arctan(np.sinh(y / EARTH_RADIUS_M)))
    return where, share, np.degrees(x / EARTH_RADIUS_M), lat


def lines(network, low, high):
    """All pieces with their bends, on the flat map."""
    bends, x, y = network.shapes, *mercator(network.lon, network.lat)
    bent = np.column_stack(mercator(bends.lon, bends.lat))
    between = np.split(bent, bends.first[1:-1])
    drawn = [
        shapely.LineString([(x[a], y[a]), *inner, (x[b], y[b])])
        for a, b, inner in zip(low, high, between, strict=True)
    ]
    return np.array(drawn)


def ends(network):
    tails, heads = network.tails().astype(np.int64), network.head.astype(np.int64)
    low, high = np.zeros((2, int(network.piece.max()) + 1), np.int64)
    low[network.piece], high[network.piece] = np.minimum(tails, heads), np.maximum(tails, heads)
    return low, high


def times_on_roads(network, mode, times, piece, share, *, toward):
    """Time at points on roads, by the better of the two ends the roads let one go to."""
    low, high = ends(network)
    up, down = np.full((2, len(low)), np.inf)
    rising = network.tails() < network.head
    pace = np.where(network.times[mode] == NO, np.inf, network.times[mode].astype(float))
    up[network.piece[rising]], down[network.piece[~rising]] = pace[rising], pace[~rising]
    to_high, to_low = (up, down) if toward else (down, up)
    at = np.where(times == NO, np.inf, times.astype(float))
    by_high = at[high[piece]] + (1 - share) * to_high[piece]
    return np.minimum(by_high, at[low[piece]] + share * to_low[piece])


@pytest.mark.parametrize("toward", [True, False])
@pytest.mark.parametrize("mode", ["walk", "ebike", "drive"])
def test_areas_hold_what_is_reached_and_little_else(mode, toward):
    network, rng = roads_of("liechtenstein"), np.random.default_rng(15)
    graph = (toward_sites if toward else from_sites)(network, mode)
    sites = at_nodes(rng.choice(np.flatnonzero(network.component == 0), 5))
    piece, share, lon, lat = spread_over_roads(network, mode, rng)
    drawer = Isochrones(network, mode, home_visits=not toward)

    counts = np.zeros(3)
    for row in range(5):
        site = sites.take(np.array([row]))
        (area,) = drawer.around(site, [9_000])
        times = nearest(graph, site, 9_000).time_ds
        reached = times_on_roads(network, mode, times, piece, share, toward=toward) <= 9_000
        inside = shapely.contains_xy(area, lon, lat)
        assert area.is_valid
        counts += (inside & reached).sum(), reached.sum(), inside.sum()

    assert counts[1] > 0
    assert counts[0] / counts[1] >= 0.999
    assert counts[0] / counts[2] >= 0.95


def test_wider_areas_hold_narrower_ones_and_rounded_ones_stay_valid():
    network = roads_of("liechtenstein")
    place = Points(("vaduz",), np.array([9.5215]), np.array([47.141]), None)
    site = Snapper(network, "walk").snap(place, arriving=True).doors

    near, wide = Isochrones(network, "walk").around(site, [3_000, 9_000])

    half_a_cell = 7.5 * M / np.cos(np.radians(47.141))
    assert wide.buffer(half_a_cell).contains(near)
    assert near.contains(shapely.Point(9.5215, 47.141))
    feature = geojson(wide, {"minutes": 15})
    assert feature["properties"] == {"minutes": 15}
    assert shapely.geometry.shape(feature["geometry"]).is_valid


def test_an_area_ends_where_the_time_ends():
    network = road_along_the_equator(5_000)
    area = isochrone(network, "drive", at_nodes([0]), 2_000)
    west, south, east, north = np.array(area.bounds) / M
    cell = 40
    assert -2 * cell <= west <= 0
    assert 2_000 <= east <= 2_000 + 2 * cell
    assert -2 * cell <= south <= north <= 2 * cell


@pytest.mark.parametrize(
    ("home_visits", "west", "east"), [(False, 1_000, 3_000), (True, 3_000, 5_000)]
)
def test_a_site_within_a_one_way_street_is_reached_from_upstream(home_visits, west, east):
    network = road_along_the_equator(6_000, back=False)
    site = middle(6_000, from_first=3_000, to_first=not home_visits, to_second=home_visits)
    area = isochrone(network, "drive", site, 2_000, home_visits=home_visits)
    assert area.bounds[0] / M == pytest.approx(west, abs=80)
    assert area.bounds[2] / M == pytest.approx(east, abs=80)


def test_a_road_is_followed_round_its_bends():
    bends = Shapes(np.array([0, 1], np.uint32), np.array([500 * M]), np.array([500 * M]))
    area = isochrone(road_along_the_equator(1_000, bends=bends), "drive", at_nodes([0]), 1_000)
    assert area.covers(shapely.Point(500 * M, 500 * M))
    assert not area.covers(shapely.Point(500 * M, 0))


def test_nobody_near_gives_an_empty_area():
    network = road_along_the_equator(1_000)
    off_road = doors_of([(0, 500, 0, NO, -1, 0, NO, NO, 500)])
    assert isochrone(network, "drive", off_road, 499).is_empty
    assert isochrone(network, "drive", at_nodes([]), 499).is_empty
    assert not isochrone(network, "drive", off_road, 500).is_empty
