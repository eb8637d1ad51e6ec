// Elements, words and icons of the tablet. Words and icons stand in the page, in the reader's language.
const inside = (id) => document.getElementById(id).content;
const words = new Map([...inside("inspect-words").querySelectorAll("[data-word]")].map((each) => [each.dataset.word, each.textContent]));

export function word(key, told = {}) {
  return words.get(key).replace(/\{(\w+)\}/g, (_all, name) => told[name]);
}

export function icon(name) {
  return inside("inspect-icons").querySelector(`[data-icon="${name}"] svg`).cloneNode(true);
}

export function copy(id) {
  return inside(id).firstElementChild.cloneNode(true);
}

export const slot = (root, name) => root.querySelector(`[data-slot="${name}"]`);

// el("button.btn", {type: "button", onclick: go}, "text", element, null)
export function el(what, options = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  made.classList.add(...classes);
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const two = (number) => String(number).padStart(2, "0");

export function clock(told) {
  const at = new Date(told);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function placeWords(place) {
  return place ? word("place", { lat: place.lat.toFixed(5), lon: place.lon.toFixed(5), m: place.accuracy_m }) : word("no-place");
}

const said = document.querySelector("[data-inspect-said]");
let quiet = null;

// A word at the foot of the screen, read out too; `undo` is offered for as long as it stands.
export function say(text, { undo = null, over = null, kind = "good" } = {}) {
  clearTimeout(quiet);
  const end = (how) => {
    clearTimeout(quiet);
    said.replaceChildren();
    how?.();
  };
  said.replaceChildren(el(`p.notice.notice-${kind}`, {}, el("div", {}, text), undo ? el("button.btn", { type: "button", onclick: () => end(undo) }, word("undo")) : null));
  quiet = setTimeout(() => end(over), 8000);
}
