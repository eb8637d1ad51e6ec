// Roads, start points and sites as two drawings: no element per point, so 20,000 points and 100,000
// strokes of road stay smooth. Places are kept as shares of the whole world map, so that a zoom is a sum.
import L from "leaflet";
import { css, SHAPES } from "./map_parts.js";

const ROOM = 0.5;
const TILE = 256;
const BANDS = ["near", "middle", "within", "both", "beyond", "far", "neither", "gained", "lost", "no_way"];
const RINGS = new Set(["beyond", "far", "neither"]);
const CROSSES = new Set(["no_way", "lost"]);
const SQUARES = new Set(["gained"]);
const LARGEST = 7;
const LARGE_SHAPES = new Set(["hexagon", "square", "star"]);
const FINGER = 16;
const NEAR_POINT = 10;

// From afar the marks shrink, so that a county on a phone is no heap of rings.
const WHOLE_ZOOM = 10;
const SHRINK = 0.3;
const SMALLEST = 0.55;
const near = (scale) => Math.max(SMALLEST, Math.min(1, 1 - SHRINK * (WHOLE_ZOOM - Math.log2(scale / TILE))));

export const east = (lon) => lon / 360 + 0.5;
export function south(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

// A canvas somewhat larger than the map; while the map is dragged it moves along and is not drawn anew.
export const Drawing = L.Layer.extend({
  initialize(pane, paint) {
    this.pane = pane;
    this.paint = paint;
  },
  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "plan-drawing leaflet-zoom-hide", map.getPane(this.pane));
    this.redraw();
  },
  onRemove() {
    this.canvas.remove();
  },
  getEvents() {
    return { moveend: this.redraw, zoomend: this.redraw, resize: this.redraw };
  },
  redraw() {
    const map = this._map;
    if (!map) return;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([-size.x * ROOM, -size.y * ROOM]).round();
    const width = Math.round(size.x * (1 + 2 * ROOM));
    const height = Math.round(size.y * (1 + 2 * ROOM));
    const fine = Math.min(2, window.devicePixelRatio || 1);
    L.DomUtil.setPosition(this.canvas, corner);
    Object.assign(this.canvas, { width: width * fine, height: height * fine });
    L.DomUtil.setClass(this.canvas, "plan-drawing leaflet-zoom-hide");
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext("2d");
    context.scale(fine, fine);
    const origin = map.getPixelOrigin();
    const scale = TILE * 2 ** map.getZoom();
    this.paint(context, { scale, left: origin.x + corner.x, top: origin.y + corner.y, width, height });
  },
});

// Strokes come as little-endian microdegrees, four numbers a stroke.
export function strokesOf(buffer) {
  const whole = new Int32Array(buffer);
  const places = new Float64Array(whole.length);
  for (let at = 0; at < whole.length; at += 2) {
    places[at] = east(whole[at] / 1e6);
    places[at + 1] = south(whole[at + 1] / 1e6);
  }
  return places;
}

export function paintRoads(strokes) {
  const color = css("--line-2");
  return (context, { scale, left, top, width, height }) => {
    context.strokeStyle = color;
    context.lineWidth = scale > TILE * 2 ** 12 ? 1.5 : 0.75;
    context.globalAlpha = 0.8;
    context.beginPath();
    for (let at = 0; at < strokes.length; at += 4) {
      const x = strokes[at] * scale - left;
      const y = strokes[at + 1] * scale - top;
      const x2 = strokes[at + 2] * scale - left;
      const y2 = strokes[at + 3] * scale - top;
      const outside = (x < 0 && x2 < 0) || (y < 0 && y2 < 0) || (x > width && x2 > width) || (y > height && y2 > height);
      if (outside) continue;
      context.moveTo(x, y);
      context.lineTo(x2, y2);
    }
    context.stroke();
  };
}

function sprite(band, radius) {
  const side = 2 * radius + 4;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: side * 2, height: side * 2 });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.translate(side / 2, side / 2);
  const color = css(`--band-${band.replace("_", "-")}`);
  Object.assign(context, { strokeStyle: "#fff", fillStyle: color, lineWidth: 1 });
  context.beginPath();
  if (CROSSES.has(band)) {
    const arm = radius * 0.8;
    context.moveTo(-arm, -arm);
    context.lineTo(arm, arm);
    context.moveTo(arm, -arm);
    context.lineTo(-arm, arm);
    Object.assign(context, { lineWidth: 4 });
    context.stroke();
    Object.assign(context, { strokeStyle: color, lineWidth: 2 });
    context.stroke();
  } else if (SQUARES.has(band)) {
    context.rect(-radius * 0.9, -radius * 0.9, radius * 1.8, radius * 1.8);
    context.fill();
    context.stroke();
  } else {
    context.arc(0, 0, radius, 0, 7);
    context.fillStyle = RINGS.has(band) ? "#fff" : color;
    context.fill();
    if (RINGS.has(band)) Object.assign(context, { strokeStyle: color, lineWidth: 2.5 });
    context.stroke();
  }
  return { canvas, side };
}

