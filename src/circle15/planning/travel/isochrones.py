"""Areas within the minutes as polygons, for the eye; people are counted on the network.

All reached parts of roads are drawn on a raster of times; its outline is taken and straightened.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from scipy import ndimage
from shapely import MultiPolygon
from shapely.ops import substring

from circle15.planning.arrays import F64, I64, NO_WAY, U16, U32, Mask
from circle15.planning.network.model import Network, Shapes, from_sites, toward_sites
from circle15.planning.network.projection import EARTH_RADIUS_M, mercator
from circle15.planning.travel.buckets import arcs_of
from circle15.planning.travel.model import Doors
from circle15.planning.travel.outlines import OUTERMOST, straightened
from circle15.planning.travel.raster import Lines, draw, reached_roads
from circle15.planning.travel.search import nearest

CELL_M = {"walk": 15.0, "ebike": 35.0, "drive": 45.0}
OTHER_CELL_M = 30.0
MOST_CELLS = 4_000_000
BLOCK_CELLS = 64
"""A gap of fewer cells, closed in by reached roads, is the inside of a block."""
DIGITS = 6


class Isochrones:
    """Draws areas for one network and mode; made once, then a few milliseconds an area.

    `home_visits`: where the site's people get to, instead of who gets to the site.
    """

    def __init__(self, network: Network, mode: str, *, home_visits: bool = False) -> None:
        self._graph = (from_sites if home_visits else toward_sites)(network, mode)
        self._arcs = arcs_of(self._graph)
        self._lines, self._back = _lines(network, mode, home_visits=home_visits)
        self._shapes = network.shapes
        self._cell_m = CELL_M.get(mode, OTHER_CELL_M)

    def around(self, sites: Doors, limits_ds: Sequence[int]) -> list[MultiPolygon]:
        """Draw the area within each limit of the nearest of the sites: degrees, WGS-84.

        An area holds the reached bits of road, and little more than a cell of the raster beyond;
        a wider one may lack half a cell of a narrower one.
        """
        longest = max(limits_ds)
        times = nearest(self._graph, sites, longest).time_ds
        nodes = np.flatnonzero(times != NO_WAY).astype(np.uint32)
        box = np.array((np.inf, np.inf, -np.inf, -np.inf))
        reached = times, nodes, longest
        parts = reached_roads(self._arcs, self._back, self._lines, reached, box)
        own = self._own_pieces(sites, longest)
        if not len(parts) + len(own):
            return [MultiPolygon() for _ in limits_ds]
        low = np.min([box[:2], *own[:, :2], *own[:, 3:5]], axis=0)
        high = np.max([box[2:], *own[:, :2], *own[:, 3:5]], axis=0)
        raster, corner, cell = self._raster((parts, own), low, high)
        return [_outlined(raster <= limit, corner, cell) for limit in limits_ds]

    def _raster(self, roads: tuple[F64, F64], low: F64, high: F64) -> tuple[U16, F64, float]:
        """Draw roads; a rim of two cells stays empty. Gives also the corner and the cell's side."""
        latitude = np.arctan(np.sinh((low[1] + high[1]) / 2 / EARTH_RADIUS_M))
        area = float(np.prod(high - low))
        cell = max(self._cell_m / float(np.cos(latitude)), float(np.sqrt(area / MOST_CELLS)))
        corner: F64 = low - 2 * cell
        columns, rows = ((high - corner) / cell).astype(np.int64) + 3
        raster = np.full((rows, columns), NO_WAY, np.uint16)
        for parts in roads:
            draw(parts, float(corner[0]), float(corner[1]), cell, raster)
        return raster, corner, cell

    def _own_pieces(self, sites: Doors, limit_ds: int) -> F64:
        """List the parts of the sites' own pieces from the site to either door, as reached_roads.

        On a one-way street the search, which begins at the doors, doesn't pass there.
        """
        parts: list[F64] = []
        for site, door in np.argwhere((sites.piece[:, None] >= 0) & (sites.time_ds != NO_WAY)):
            begin, end = float(sites.gap_ds[site]), float(sites.time_ds[site, door])
            line = self._piece(sites, int(site), int(door))
            share = min(1.0, (limit_ds - begin) / (end - begin)) if end > begin else 1.0
            if share >= 0.0:
                spots = shapely.get_coordinates(substring(line, 0.0, share, normalized=True))
                away = np.hypot(*np.diff(spots, axis=0, prepend=spots[:1]).T).cumsum()
                times = begin + (end - begin) * share * away / max(away[-1], 1e-9)
                rows = np.column_stack((spots, times))
                parts.append(np.hstack((rows[:-1], rows[1:])))
        return np.concatenate([np.empty((0, 6)), *parts])

    def _piece(self, sites: Doors, site: int, door: int) -> shapely.LineString:
        """Draw the piece of a site from the site to one of its doors."""
        x, y, _, _, _ = self._lines
        low, high = sorted(sites.node[site].tolist())
        bends = [np.empty((0, 2))]
        if self._shapes is not None:
            row = slice(*self._shapes.first[sites.piece[site] :][:2].tolist())
            bends.append(np.column_stack(mercator(self._shapes.lon[row], self._shapes.lat[row])))
        spots = np.concatenate(([(x[low], y[low])], *bends, [(x[high], y[high])]))
        if sites.node[site, 0] == high:
            spots = spots[::-1]
        way = substring(shapely.LineString(spots), sites.along[site], float(door), normalized=True)
        assert isinstance(way, shapely.LineString)  # a site at the end of a piece is on a node
        return way


