// The ticket machine: joins its steps without leaving /kiosk/, and forgets whoever was there.
import { listen } from "./kiosk_reader.js";
import { print } from "./kiosk_paper.js";

const TIMEOUT_MS = 8000;
const RETRY_MS = 3000;
const ALIVE_MS = 20000;
const MOST_FAILURES = 3; // of a server that answers: waiting longer would not help

const first = document.querySelector("[data-c15-kiosk]").dataset;
const homePath = first.home;
const startPage = document.documentElement.outerHTML;
const body = document.body;
let busy = false;
let visit = 0; // counts people; an answer for a former one is dropped
let lastTouch = performance.now();

const step = () => document.querySelector("[data-c15-kiosk]");
const isStart = () => step()?.dataset.c15Kiosk === "start";
const cut = (on) => { document.querySelector("[data-c15-kiosk-cut]").hidden = !on; };

function once(path, options = {}) {
  return fetch(path, {
    cache: "no-store",
    credentials: "same-origin",
    headers: { Accept: "text/html" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...options,
  });
}

const pause = (ms) => new Promise((go) => { setTimeout(go, ms); });

// Sent again until it arrives: every form carries a key under which it works once.
async function untilAnswered(path, options, mine) {
  let failures = 0;
  for (;;) {
    try {
      const reply = await once(path, options);
      failures += 1;
      if (reply.status < 500 || failures === MOST_FAILURES) {
        cut(false);
        return reply;
      }
    } catch { /* no line: say so and go on */ }
    if (mine !== visit) return null;
    cut(true);
    await pause(RETRY_MS);
    if (mine !== visit) return null;
  }
}

async function go(path, options) {
  if (busy) return;
  const mine = visit;
  busy = true;
  body.setAttribute("aria-busy", "true");
  try {
    const reply = await untilAnswered(path, options, mine);
    const text = reply && (await reply.text());
    if (mine === visit && reply) show(text);
  } catch {
    if (mine === visit) forget();
  } finally {
    if (mine === visit) {
      busy = false;
      body.removeAttribute("aria-busy");
    }
  }
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.querySelector("[data-c15-kiosk]")) {
    location.replace(homePath); // not ours any more: the server leads to the registration
    return;
  }
  for (const name of ["lang", "data-mode", "data-text"]) {
    const value = page.documentElement.getAttribute(name);
    if (value === null) document.documentElement.removeAttribute(name);
    else document.documentElement.setAttribute(name, value);
  }
  for (const part of ["header.top", "main", "footer.foot"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  window.scrollTo(0, 0);
  document.querySelector("h1")?.focus({ preventScroll: true });
  print(document);
}

// The next person finds the start, and nothing else: not on the screen, in the history or on disk.
async function forget() {
  visit += 1;
  busy = true;
  const { csrf, end } = step()?.dataset ?? first;
  document.querySelector("main").replaceChildren();
  sessionStorage.clear();
  localStorage.clear();
  try {
    await once(end, { method: "POST", headers: { "X-CSRFToken": csrf }, signal: AbortSignal.timeout(3000) });
    location.reload(); // keeps the one entry of the history
  } catch {
    waitForLine();
  }
}

// Reloading now would show the browser's own error page.
async function waitForLine() {
  show(startPage);
  cut(true);
  for (;;) {
    await pause(RETRY_MS);
    try {
      const reply = await once(homePath);
      if (reply.status < 500) break;
    } catch { /* still cut */ }
  }
  location.reload();
}

function secondsLeft() {
  const { idle } = step()?.dataset ?? first;
  return Number(idle) - (performance.now() - lastTouch) / 1000;
}

function touched() {
  lastTouch = performance.now();
  const dialog = document.getElementById("kiosk-idle");
  if (dialog?.open) dialog.close();
}

function watchIdle() {
  const dialog = document.getElementById("kiosk-idle");
  const untouched = isStart() && document.documentElement.dataset.mode !== "elder" && document.documentElement.lang === "zh-CN";
  if (!step() || !dialog || untouched) return;
  const left = secondsLeft();
  if (left <= 0) {
    touched();
    forget();
  } else if (left <= Number(step().dataset.warn)) {
    dialog.querySelector("[data-c15-kiosk-left]").textContent = String(Math.ceil(left));
    if (!dialog.open) dialog.showModal();
  }
}

async function askAlive() {
  const mine = visit;
  if (!step() || busy) return;
  try {
    const reply = await once(first.alive, { headers: { Accept: "application/json" } });
    if (mine !== visit) return;
    if (reply.status === 401) {
      location.replace(homePath);
      return;
    }
    if (!reply.ok) throw new Error(String(reply.status));
    const now = await reply.json();
    cut(false);
    if (!isStart()) return;
    if (now.gives !== Boolean(step().dataset.gives)) location.reload();
    const waiting = document.querySelector("[data-c15-kiosk-waiting]");
    if (waiting) waiting.textContent = String(now.waiting);
  } catch {
    if (mine === visit) cut(true);
  }
}

function pressDigit(digit) {
  touched();
  const field = document.getElementById("kiosk-code");
  if (!field) return;
  field.value = digit === "-" ? field.value.slice(0, -1) : (field.value + digit).slice(0, 6);
}

function clicked(event) {
  const target = event.target.closest("a, button");
  if (!target) return;
  if (target.dataset.c15KioskDigit) pressDigit(target.dataset.c15KioskDigit);
  else if ("c15KioskStay" in target.dataset) touched();
  else if ("c15KioskEnd" in target.dataset) {
    event.preventDefault();
    forget();
  } else if (target.tagName === "A") {
    event.preventDefault();
    go(target.getAttribute("href"));
  }
}

function submitted(event) {
  event.preventDefault();
  const data = new FormData(event.target, event.submitter);
  go(event.target.getAttribute("action"), { method: "POST", body: data });
}

function scanned(code) {
  touched();
  const data = new FormData();
  data.set("scan", code);
  data.set("csrfmiddlewaretoken", step()?.dataset.csrf ?? first.csrf);
  go(first.scan, { method: "POST", body: data });
}

document.addEventListener("click", clicked);
document.addEventListener("submit", submitted, true);
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, true);
document.addEventListener("contextmenu", (event) => event.preventDefault());
listen(scanned, pressDigit);

// Back leads to the entry before, which is this page again, and that forgets.
if (!history.state?.kiosk) history.pushState({ kiosk: true }, "");
window.addEventListener("popstate", forget);
window.addEventListener("pageshow", (event) => { if (event.persisted) forget(); });

setInterval(watchIdle, 250);
setInterval(askAlive, ALIVE_MS);
body.dataset.c15KioskReady = "";
