// The clerk's desk: keys, clocks, steps without a new page, and the state of the hall every two seconds.
import { isTyping, letter } from "./keys.js";

const POLL_MS = 2000;
const CUT_AFTER = 2;
const desk = document.querySelector("[data-desk]");
const said = document.getElementById("desk-said");
const words = desk.dataset;
let offset = Number(words.now) - Date.now();
let tag = "";
let missed = 0;
let busy = false;
let steps = 0;
let parts = snapshot(desk);

const now = () => Date.now() + offset;
const openDialog = () => document.querySelector("dialog[open]");
const remembered = (name, usual) => localStorage.getItem(`circle15-desk-${name}`) ?? usual;
const remember = (name, value) => localStorage.setItem(`circle15-desk-${name}`, value);

function snapshot(root) {
  return new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.outerHTML]));
}

// What the server says replaces only the parts that changed: nobody loses the focus or a half-typed word.
function show(html, { own }) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-desk]");
  if (!fresh) {
    location.reload();
    return;
  }
  const other = fresh.dataset.uid !== desk.dataset.uid || fresh.dataset.window !== desk.dataset.window;
  const focused = document.activeElement?.id;
  if (own || other) openDialog()?.close();
  for (const [name, text] of snapshot(fresh)) {
    if (name === "said" && !own) continue;
    if (name === "questions" && openDialog()) continue;
    if (parts.get(name) === text && !own) continue;
    replace(desk.querySelector(`[data-part="${name}"]`), fresh.querySelector(`[data-part="${name}"]`));
    parts.set(name, text);
  }
  desk.dataset.uid = fresh.dataset.uid;
  desk.dataset.window = fresh.dataset.window;
  document.title = fresh.dataset.title;
  refocus(focused);
  begin();
}

function replace(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  old.replaceChildren(...fresh.childNodes);
  old.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
}

function refocus(id) {
  if (!id || document.activeElement?.id === id) return;
  const again = document.getElementById(id);
  const target = again && !again.disabled ? again : document.getElementById("desk-now");
  if (target && desk.contains(target)) target.focus({ preventScroll: true });
}

function say(text) {
  said.className = "desk-said notice notice-warn";
  said.textContent = text;
}

// Steps

async function send(form, submitter) {
  if (busy) return;
  busy = true;
  steps += 1;
  submitter?.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(submitter?.getAttribute("formaction") || form.getAttribute("action"), {
      method: "POST", body: new FormData(form, submitter), headers: { "HX-Request": "true" },
    });
    const text = await reply.text();
    if (reply.headers.get("Content-Type")?.startsWith("text/html")) await take(reply, text);
    else if (reply.status === 401) location.reload();
    else {
      openDialog()?.close();
      say(text);
      await refresh();
    }
  } catch {
    openDialog()?.close();
    say(words.unsure);
    await refresh();
  } finally {
    busy = false;
    delete form.dataset.c15Sent;
    submitter?.removeAttribute("aria-busy");
  }
}

async function take(reply, text) {
  tag = reply.headers.get("ETag") ?? "";
  setClock(reply);
  show(text, { own: true });
}

function setClock(reply) {
  const told = Number(reply.headers.get("X-Circle15-Now"));
  if (told) offset = told - Date.now();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-desk-step]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const wanted = event.submitter ?? form.querySelector("button:not([type=button])");
  send(form, wanted);
});

// The state of the hall

async function refresh() {
  const asked = steps;
  try {
    const reply = await fetch(words.url, {
      headers: { "HX-Request": "true", "X-Circle15-Background": "1", ...(tag && { "If-None-Match": tag }) },
      cache: "no-store",
    });
    if (reply.status === 401) return void location.reload();
    if (![200, 304].includes(reply.status)) throw new Error(reply.status);
    setClock(reply);
    missed = 0;
    const text = await reply.text();
    // A step taken meanwhile has already shown what came after this.
    if (reply.status === 200 && asked === steps) {
      tag = reply.headers.get("ETag") ?? "";
      show(text, { own: false });
    }
  } catch {
    missed += 1;
  }
  document.getElementById("desk-cut").hidden = missed < CUT_AFTER;
}

async function poll() {
  if (!busy && document.visibilityState === "visible") await refresh();
  setTimeout(poll, POLL_MS);
}

// Clocks

const two = (number) => String(number).padStart(2, "0");

