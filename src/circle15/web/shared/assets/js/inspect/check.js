// A check as it is walked through: the contents, one line at a time, how far it is, what comes next.
import { copy, el, icon, say, slot, word } from "./dom.js";
import { lineCard, vetoCard } from "./line.js";

const WIDE = "(min-width: 64em)";

// Lines under their headings; without headings by the first number of the clause.
export function sections(lines) {
  const found = new Map();
  lines.forEach((line, index) => {
    const title = line.section ?? line.clause.split(/[.．、]/)[0];
    if (!found.has(title)) found.set(title, []);
    found.get(title).push({ line, index });
  });
  return [...found];
}

export function checkView(check, { start, moved, finish, leave }) {
  const { lines, vetoes } = check.pack;
  const view = copy("inspect-check");
  const places = lines.length + (vetoes.length ? 1 : 0);
  const marks = new Map();
  let at = Math.min(Math.max(0, start), places - 1);

  slot(view, "site").textContent = check.pack.site.name;
  slot(view, "book").textContent = check.pack.edition.title ?? check.pack.edition.book;
  slot(view, "back").addEventListener("click", leave);
  slot(view, "closed").hidden = check.isOpen;

  const mark = (title, index, clause) => {
    const sign = el("span.inspect-sign");
    const button = el("button", { type: "button", onclick: () => go(index) }, sign, clause ? el("b", {}, clause) : null, el("span.inspect-entry", {}, title));
    marks.set(index, { button, sign });
    return el("li", {}, button);
  };
  slot(view, "contents").append(...sections(lines).map(([title, entries]) => el("li", {}, el("h2", {}, title),
    el("ul", {}, entries.map(({ line, index }) => mark(line.text, index, line.clause))))),
  vetoes.length ? el("li", {}, el("h2", {}, word("vetoes")), el("ul", {}, mark(word("vetoes-look"), lines.length))) : "");
  const contents = slot(view, "contents-box");
  const wide = matchMedia(WIDE);
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();

  const problemsOf = (rule) => check.draft.problems.filter((each) => each.rule_id === rule).map((each) => each.text);

  function paint() {
    const left = check.undecided();
    const done = lines.length - left.length;
    slot(view, "progress").textContent = word("decided", { n: done, all: lines.length });
    const bar = slot(view, "bar");
    [bar.max, bar.value] = [lines.length, done];
    slot(view, "next-open").disabled = !left.length;
    lines.forEach((line, index) => {
      const isDone = check.isDecided(line);
      marks.get(index).sign.replaceChildren(isDone ? icon("check") : "", el("span.visually-hidden", {}, word(isDone ? "is-decided" : "is-open")));
      marks.get(index).button.classList.toggle("is-done", isDone);
    });
  }

  function go(index, { focus = true } = {}) {
    at = Math.min(Math.max(0, index), places - 1);
    const card = at < lines.length
      ? lineCard(check, lines[at], { number: at + 1, all: lines.length, problems: problemsOf(lines[at].rule_id), changed: paint })
      : el("form.inspect-vetoes", { autocomplete: "off", onsubmit: (event) => event.preventDefault() },
        el("h2", { tabindex: "-1" }, word("vetoes")), el("p.hint", {}, word("vetoes-hint")), vetoes.map((veto) => vetoCard(check, veto, paint)));
    slot(view, "line").replaceChildren(card);
    marks.forEach(({ button }, number) => {
      if (number === at) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    slot(view, "before").disabled = at === 0;
    slot(view, "after").disabled = at === places - 1;
    if (!wide.matches) contents.open = false;
    moved(at);
    paint();
    if (!focus) return;
    window.scrollTo(0, 0);
    marks.get(at)?.button.scrollIntoView({ block: "nearest" });
    card.querySelector("h2").focus({ preventScroll: true });
  }

  // The next after this one, then from the beginning.
  function nextOpen() {
    const left = check.undecided().map((line) => lines.indexOf(line));
    if (left.length) go(left.find((index) => index > at) ?? left[0]);
  }

  slot(view, "before").addEventListener("click", () => go(at - 1));
  slot(view, "after").addEventListener("click", () => go(at + 1));
  slot(view, "next-open").addEventListener("click", nextOpen);
  slot(view, "finish").addEventListener("click", finish);
  check.onSaving = (isSaving) => {
    const told = slot(view, "saved");
    const text = word(isSaving ? "saving" : "saved");
    if (told.textContent !== text) told.textContent = text;
  };
  check.onFailed = () => say(word("not-saved"), { kind: "bad" });
  go(at, { focus: false });
  return view;
}
