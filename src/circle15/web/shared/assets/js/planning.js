// data-c15-plan-map: start points by minutes, sites, roads. With a form [data-c15-plan-form] beside it sites can
// be added by a click, dragged, closed; the answer to each change comes from the server as figures and tables.
import L from "leaflet";
import { areas, create, css, failed, read } from "./map_parts.js";
import { Drawing, east, paintRoads, Points, Sites, south, strokesOf } from "./plan_canvas.js";

const PATIENCE_MS = 60;
const DRAG_PX = 4;
const CLOSE_UP = 12.5;

function button(words, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "btn", textContent: words });
  made.addEventListener("click", act);
  return made;
}

function box(title, lines, actions = []) {
  const made = document.createElement("div");
  const strong = document.createElement("strong");
  strong.textContent = title;
  made.append(strong);
  for (const words of lines.filter(Boolean)) {
    const line = document.createElement("div");
    line.textContent = words;
    made.append(line);
  }
  made.append(...actions);
  return made;
}

class View {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.map = create(element);
    // Above the fill of the areas: roads; above their names: points and sites.
    this.map.createPane("roads").style.zIndex = 420;
    this.map.createPane("points").style.zIndex = 460;
  }

  async draw() {
    const { c15Boundaries, c15Points, c15Roads } = this.words;
    const [ground, data, strokes] = await Promise.all([read(c15Boundaries), read(c15Points), fetch(c15Roads).then((reply) => reply.arrayBuffer()).then(strokesOf)]);
    const edge = areas(this.map, ground, { names: "1" });
    this.points = new Points(data.places);
    this.sites = new Sites(data.sites);
    new Drawing("roads", paintRoads(strokes)).addTo(this.map);
    this.top = new Drawing("points", (context, frame) => {
      this.points.paint(context, frame);
      this.sites.paint(context, frame);
    }).addTo(this.map);
    const bounds = L.latLngBounds(data.places.lat.map((lat, row) => [lat, data.places.lon[row]]));
    if (edge.getBounds().isValid() && !bounds.isValid()) bounds.extend(edge.getBounds());
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [12, 12], maxZoom: 14, animate: false });
    this.hover();
    document.addEventListener("click", (event) => {
      const shown = event.target.closest?.("[data-c15-plan-show]");
      if (shown) this.open(shown.dataset.c15PlanShow);
    });
    this.element.dataset.c15Ready = "1";
  }

  update(data) {
    this.points.show(data.bands, data.minutes);
    this.sites.show(data.sites);
    this.top.redraw();
  }

  // Where an event is, as a share of the world map.
  place(latlng) {
    const scale = 256 * 2 ** this.map.getZoom();
    return [east(latlng.lng), south(latlng.lat), scale];
  }

  minutes(row) {
    const found = this.points.minutes[row];
    return found === null ? this.words.c15WordNoWay : `${found.toFixed(1)} ${this.words.c15WordMinutes}`;
  }

  hover() {
    const tip = L.tooltip({ direction: "top", offset: [0, -8] });
    let frame = 0;
    this.map.on("mousemove", (event) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const here = this.place(event.latlng);
        const site = this.sites.at(...here);
        const row = site < 0 ? this.points.at(...here) : -1;
        L.DomUtil[site < 0 ? "removeClass" : "addClass"](this.element, "is-over-site");
        if (site < 0 && row < 0) {
          tip.remove();
          return;
        }
        const words = site < 0 ? `${this.points.places.name[row]} · ${this.points.places.people[row].toLocaleString()} ${this.words.c15WordPeople} · ${this.minutes(row)}` : this.sites.sites[site].name;
        tip.setLatLng(event.latlng).setContent(Object.assign(document.createElement("span"), { textContent: words })).addTo(this.map);
      });
    });
    this.map.on("mouseout", () => tip.remove());
  }

  open(id) {
    const row = this.sites.sites.findIndex((site) => site.id === id);
    if (row < 0) return;
    const site = this.sites.sites[row];
    this.element.scrollIntoView({ block: "nearest" });
    this.map.setView([site.lat, site.lon], Math.max(this.map.getZoom(), CLOSE_UP), { animate: false });
    this.openSite(site);
  }

  openSite(site, actions = []) {
    L.popup({ minWidth: 180 }).setLatLng([site.lat, site.lon]).setContent(box(site.name, [site.kind, ...actions.filter((each) => typeof each === "string")], actions.filter((each) => typeof each !== "string"))).openOn(this.map);
  }

  openPoint(row) {
    const { name, lon, lat, people } = this.points.places;
    const lines = [`${people[row].toLocaleString()} ${this.words.c15WordPeople}`, this.minutes(row)];
    L.popup({ minWidth: 160 }).setLatLng([lat[row], lon[row]]).setContent(box(name[row], lines)).openOn(this.map);
  }
}