function tick() {
  desk.querySelectorAll("[data-desk-since]").forEach((clock) => {
    const seconds = Math.max(0, Math.floor((now() - Number(clock.dataset.deskSince)) / 1000));
    clock.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    const box = clock.closest("[data-desk-timer]");
    if (box) grade(box, seconds);
  });
  desk.querySelectorAll("[data-desk-until]").forEach((left) => {
    const seconds = Math.ceil((Number(left.dataset.deskUntil) - now()) / 1000);
    left.textContent = Math.min(Math.max(0, seconds), 60); // the clocks differ by a blink
    const button = left.closest("button");
    if (seconds <= 0 && button && !button.disabled) {
      button.disabled = true;
      button.dataset.why = words.undoOver;
    }
  });
}

// Amber from 8 minutes, red from 10; the words say the same and are read out when they change.
function grade(box, seconds) {
  const grade = seconds >= Number(box.dataset.late) ? "late" : seconds >= Number(box.dataset.warn) ? "warn" : "ok";
  const bar = box.querySelector("progress");
  if (bar) bar.value = Math.min(seconds, bar.max);
  if (box.dataset.grade === grade) return;
  box.dataset.grade = grade;
  box.querySelector("[data-desk-words]").textContent = box.dataset[`words${grade[0].toUpperCase()}${grade.slice(1)}`];
}

// Keys

const keysOn = () => remembered("keys", "on") === "on";

document.addEventListener("keydown", (event) => {
  const key = letter(event);
  if (!key || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!keysOn() || isTyping(event.target)) return;
  const scope = openDialog() ?? document;
  const buttons = [...scope.querySelectorAll(`[data-key="${key}"]`)].filter((one) => scope !== document || !one.closest("dialog"));
  if (!buttons.length) return;
  event.preventDefault();
  const able = buttons.find((one) => !one.disabled);
  if (able) able.click();
  else if (buttons[0].dataset.why) say(buttons[0].dataset.why);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-desk-ask]");
  if (link) ask(event, link);
  const toggle = event.target.closest("[data-desk-keys]");
  if (toggle) {
    remember("keys", keysOn() ? "off" : "on");
    begin();
  }
});

document.addEventListener("toggle", (event) => {
  const name = event.target.dataset?.deskRemember;
  if (name) remember(name, event.target.open ? "open" : "closed");
}, true);

// A question stands ready in the page; without scripts its link opens it as a page.
function ask(event, link) {
  const dialog = document.getElementById(`ask-${link.dataset.deskAsk}`);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
  dialog.querySelector("[data-first], input:checked")?.focus();
  if (dialog.querySelector("[data-desk-load]")) load(dialog);
}

async function load(dialog) {
  const box = dialog.querySelector("[data-desk-load]");
  box.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(box.dataset.deskLoad, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (!reply.ok) throw new Error(reply.status);
    box.innerHTML = await reply.text();
    box.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    narrow(dialog.querySelector("[data-desk-narrow]"));
  } catch {
    box.textContent = words.cut;
  }
  box.removeAttribute("aria-busy");
}

// Typing a number leaves the rows that have it; Enter takes the first.
function narrow(input) {
  const wanted = input.value.trim().toUpperCase();
  const rows = [...input.closest("dialog").querySelectorAll("[data-desk-label]")];
  rows.forEach((row) => { row.hidden = !row.dataset.deskLabel.includes(wanted); });
  const none = input.closest("dialog").querySelector("[data-desk-none]");
  if (none) none.hidden = rows.some((row) => !row.hidden);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-desk-narrow]")) narrow(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-desk-narrow]")) return;
  event.preventDefault();
  event.target.closest("dialog").querySelector("[data-desk-label]:not([hidden]) button")?.click();
});

// A list of choices would only open: in a question Enter answers.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("dialog select")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

function begin() {
  desk.querySelectorAll("[data-desk-script]").forEach((part) => { part.hidden = false; });
  desk.querySelectorAll("[data-desk-keys]").forEach((toggle) => {
    toggle.setAttribute("aria-pressed", String(keysOn()));
    toggle.querySelector("[data-desk-keys-state]").textContent = keysOn() ? toggle.dataset.on : toggle.dataset.off;
  });
  desk.classList.toggle("has-no-keys", !keysOn());
  desk.querySelectorAll("details[data-desk-remember]").forEach((part) => {
    part.open = remembered(part.dataset.deskRemember, "open") === "open";
  });
  tick();
}

begin();
setInterval(tick, 1000);
setTimeout(poll, POLL_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
window.addEventListener("pageshow", (event) => event.persisted && refresh());
window.addEventListener("online", refresh);
