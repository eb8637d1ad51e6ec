"""The map of a plan as a picture: outline, roads, start points by minutes, sites, legend, scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import cos, radians, sqrt
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from circle15.planning.arrays import F64
from circle15.plans.documents.bands import Band, Key
from circle15.plans.documents.drawn import CHOSEN, CLOSED, KEPT, Drawing, DrawnSite
from circle15.sites.states import SiteKind

WIDTH, LEGEND, MARGIN = 1600, 300, 24
TALLEST = 1500
# Drawn twice as large and shrunk: smooth edges without a drawing engine.
FINE = 2
KM_PER_DEGREE = 111.32
SCALES_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
MOST_POINT, LEAST_POINT = 11, 3
COLOURS = {
    Band.NEAR.value: "#08306b",
    Band.MIDDLE.value: "#2171b5",
    Band.WITHIN.value: "#5a9bd4",
    Band.BEYOND.value: "#d9660a",
    Band.FAR.value: "#8c2d04",
    Band.NO_WAY.value: "#33373a",
}
RINGS = {Band.BEYOND.value, Band.FAR.value}
PAPER, GROUND, EDGE, ROAD = "#ffffff", "#f1f7f5", "#0a655c", "#b9c9c6"
SITE, NEW_SITE, INK, SHUT = "#0a655c", "#f2a93b", "#14262a", "#b3261e"
LARGE = {SiteKind.COUNTY_HALL.value, SiteKind.TOWN_CENTRE.value}
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under the points: outlines (GeoJSON geometries) and strokes of road."""

    outlines: Sequence[dict[str, Any]]
    strokes: F64


@dataclass(frozen=True, slots=True)
class Words:
    """What is written on the picture."""

    legend: Sequence[Key]
    people: str
    sites: Sequence[tuple[str, str]]
    scale: str
    note: str


class _Frame:
    """Degrees to dots: plain, with the width of a degree at the middle latitude."""

    def __init__(self, lon: F64, lat: F64) -> None:
        self.west, self.north = float(lon.min()), float(lat.max())
        self.squeeze = cos(radians(float(lat.mean())))
        across = max((float(lon.max()) - self.west) * self.squeeze, 1e-4)
        down = max(self.north - float(lat.min()), 1e-4)
        room = (WIDTH - LEGEND - 2 * MARGIN) * FINE
        self.dots = min(room / across, (TALLEST - 2 * MARGIN) * FINE / down)
        self.height = int(max(down * self.dots / FINE + 2 * MARGIN, 560))

    def spots(self, lon: F64, lat: F64) -> F64:
        """Give dots as rows (x, y)."""
        x = (lon - self.west) * self.squeeze * self.dots + MARGIN * FINE
        y = (self.north - lat) * self.dots + MARGIN * FINE
        return np.stack((x, y), axis=1)