class Board {
  constructor(form, view) {
    this.form = form;
    this.view = view;
    this.wanted = [...form.querySelectorAll("input[name=change]")].map((input) => input.value);
    this.before = [];
    this.after = [];
    this.waiting = null;
    this.adding = true;
    this.tools();
    this.clicks();
    this.drags();
    view.openSite = this.withActions(view.openSite.bind(view));
  }

  get(name) {
    return document.querySelector(`[data-c15-plan-${name}]`);
  }

  tools() {
    this.get("tools").hidden = false;
    this.get("undo").addEventListener("click", () => this.turn(this.before, this.after));
    this.get("redo").addEventListener("click", () => this.turn(this.after, this.before));
    this.get("adding").addEventListener("click", (event) => {
      this.adding = !this.adding;
      event.currentTarget.setAttribute("aria-pressed", String(this.adding));
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { submitter } = event;
      if (submitter?.name === "change") this.step(submitter.value);
      else this.ask(submitter?.name === "do" ? [[submitter.name, submitter.value]] : [], [...this.wanted]);
    });
    let timer = 0;
    this.form.addEventListener("input", (event) => {
      if (!["minutes", "mode", "site_kinds"].includes(event.target.name)) return;
      this.get("minutes").textContent = this.form.elements.minutes.value;
      clearTimeout(timer);
      timer = setTimeout(() => this.ask([]), PATIENCE_MS);
    });
  }

  step(change) {
    const former = [...this.wanted];
    this.wanted = [...this.wanted, change];
    return this.ask([], former);
  }

  turn(from, to) {
    if (!from.length) return;
    to.push([...this.wanted]);
    this.wanted = from.pop();
    this.ask([]);
  }

