// Pages of cases: a letter presses the button that shows it, a digit goes to that paper,
// a question opens over the page instead of as a page of its own.
import { isTyping, letter } from "./keys.js";
import { start as startPads } from "./pad.js";

const openDialog = () => document.querySelector("dialog[open]");

document.addEventListener("keydown", (event) => {
  const key = letter(event);
  if (!key || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target)) return;
  const scope = openDialog() ?? document;
  const target = [...scope.querySelectorAll(`[data-key="${key}"]`)]
    .find((one) => !one.disabled && (scope !== document || !one.closest("dialog")));
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button, summary")) target.click();
  else (target.querySelector("input:checked") ?? target.querySelector("input"))?.focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-case-ask]");
  const dialog = link && document.getElementById(`ask-${link.dataset.caseAsk}`);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), textarea, select")?.focus();
});

// All papers at once: what is left is ticked as handed in.
document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-case-all]");
  if (!all) return;
  document.querySelectorAll(`[data-case-paper] input[value="${all.dataset.caseAll}"]`).forEach((tick) => {
    const row = tick.closest("[data-case-paper]");
    if (row.querySelector("input:checked")?.value === "missing") tick.checked = true;
  });
  count();
});

function count() {
  const papers = [...document.querySelectorAll("[data-case-paper]")];
  const lacks = (row, how) => row.querySelector("input:checked")?.value === how;
  const needed = papers.filter((row) => !("caseOptional" in row.dataset));
  const missing = needed.filter((row) => lacks(row, "missing")).length;
  papers.forEach((row) => row.classList.toggle("is-missing", row.querySelector("input:checked")?.value === "missing"));
  const said = document.querySelector("[data-case-missing]");
  if (said) said.textContent = missing ? said.dataset.some.replace("0", missing) : said.dataset.none;
  lead(missing ? ["notify", "return"] : needed.some((row) => lacks(row, "deferred")) ? ["accept_conditionally"] : ["accept", "submit"]);
}

// The strong button is what the papers call for now.
function lead(steps) {
  const buttons = [...document.querySelectorAll('.case-foot [name="then"]')];
  const strong = buttons.find((button) => steps.includes(button.value));
  if (strong) buttons.forEach((button) => button.classList.toggle("btn-primary", button === strong));
}

document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-case-paper]");
  if (!row) return;
  // A photo is a paper handed in.
  if (event.target.type === "file" && event.target.files.length) {
    const given = row.querySelector('input[value="given"]');
    if (given) given.checked = true;
  }
  count();
});

// A4 or the roll: only one of them goes to the printer.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-case-print]");
  if (!button) return;
  document.documentElement.dataset.print = button.dataset.casePrint;
  window.print();
});

document.querySelectorAll("[data-case-script]").forEach((part) => { part.hidden = false; });
startPads(document);
document.querySelector("[data-case-first]")?.focus();
