// The tablet of on-site checks: works without a line, keeps everything sealed, sends it once.
import { Check, SENDING, takePack } from "./inspect/checks.js";
import { checkView } from "./inspect/check.js";
import { el, say, word } from "./inspect/dom.js";
import { finishView } from "./inspect/finish.js";
import { listView } from "./inspect/list.js";
import { door } from "./inspect/lock.js";
import { here } from "./inspect/place.js";
import { Refused, SignedOut, send, takenPack } from "./inspect/upload.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
const IDLE_MS = 10 * 60_000;
const LOOK_MS = 15_000;

const root = document.querySelector("[data-inspect]");
const urls = root.dataset;
const place = root.querySelector("[data-inspect-view]");
const lockButton = document.querySelector("[data-inspect-lock]");
const line = document.querySelector("[data-inspect-line]");

let vault = null;
let checks = new Map();
let touched = Date.now();
let trouble = ""; // why nothing goes out: "", "away" or "signed-out"
let signer = ""; // as typed last; forgotten with the key
let pumping = null;
let asked = false; // for sending, while it was under way
let wake = null;
const sending = new Map(); // how far each check is

// Where one is stands in the address, without a name: #check/<uid>/<line>, #finish/<uid>.
const route = () => location.hash.slice(1).split("/");
const isList = () => Boolean(vault) && !checks.has(route()[1]);
const to = (...parts) => { location.hash = parts.join("/"); };

function shown(view, { quiet = false } = {}) {
  place.replaceChildren(view);
  if (quiet) return;
  window.scrollTo(0, 0);
  const focus = view.matches("[data-focus]") ? view : view.querySelector("[data-focus]");
  focus?.focus({ preventScroll: true });
}

async function draw() {
  document.body.dataset.inspectReady = "";
  lockButton.hidden = !vault;
  if (!vault) {
    shown(await door(enter, draw));
    return;
  }
  const [screen, uid, at] = route();
  const check = checks.get(uid);
  if (screen === "check" && check) drawCheck(check, Number(at) || 0);
  else if (screen === "finish" && check?.isOpen) drawFinish(check);
  else {
    if (screen) history.replaceState(null, "", location.pathname);
    await drawList();
  }
}

function drawCheck(check, start) {
  if (check.isOpen) {
    check.begin();
    here(); // so that the first photo knows where it is
  }
  shown(checkView(check, {
    start,
    moved: (index) => history.replaceState(null, "", `#check/${check.uid}/${index}`),
    finish: () => to("finish", check.uid),
    leave: () => to(""),
  }));
}

function drawFinish(check) {
  shown(finishView(check, {
    line: (index) => to("check", check.uid, index),
    back: () => to("check", check.uid, 0),
    closed: () => { to(""); pump(); },
    signer,
    signedBy: (name) => { signer = name; },
  }));
}

async function drawList(how) {
  const [me, receipts] = await Promise.all([vault.get("me"), vault.under("receipt/")]);
  if (!isList()) return;
  const all = [...checks.values()].sort((one, other) => (one.pack.due ?? "").localeCompare(other.pack.due ?? ""));
  shown(listView({ me, checks: all, receipts, sending, trouble }, {
    open: (uid) => to("check", uid, 0), refresh: () => refresh({ asked: true }), upload: pump, login: urls.login,
  }), how);
}

const redrawList = () => (isList() ? drawList({ quiet: true }) : null);

async function loadChecks() {
  const uids = (await vault.under("check/")).map(([uid]) => uid);
  // What is on the screen stays the same check.
  const loaded = await Promise.all(uids.map((uid) => checks.get(uid) ?? Check.load(vault, uid)));
  checks = new Map(loaded.map((check) => [check.uid, check]));
}

async function enter(opened) {
  vault = opened;
  touched = Date.now();
  checks = new Map();
  await loadChecks();
  await draw();
  navigator.storage?.persist?.();
  await refresh({ asked: false });
  pump();
}

// New checks, when there is a line. Nothing begun is touched.
async function refresh({ asked }) {
  try {
    await takePack(vault, await takenPack(urls));
    trouble = trouble === "signed-out" ? "" : trouble;
    await loadChecks();
    if (asked) say(word("refreshed"));
  } catch (error) {
    if (error instanceof SignedOut) trouble = "signed-out";
    else if (asked || !checks.size) say(word(error instanceof Refused ? "refresh-refused" : "refresh-away"), { kind: "warn" });
  }
  await redrawList();
}

// Sending: one at a time, later and later while there is no line, at once when it comes back.

function pump() {
  asked = true;
  wake?.();
  pumping ??= work().finally(() => { pumping = null; });
  return pumping;
}

async function work() {
  let failures = 0;
  trouble = "";
  for (;;) {
    const next = vault && [...checks.values()].find((check) => check.draft.state === SENDING);
    if (!next) break;
    asked = false;
    try {
      await sendOne(next);
      failures = 0;
      trouble = "";
    } catch (error) {
      if (error instanceof SignedOut) {
        trouble = "signed-out";
        await redrawList();
        if (asked) continue; // somebody has logged in meanwhile
        return;
      }
      trouble = "away";
      failures += 1;
      await redrawList();
      await rest(Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 6), LONGEST_WAIT_MS));
    }
  }
  await redrawList();
}

function rest(ms) {
  return new Promise((go) => {
    const timer = setTimeout(go, ms * (0.75 + Math.random() / 4));
    wake = () => { clearTimeout(timer); wake = null; go(); };
  });
}

async function sendOne(check) {
  const me = await vault.get("me");
  const progress = (n, all) => {
    sending.set(check.uid, { n, all });
    const told = root.querySelector(`[data-sending="${check.uid}"]`);
    if (!told) return;
    told.textContent = word("sending", { n, all });
    Object.assign(told.parentElement.querySelector("progress"), { max: all || 1, value: n });
  };
  await redrawList();
  try {
    const receipt = await send(check, { urls, device: me.device, progress });
    checks.delete(check.uid);
    say(word("arrived", { number: receipt.number }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await check.reopen(error.problems);
    say(word("was-refused", { n: error.problems.length }), { kind: "bad" });
    if (route()[0] !== "check") to("finish", check.uid);
  } finally {
    sending.delete(check.uid);
  }
}

// The key leaves the memory when nobody is there, unless it is still needed for sending.

function lock() {
  vault = null;
  checks = new Map();
  signer = "";
  draw();
}

function look() {
  if (vault && !sending.size && Date.now() - touched > IDLE_MS) lock();
}

function tellLine() {
  line.textContent = navigator.onLine ? urls.online : urls.offline;
  line.classList.toggle("tag-warn", !navigator.onLine);
  line.classList.toggle("tag-good", navigator.onLine);
}

function begin() {
  window.addEventListener("hashchange", draw);
  window.addEventListener("online", () => { tellLine(); if (vault) { pump(); refresh({ asked: false }); } });
  window.addEventListener("offline", tellLine);
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { touched = Date.now(); }, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(look, LOOK_MS);
  lockButton.addEventListener("click", lock);
  tellLine();
  line.hidden = false;
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(urls.worker, { scope: urls.scope }).catch(() => {});
  draw();
}

const cannot = (key) => place.replaceChildren(el("p.notice.notice-bad", { role: "alert" }, el("div", {}, word(key))));

// Sealing needs a safe connection; two windows on the same records would write over each other.
if (!window.isSecureContext || !navigator.locks || !window.indexedDB) cannot("unsafe");
else navigator.locks.request("circle15-inspect", { ifAvailable: true }, (held) => {
  if (!held) return cannot("elsewhere");
  begin();
  return new Promise(() => {});
});
