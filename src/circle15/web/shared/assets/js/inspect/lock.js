// The door: a PIN is set at the first use, and asked for whenever the page starts anew.
import { clock, copy, slot, word } from "./dom.js";
import { WrongPin, create, locked, open, wipeAll } from "./vault.js";

const SHORTEST = 6;
const ROW = "01234567890123456789";
const BACK = [...ROW].reverse().join("");

function fault(pin) {
  if (pin.length < SHORTEST) return word("pin-short");
  if (new Set(pin).size === 1 || ROW.includes(pin) || BACK.includes(pin)) return word("pin-easy");
  return "";
}

function shown(form, text, field) {
  const line = slot(form, "error");
  line.hidden = !text;
  slot(line, "error-text").textContent = text;
  form.querySelectorAll("input").forEach((input) => input.removeAttribute("aria-invalid"));
  if (text && field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

async function busy(form, work) {
  const button = form.querySelector("button[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

function first(enter) {
  const view = copy("inspect-new-pin");
  const form = view.querySelector("form");
  const [pin, again] = form.querySelectorAll("input");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fault(pin.value) || (pin.value === again.value ? "" : word("pin-differs"));
    shown(form, wrong, fault(pin.value) ? pin : again);
    if (!wrong) busy(form, async () => enter(await create(pin.value)));
  });
  return view;
}

function words({ tries, until }) {
  if (until > Date.now()) return word("pin-wait", { tries, until: clock(until).slice(-5), s: Math.ceil((until - Date.now()) / 1000) });
  return word("pin-wrong", { tries });
}

function again(enter, restart) {
  const view = copy("inspect-pin");
  const form = view.querySelector("form");
  const pin = form.querySelector("input");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(form, async () => {
      try {
        const vault = await open(pin.value);
        shown(form, "");
        await enter(vault);
      } catch (error) {
        if (!(error instanceof WrongPin)) throw error;
        pin.value = "";
        shown(form, words(error), pin);
      }
    });
  });
  const wipe = slot(view, "wipe");
  wipe.addEventListener("submit", async (event) => {
    event.preventDefault();
    await wipeAll();
    restart();
  });
  return view;
}

export async function door(enter, restart) {
  return (await locked()) ? again(enter, restart) : first(enter);
}
