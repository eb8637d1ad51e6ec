"""Outlines of cells with few points."""

from itertools import pairwise

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.planning.travel.conftest import network as roads_of
from tests.planning.travel.streets import at_nodes

from circle15.planning.network.model import toward_sites
from circle15.planning.travel.isochrones import Isochrones, geojson
from circle15.planning.travel.outlines import OUTERMOST, straightened

CELLS = st.integers(1, 9)


def outlined(cells):
    """The outline of cells with a rim, straightened; also how many points it had and has."""
    whole = np.pad(cells, 1).astype(float)
    filled = contour_generator(z=whole, fill_type=FillType.OuterOffset).filled(1 - OUTERMOST, 2)
    found, before, after = [], 0, 0
    for points, rings in zip(*filled, strict=True):
        fewer, begins = straightened(points, rings)
        drawn = [fewer[a:b] for a, b in pairwise(begins.tolist())]
        found.append(shapely.Polygon(drawn[0], drawn[1:]))
        before, after = before + len(points), after + len(fewer)
    return shapely.MultiPolygon(found), whole > 0, before, after


@settings(max_examples=300, deadline=None)
@given(st.tuples(CELLS, CELLS).flatmap(lambda shape: arrays(np.bool_, shape)))
def test_outlines_stay_valid_and_part_the_same_cells(cells):
    area, whole, before, after = outlined(cells)
    rows, columns = np.indices(whole.shape)
    assert area.is_valid
    assert (shapely.contains_xy(area, columns, rows) == whole).all()
    assert after <= before


def test_nearly_all_of_each_cell_stays_inside():
    cells = np.random.default_rng(15).random((60, 60)) < 0.6
    area, whole, before, after = outlined(cells)
    rows, columns = np.nonzero(whole)
    squares = shapely.union_all(shapely.box(columns - 0.5, rows - 0.5, columns + 0.5, rows + 0.5))
    assert shapely.difference(squares, area).area / squares.area < 0.01
    assert after < before


def test_a_long_straight_side_has_two_points():
    area, _, before, _ = outlined(np.ones((3, 400), bool))
    assert (before > 800, len(area.geoms[0].exterior.coords) < 12) == (True, True)


def test_an_area_has_few_points():
    network = roads_of("liechtenstein")
    middle = np.flatnonzero(np.diff(toward_sites(network, "drive").first) > 2)[:1]
    (area,) = Isochrones(network, "drive").around(at_nodes(middle), [9_000])
    assert area.is_valid
    assert shapely.geometry.shape(geojson(area, {})["geometry"]).is_valid
    assert shapely.get_num_coordinates(area) < 1_000