// Start points: colour and form by band, size by people.
export class Points {
  constructor(places) {
    this.places = places;
    this.count = places.lon.length;
    this.x = Float64Array.from(places.lon, east);
    this.y = Float64Array.from(places.lat, south);
    const most = Math.max(1, ...bucketed(places.people));
    this.size = Uint8Array.from(places.people, (people) => 2 + Math.round((LARGEST - 2) * Math.sqrt(people / most)));
    this.sprites = new Map();
    this.show(places.bands, places.minutes);
  }

  show(bands, minutes) {
    this.bands = bands;
    this.minutes = minutes;
    // Those out of reach lie on top.
    this.rows = BANDS.map((band) => bands.flatMap((each, row) => (each === band ? [row] : [])));
  }

  sprite(band, radius) {
    const key = `${band}${radius}`;
    if (!this.sprites.has(key)) this.sprites.set(key, sprite(band, radius));
    return this.sprites.get(key);
  }

  paint(context, { scale, left, top, width, height }) {
    const fine = near(scale);
    BANDS.forEach((band, order) => {
      for (const row of this.rows[order]) {
        const x = this.x[row] * scale - left;
        const y = this.y[row] * scale - top;
        if (x < -LARGEST || y < -LARGEST || x > width + LARGEST || y > height + LARGEST) continue;
        const { canvas, side } = this.sprite(band, this.size[row]);
        const shown = side * fine;
        context.drawImage(canvas, x - shown / 2, y - shown / 2, shown, shown);
      }
    });
  }

  at(x, y, scale) {
    return nearest(this.x, this.y, this.count, x, y, NEAR_POINT / scale);
  }
}

// Math.max takes its arguments on the stack: not 20,000 at once.
function bucketed(values) {
  const found = [];
  for (let at = 0; at < values.length; at += 1000) found.push(Math.max(...values.slice(at, at + 1000)));
  return found;
}

function nearest(xs, ys, count, x, y, reach) {
  let best = -1;
  let least = reach * reach;
  for (let row = 0; row < count; row += 1) {
    const distance = (xs[row] - x) ** 2 + (ys[row] - y) ** 2;
    if (distance <= least) {
      least = distance;
      best = row;
    }
  }
  return best;
}

const STATE_FILLS = { kept: "--brand", added: "--accent", moved: "--accent", chosen: "--accent", closed: "--surface" };

export class Sites {
  constructor(sites) {
    this.paths = Object.fromEntries(Object.entries(SHAPES).map(([name, d]) => [name, new Path2D(d)]));
    this.show(sites);
  }

  show(sites) {
    this.sites = sites;
    this.x = sites.map((site) => east(site.lon));
    this.y = sites.map((site) => south(site.lat));
    this.order = sites.map((_site, row) => row).sort((a, b) => this.rank(a) - this.rank(b));
  }

  rank(row) {
    const site = this.sites[row];
    return (site.state === "kept" ? 0 : 2) + (LARGE_SHAPES.has(site.shape) ? 1 : 0);
  }

  move(row, lon, lat) {
    this.x[row] = east(lon);
    this.y[row] = south(lat);
  }

  paint(context, { scale, left, top, width, height }) {
    for (const row of this.order) {
      const site = this.sites[row];
      const x = this.x[row] * scale - left;
      const y = this.y[row] * scale - top;
      if (x < -FINGER || y < -FINGER || x > width + FINGER || y > height + FINGER) continue;
      const side = near(scale) * (site.state !== "kept" ? 26 : LARGE_SHAPES.has(site.shape) ? 20 : 11);
      context.save();
      context.translate(x - side / 2, y - side / 2);
      context.scale(side / 24, side / 24);
      const path = this.paths[site.shape] ?? this.paths.circle;
      const dark = site.state === "kept" ? "#fff" : css("--accent-ink");
      Object.assign(context, { fillStyle: css(STATE_FILLS[site.state]), strokeStyle: site.state === "closed" ? css("--bad") : dark, lineWidth: (24 / side) * 1.75 });
      context.fill(path);
      context.stroke(path);
      if (site.state === "closed") context.stroke(new Path2D("M5 5 19 19M19 5 5 19"));
      context.restore();
      if (site.label) this.number(context, site.label, x, y);
    }
  }

  number(context, label, x, y) {
    Object.assign(context, { font: "700 13px sans-serif", textAlign: "center", textBaseline: "middle", fillStyle: css("--ink"), strokeStyle: "#fff", lineWidth: 3 });
    context.strokeText(label, x, y + 1);
    context.fillText(label, x, y + 1);
  }

  at(x, y, scale) {
    return nearest(this.x, this.y, this.sites.length, x, y, FINGER / scale);
  }
}