def map_picture(drawing: Drawing, bands: Sequence[str], ground: Ground, words: Words) -> bytes:
    """Draw the map as PNG; the same plan gives the same picture."""
    lon = np.array([place.lon for place in drawing.places] or [0.0])
    lat = np.array([place.lat for place in drawing.places] or [0.0])
    rings = [np.array(ring) for shape in ground.outlines for ring in _rings(shape)]
    frame = _Frame(
        np.concatenate([lon, *(ring[:, 0] for ring in rings)]),
        np.concatenate([lat, *(ring[:, 1] for ring in rings)]),
    )
    picture = Image.new("RGB", (WIDTH * FINE, frame.height * FINE), PAPER)
    pen = ImageDraw.Draw(picture)
    _ground(pen, frame, rings, ground.strokes)
    _points(pen, frame.spots(lon, lat), drawing, bands)
    _sites(pen, frame, drawing.sites)
    _legend(pen, words, bands_left=(WIDTH - LEGEND) * FINE)
    _scale(pen, frame, words)
    small = picture.resize((WIDTH, frame.height), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _rings(shape: dict[str, Any]) -> Iterable[list[list[float]]]:
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return (ring for polygon in polygons for ring in polygon)


def _ground(pen: ImageDraw.ImageDraw, frame: _Frame, rings: list[F64], strokes: F64) -> None:
    drawn = [frame.spots(ring[:, 0], ring[:, 1]) for ring in rings]
    for ring in drawn:
        pen.polygon(_flat(ring), fill=GROUND)
    starts = frame.spots(strokes[:, 0], strokes[:, 1])
    ends = frame.spots(strokes[:, 2], strokes[:, 3])
    for stroke in np.concatenate((starts, ends), axis=1).tolist():
        pen.line(stroke, fill=ROAD, width=FINE)
    for ring in drawn:
        pen.line(_flat(ring), fill=EDGE, width=2 * FINE)


def _flat(spots: F64) -> list[float]:
    found: list[float] = spots.ravel().tolist()
    return found


def _points(pen: ImageDraw.ImageDraw, spots: F64, drawing: Drawing, bands: Sequence[str]) -> None:
    most = max((place.people for place in drawing.places), default=1) or 1
    order = list(COLOURS)
    rows = zip(spots.tolist(), drawing.places, bands, strict=False)
    for spot, place, band in sorted(rows, key=lambda row: order.index(row[2])):
        size = LEAST_POINT + (MOST_POINT - LEAST_POINT) * sqrt(place.people / most)
        _mark(pen, (spot[0], spot[1]), band, size * FINE)


def _mark(pen: ImageDraw.ImageDraw, spot: Spot, band: str, size: float) -> None:
    x, y = spot
    colour = COLOURS[band]
    box = (x - size, y - size, x + size, y + size)
    if band == Band.NO_WAY:
        for dx, dy in ((1, 1), (1, -1)):
            pen.line((x - size * dx, y - size * dy, x + size * dx, y + size * dy), colour, 2 * FINE)
    elif band in RINGS:
        pen.ellipse(box, fill=PAPER, outline=colour, width=int(2.5 * FINE))
    else:
        pen.ellipse(box, fill=colour, outline=PAPER, width=FINE)


def _sites(pen: ImageDraw.ImageDraw, frame: _Frame, sites: Sequence[DrawnSite]) -> None:
    if not sites:
        return
    spots = frame.spots(
        np.array([site.lon for site in sites]), np.array([site.lat for site in sites])
    ).tolist()
    # The new ones last, on top.
    rows = sorted(zip(sites, spots, strict=True), key=lambda row: row[0].state != KEPT)
    for site, (x, y) in rows:
        _site(pen, site, (x, y))


def _site(pen: ImageDraw.ImageDraw, site: DrawnSite, spot: Spot) -> None:
    x, y = spot
    size = (10 if site.state != KEPT else 8 if site.kind in LARGE else 4) * FINE
    box = (x - size, y - size, x + size, y + size)
    if site.state == CLOSED:
        pen.rectangle(box, fill=PAPER, outline=SHUT, width=2 * FINE)
        pen.line(box, fill=SHUT, width=2 * FINE)
    elif site.state == KEPT:
        draw = pen.rectangle if site.kind in LARGE else pen.ellipse
        draw(box, fill=SITE, outline=PAPER, width=FINE)
    else:
        corners = [
            (x, y - 1.4 * size),
            (x + 1.4 * size, y),
            (x, y + 1.4 * size),
            (x - 1.4 * size, y),
        ]
        pen.polygon(corners, fill=NEW_SITE, outline=INK, width=FINE)
    if site.state == CHOSEN and site.rank:
        pen.text(spot, str(site.rank), fill=INK, font=_font(15), anchor="mm")


def _legend(pen: ImageDraw.ImageDraw, words: Words, *, bands_left: int) -> None:
    x, y = bands_left + 8 * FINE, MARGIN * FINE
    step = 30 * FINE
    for key in words.legend:
        _mark(pen, (x + 10 * FINE, y + 12 * FINE), key.style, 8 * FINE)
        pen.text((x + 28 * FINE, y), key.label, fill=INK, font=_font(17))
        count = f"{key.people:,.0f} {words.people}"
        pen.text((x + 28 * FINE, y + 21 * FINE), count, fill=INK, font=_font(15))
        y += step + 18 * FINE
    for state, label in words.sites:
        kind = SiteKind.TOWN_CENTRE.value
        _site(pen, DrawnSite("", "", kind, 0, 0, state), (x + 10 * FINE, y + 12 * FINE))
        pen.text((x + 28 * FINE, y), label, fill=INK, font=_font(17))
        y += step
    for line in words.note.split("\n"):
        pen.text((x, y + 12 * FINE), line, fill=SHUT, font=_font(18))
        y += 24 * FINE


def _scale(pen: ImageDraw.ImageDraw, frame: _Frame, words: Words) -> None:
    per_km = frame.dots / KM_PER_DEGREE
    room = (LEGEND - 40) * FINE
    km = max((each for each in SCALES_KM if each * per_km < room), default=SCALES_KM[0])
    x = (WIDTH - LEGEND + 8) * FINE
    y = (frame.height - MARGIN) * FINE
    shown = km * per_km
    pen.line((x, y, x + shown, y), fill=INK, width=2 * FINE)
    for end in (x, x + shown):
        pen.line((end, y - 6 * FINE, end, y), fill=INK, width=2 * FINE)
    pen.text((x, y - 28 * FINE), f"{km:g} {words.scale}", fill=INK, font=_font(16))


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size * FINE)
