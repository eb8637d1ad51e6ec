// data-c15-map: the city's own boundaries, roads and sites; nothing from outside. The list beside it is
// its twin for keyboard and screen reader: [data-c15-map-show="<site id>"] opens that site on the map.
import L from "leaflet";
import { each } from "./find.js";
import { areas, create, css, failed, read, SHAPES } from "./map_parts.js";

const LARGE = 30;
const PLAIN = 22;
const SMALL = 14;
const ABOVE = 1000;
const MOST_ELEMENTS = 1200;
const MANY = 50;
const FAR_SHARE = 0.02;
const TONES = { good: "--good", warn: "--accent-ink", bad: "--bad", info: "--info", idle: "--map-idle", brand: "--brand" };

function marker(feature, point) {
  const { shape, tone, label } = feature.properties;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "map-pin");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[shape] ?? SHAPES.circle);
  path.setAttribute("fill", css(TONES[tone] ?? TONES.brand));
  svg.append(path);
  const box = document.createElement("span");
  box.className = "map-pin-box";
  box.append(svg);
  const hasLabel = label !== undefined && label !== "";
  if (hasLabel) {
    const number = document.createElement("span");
    number.className = "map-pin-label";
    number.textContent = label;
    box.append(number);
  }
  const side = feature.properties.small ? SMALL : hasLabel ? LARGE : PLAIN;
  const icon = L.divIcon({ html: box, className: "map-pin-icon", iconSize: [side, side], iconAnchor: [side / 2, side / 2], popupAnchor: [0, -side / 2] });
  return L.marker(point, { icon, keyboard: false, title: feature.properties.name, zIndexOffset: feature.properties.small ? 0 : ABOVE });
}

// Thousands of points as elements would choke an office computer; as a drawing they do not.
const canvas = L.canvas({ tolerance: 4 });
function dot(feature, point) {
  const color = css(TONES[feature.properties.tone] ?? TONES.brand);
  return L.circleMarker(point, { renderer: canvas, radius: feature.properties.small ? 4 : 8, color: "#fff", weight: 1, fillColor: color, fillOpacity: 1 });
}

function popup({ name, kind, lines = [], url, link }) {
  const box = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = name;
  box.append(title);
  for (const words of [kind, ...lines].filter(Boolean)) {
    const line = document.createElement("div");
    line.textContent = words;
    box.append(line);
  }
  if (url) {
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.textContent = link || name;
    anchor.className = "map-popup-link";
    box.append(anchor);
  }
  return box;
}

function roads(map, data) {
  const style = (feature) => ({ color: css("--line-2"), weight: 0.5 * (feature.properties.weight ?? 1.5), opacity: 0.5 });
  return L.geoJSON(data, { style, interactive: false }).addTo(map);
}

function sites(map, data) {
  const byId = new Map();
  const layer = L.geoJSON(data, {
    pointToLayer: data.features.length > MOST_ELEMENTS ? dot : marker,
    onEachFeature: (feature, one) => {
      one.bindPopup(() => popup(feature.properties), { minWidth: 180 });
      byId.set(String(feature.properties.id ?? feature.id), one);
    },
  }).addTo(map);
  return { layer, byId };
}

// Where nearly all sites are: a few far ones must not make the rest a heap of dots.
function home(layer) {
  const points = layer.getLayers().map((one) => one.getLatLng());
  if (points.length < MANY) return layer.getBounds();
  const [south, north] = middle(points.map(({ lat }) => lat));
  const [west, east] = middle(points.map(({ lng }) => lng));
  return L.latLngBounds([south, west], [north, east]).pad(0.05);
}

function middle(numbers) {
  numbers.sort((a, b) => a - b);
  const beyond = Math.floor(numbers.length * FAR_SHARE);
  return [numbers[beyond], numbers[numbers.length - 1 - beyond]];
}

function twin(map, element, byId) {
  document.querySelectorAll("[data-c15-map-show]").forEach((button) => {
    const one = byId.get(button.dataset.c15MapShow);
    if (!one) return;
    button.addEventListener("click", () => {
      element.scrollIntoView({ block: "nearest" });
      map.setView(one.getLatLng(), Math.max(map.getZoom(), 12), { animate: false });
      one.openPopup();
    });
  });
}

async function draw(element) {
  const { c15Boundaries, c15Roads, c15Sites, c15Names } = element.dataset;
  const map = create(element);
  const [boundaryData, roadData, siteData] = await Promise.all([c15Boundaries, c15Roads, c15Sites].map((url) => url && read(url)));
  let bounds = L.latLngBounds([]);
  if (boundaryData?.features.length) bounds.extend(areas(map, boundaryData, { names: c15Names }).getBounds());
  if (roadData) roads(map, roadData);
  if (siteData) {
    const { layer, byId } = sites(map, siteData);
    if (siteData.features.length > 1) bounds = home(layer);
    twin(map, element, byId);
  }
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12], maxZoom: 14, animate: false });
  element.dataset.c15Ready = "1";
}

each(document, "[data-c15-map]", (element) => {
  draw(element).catch((error) => failed(element, error));
});
