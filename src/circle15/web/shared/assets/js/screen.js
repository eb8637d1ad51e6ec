// The display: newest call large, the ones before it, counts, board in turns, clock, voice.
import { follow } from "./live.js";
import { Voice } from "./voice.js";

const root = document.querySelector("[data-c15-screen]");
const find = (name) => root.querySelector(`[data-c15-${name}]`);
const TURN_MS = 12_000;
const BOARD_MS = 60_000;
const FRESH_MS = 120_000; // older calls are shown, not said: the display was away
const offset = Number(root.dataset.c15Now) - Date.now(); // the server's clock counts
const now = () => Date.now() + offset;

const voice = new Voice(root.dataset.c15Voice, find("sound"));
const list = find("calls");
const most = Number(root.dataset.c15Most);

function row(call) {
  const item = find("call-row").content.firstElementChild.cloneNode(true);
  item.dataset.c15Label = call.label;
  item.classList.toggle("is-long", call.label.length > 4);
  item.querySelector("[data-c15-row-label]").textContent = call.label;
  item.querySelector("[data-c15-row-window]").textContent = call.window;
  return item;
}

function drop(label) {
  list.querySelectorAll("li").forEach((item) => {
    if (item.dataset.c15Label === label) item.remove();
  });
}

function show(call) {
  drop(call.label);
  list.prepend(row(call));
  while (list.children.length > most) list.lastElementChild.remove();
  list.firstElementChild.classList.add("is-new");
  find("quiet").hidden = true;
}

function called(call) {
  document.dispatchEvent(new CustomEvent("c15-called", { detail: call.seq }));
  if (call.kind === "clear") {
    drop(call.label);
    find("quiet").hidden = list.children.length > 0;
    return;
  }
  const isFresh = now() - call.at < FRESH_MS;
  if (call.kind === "emergency") {
    if (isFresh) help(call.window);
    return;
  }
  show(call);
  if (isFresh) voice.say(call.label, call.window);
}

let helping = null;
function help(window) {
  find("help-window").textContent = window;
  find("help").hidden = false;
  clearTimeout(helping);
  helping = setTimeout(() => { find("help").hidden = true; }, 30_000);
  voice.say("help", window);
}

function counted(state) {
  find("waiting").textContent = state.waiting;
  for (const lane of state.lanes) {
    const cell = root.querySelector(`[data-c15-lane="${lane.code}"]`);
    if (cell) cell.textContent = lane.waiting;
  }
  for (const one of state.windows) {
    const cell = root.querySelector(`[data-c15-window="${one.number}"]`);
    if (!cell) continue;
    cell.dataset.c15State = one.state;
    cell.querySelector("[data-c15-window-label]").textContent = one.label;
  }
}

function tick() {
  const at = new Date(now());
  const part = (options) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Asia/Shanghai", ...options }).format(at);
  find("time").textContent = part({ hour: "2-digit", minute: "2-digit", hour12: false });
  const day = part({ year: "numeric", month: "long", day: "numeric", weekday: "long" });
  if (find("day").textContent !== day) {
    // Overnight the hours, the notices and perhaps the program have changed.
    if (find("day").dataset.c15Day && find("day").dataset.c15Day !== day) location.reload();
    find("day").textContent = day;
    find("day").dataset.c15Day = day;
  }
}

function turn() {
  const pages = [...find("board").querySelectorAll("[data-c15-page]")];
  const at = pages.findIndex((page) => !page.hidden);
  pages.forEach((page, place) => { page.hidden = place !== (at + 1) % pages.length; });
}

async function renew() {
  try {
    const answer = await fetch(root.dataset.c15Board, { headers: { "X-Circle15-Background": "1" } });
    if (!answer.ok) return;
    const at = [...find("board").querySelectorAll("[data-c15-page]")].findIndex((page) => !page.hidden);
    find("board").innerHTML = await answer.text();
    const pages = [...find("board").querySelectorAll("[data-c15-page]")];
    pages.forEach((page, place) => { page.hidden = place !== Math.max(at, 0) % pages.length; });
  } catch { /* the banner says that the line is gone */ }
}

follow({
  stream: root.dataset.c15Stream,
  poll: root.dataset.c15Poll,
  pause: Number(root.dataset.c15Pause),
  names: ["call", "now"],
  after: Number(root.dataset.c15After),
  heard: (name, data) => (name === "call" ? called(data) : counted(data)),
  state: (answer, take) => {
    answer.calls.forEach((call) => take("call", call, call.seq));
    counted(answer.now);
  },
  cut: (isCut) => { find("cut").hidden = !isCut; },
});
tick();
setInterval(tick, 1_000);
setInterval(turn, TURN_MS);
setInterval(renew, BOARD_MS);