def isochrone(
    network: Network, mode: str, sites: Doors, limit_ds: int, *, home_visits: bool = False
) -> MultiPolygon:
    """Draw one area; for more than one keep an Isochrones."""
    return Isochrones(network, mode, home_visits=home_visits).around(sites, [limit_ds])[0]


def geojson(area: MultiPolygon, properties: dict[str, object]) -> dict[str, object]:
    """Give an area as a GeoJSON feature, to a tenth of a metre."""
    rounded = shapely.transform(area, lambda points: np.round(points, DIGITS))
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(rounded),
    }


def _lines(network: Network, mode: str, *, home_visits: bool) -> tuple[Lines, I64]:
    """Lay out nodes and bends on the flat map, bends by arc of the search and in its direction.

    Gives also by arc the other direction of the same road, -1 if there is none.
    """
    tails, heads = network.tails(), network.head
    tails, heads = (tails, heads) if home_visits else (heads, tails)
    usable = np.flatnonzero(network.times[mode] != NO_WAY)
    arcs = usable[np.lexsort((heads[usable], tails[usable]))]
    piece = network.piece[arcs].astype(np.int64)
    shapes = Shapes(np.zeros(len(arcs) + 1, np.uint32), np.empty(0), np.empty(0))
    if network.shapes is not None:
        turned: Mask = tails[arcs] > heads[arcs]
        shapes = network.shapes.taken(piece, turned)
    bends = shapes.first, *mercator(shapes.lon, shapes.lat)
    return (*mercator(network.lon, network.lat), *bends), _other_direction(piece)


def _other_direction(piece: I64) -> I64:
    """Find for each arc the one other arc of its piece."""
    order = np.argsort(piece, kind="stable")
    same = np.flatnonzero(piece[order[1:]] == piece[order[:-1]])
    back = np.full(len(piece), -1)
    back[order[same]], back[order[same + 1]] = order[same + 1], order[same]
    return back


def _outlined(reached: Mask, corner: F64, cell: float) -> MultiPolygon:
    """Draw the outline of cells; the insides of blocks count as reached."""
    gaps, count = ndimage.label(~reached)
    small = np.bincount(gaps.ravel(), minlength=count + 1) < BLOCK_CELLS
    small[0] = True  # the reached cells themselves
    filled = contour_generator(z=small[gaps].astype(float), fill_type=FillType.OuterOffset)
    polygons = zip(*filled.filled(1.0 - OUTERMOST, 2.0), strict=True)
    return MultiPolygon([_polygon(points, rings, corner, cell) for points, rings in polygons])


def _polygon(points: F64, rings: U32, corner: F64, cell: float) -> shapely.Polygon:
    points, begins = straightened(points, rings)
    spots = _degrees(corner + cell * (points + 0.5))
    outlines = [spots[begin:end] for begin, end in pairwise(begins.tolist())]
    return shapely.Polygon(outlines[0], outlines[1:])


def _degrees(points: F64) -> F64:
    """Turn flat metres back to degrees."""
    lon = np.degrees(points[:, 0] / EARTH_RADIUS_M)
    lat = np.degrees(np.arctan(np.sinh(points[:, 1] / EARTH_RADIUS_M)))
    return np.column_stack((lon, lat))