  // `former`: the changes to come back to by undoing; none for a new limit or mode.
  async ask(more, former = null) {
    this.waiting?.abort();
    const own = new AbortController();
    this.waiting = own;
    const started = performance.now();
    if (former) {
      this.before.push(former);
      this.after = [];
    }
    const params = new URLSearchParams([...new FormData(this.form)].filter(([name, value]) => name !== "change" && value !== ""));
    for (const change of this.wanted) params.append("change", change);
    for (const [name, value] of more) params.append(name, value);
    if (!more.length) for (const name of ["site", "place", "lon", "lat"]) params.delete(name);
    try {
      const reply = await fetch(`${this.form.dataset.c15Look}?${params}`, { signal: own.signal, headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
      const data = await reply.json();
      if (reply.ok) this.show(data, started);
      else this.refuse(data.problems ?? [], former);
    } catch (error) {
      if (error.name !== "AbortError") this.refuse([this.view.words.c15Failed], former);
    }
  }

  refuse(problems, former) {
    if (former) this.wanted = this.before.pop() ?? [];
    const notice = this.get("problem");
    notice.hidden = false;
    notice.querySelector("div").replaceChildren(...problems.map((words) => Object.assign(document.createElement("p"), { textContent: words })));
    this.view.top.redraw();
  }

  show(data, started) {
    this.wanted = data.changes;
    this.get("problem").hidden = true;
    this.view.update(data);
    const key = document.activeElement?.dataset?.c15Key;
    for (const [part, html] of Object.entries(data.parts)) {
      const target = document.querySelector(`[data-c15-part="${part}"]`);
      if (target) target.innerHTML = html;
    }
    if (key) this.focusAgain(key);
    for (const name of ["place", "lon", "lat"]) this.form.elements[name].value = "";
    this.options(data.sites);
    this.get("undo").disabled = !this.before.length;
    this.get("redo").disabled = !this.after.length;
    const state = this.get("state");
    if (state) state.value = data.query;
    history.replaceState(null, "", `?${data.query}`);
    this.view.element.dataset.c15Took = String(Math.round(performance.now() - started));
    this.view.element.dataset.c15Answers = String(Number(this.view.element.dataset.c15Answers ?? 0) + 1);
  }

  focusAgain(key) {
    const same = [...document.querySelectorAll("[data-c15-key]")].find((each) => each.dataset.c15Key === key);
    (same ?? document.querySelector("[data-c15-plan-adding]"))?.focus();
  }

  // New sites can be moved by name, too.
  options(sites) {
    const select = this.get("sites");
    const known = new Set([...select.options].map((option) => option.value));
    for (const site of sites) if (!known.has(site.id)) select.append(new Option(site.name, site.id));
    const there = new Set(["", ...sites.map((site) => site.id)]);
    for (const option of [...select.options]) if (!there.has(option.value)) option.remove();
    select.value = "";
  }

  clicks() {
    this.view.map.on("click", (event) => {
      if (this.dragged) return;
      const here = this.view.place(event.latlng);
      const site = this.view.sites.at(...here);
      if (site >= 0) {
        this.view.openSite(this.view.sites.sites[site]);
        return;
      }
      if (this.adding) {
        const { lng, lat } = event.latlng.wrap();
        this.step(`add~~${lng.toFixed(6)}~${lat.toFixed(6)}~`);
        return;
      }
      const row = this.view.points.at(...here);
      if (row >= 0) this.view.openPoint(row);
    });
  }

  withActions(open) {
    const { c15WordCloseSite, c15WordOpenSite, c15WordDropSite, c15WordDrag } = this.view.words;
    return (site) => {
      const words = { kept: c15WordCloseSite, added: c15WordDropSite }[site.state] ?? c15WordOpenSite;
      const act = () => {
        this.view.map.closePopup();
        this.step(`${site.state === "kept" ? "close" : "open"}~${site.id}`);
      };
      open(site, [c15WordDrag, button(words, act)]);
    };
  }

  // Before Leaflet takes the pointer for a drag of the map.
  drags() {
    const { map, sites, top, element } = this.view;
    element.addEventListener("pointerdown", (event) => {
      this.dragged = false;
      if (event.button !== 0 || event.target.closest(".leaflet-control, .leaflet-popup")) return;
      const row = sites.at(...this.view.place(map.mouseEventToLatLng(event)));
      if (row < 0 || sites.sites[row].state === "closed") return;
      const from = [event.clientX, event.clientY];
      let moved = null;
      map.dragging.disable();
      const follow = (next) => {
        if (!moved && Math.hypot(next.clientX - from[0], next.clientY - from[1]) < DRAG_PX) return;
        moved = map.mouseEventToLatLng(next);
        this.dragged = true;
        sites.move(row, moved.lng, moved.lat);
        top.redraw();
      };
      const drop = () => {
        window.removeEventListener("pointermove", follow);
        map.dragging.enable();
        if (moved) this.step(`move~${sites.sites[row].id}~${moved.lng.toFixed(6)}~${moved.lat.toFixed(6)}~`);
      };
      window.addEventListener("pointermove", follow);
      window.addEventListener("pointerup", drop, { once: true });
      window.addEventListener("pointercancel", drop, { once: true });
    }, true);
  }
}

async function start(element) {
  const view = new View(element);
  await view.draw();
  const form = document.querySelector("[data-c15-plan-form]");
  if (form) new Board(form, view);
  else {
    view.map.on("click", (event) => {
      const here = view.place(event.latlng);
      const site = view.sites.at(...here);
      const row = site < 0 ? view.points.at(...here) : -1;
      if (site >= 0) view.openSite(view.sites.sites[site]);
      else if (row >= 0) view.openPoint(row);
    });
  }
}

for (const element of document.querySelectorAll("[data-c15-plan-map]")) start(element).catch((error) => failed(element, error));
