// What the maps share: colours from the style, shapes of the kinds of sites, the ground everything stands on.
import L from "leaflet";

export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Colour and shape together, so that a grey print tells the kinds apart.
export const SHAPES = {
  circle: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z",
  square: "M3 3h18v18H3Z",
  diamond: "M12 1 23 12 12 23 1 12Z",
  triangle: "M12 2 23 21H1Z",
  hexagon: "M6.5 2.5h11L23 12l-5.5 9.5h-11L1 12Z",
  star: "M12 1l3.2 7.2 7.8.8-5.9 5.2 1.7 7.7L12 18l-6.8 3.9 1.7-7.7L1 9l7.8-.8Z",
};

export async function read(url) {
  const reply = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
  return reply.json();
}

export function create(element) {
  const { c15Attribution, c15ZoomIn, c15ZoomOut, c15Close } = element.dataset;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, { zoomControl: false, attributionControl: false, fadeAnimation: !still, zoomAnimation: !still, markerZoomAnimation: !still, zoomSnap: 0.25, scrollWheelZoom: false, minZoom: 5, maxZoom: 17 });
  L.control.zoom({ zoomInTitle: c15ZoomIn, zoomOutTitle: c15ZoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (c15Attribution) L.control.attribution({ prefix: false }).addAttribution(c15Attribution).addTo(map);
  map.on("popupopen", (event) => event.popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", c15Close));
  // Names of areas lie under the sites, not over them.
  map.createPane("names").style.zIndex = 450;
  map.setView([31.8, 121.6], 9);
  return map;
}

export function areas(map, data, chosen) {
  const style = (feature) => ({
    color: css("--brand"),
    weight: feature.properties.level === "county" ? 2 : 1,
    opacity: 0.75,
    dashArray: feature.properties.synthetic ? "5 4" : null,
    fillColor: css("--brand-soft"),
    fillOpacity: feature.properties.weight ?? 0.55,
  });
  const layer = L.geoJSON(data, { style, interactive: false }).addTo(map);
  layer.eachLayer((area) => {
    const { name } = area.feature.properties;
    if (name && chosen.names === "1") area.bindTooltip(name, { permanent: true, direction: "center", className: "map-name", offset: [0, 26], pane: "names" });
  });
  return layer;
}

export function failed(element, error) {
  element.dataset.c15Ready = "failed";
  const words = document.createElement("p");
  words.className = "map-failed";
  words.textContent = element.dataset.c15Failed;
  element.append(words);
  console.warn(error.message);
}
