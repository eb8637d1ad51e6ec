// One line of the checklist: what the rule says, what the ledger knows, and what is seen.
import { clock, el, icon, placeWords, say, word } from "./dom.js";
import { VERDICTS } from "./checks.js";
import { here } from "./place.js";
import { NotAPicture, show, taken } from "./pictures.js";

const SIGNS = { yes: "check-circle", partly: "minus-circle", no: "cross-circle", not_applicable: "info" };

function radios(name, options, chosen, pick, tiles = "") {
  return el(`div.choices${tiles}`, {}, options.map(({ id, label, sign }, index) => {
    const input = el("input", { type: "radio", id: `${name}-${index}`, name, value: id, autocomplete: "off", onchange: () => pick(id) });
    input.checked = chosen === id;
    return el("div.choice", { "data-verdict": sign ? id : null }, input, el("label", { for: `${name}-${index}` }, sign ? icon(sign) : null, label));
  }));
}

function boxes(name, choices, chosen, pick) {
  const marked = new Set(chosen ?? []);
  return el("div.choices", {}, choices.map(({ id, label }, index) => {
    const input = el("input", {
      type: "checkbox", id: `${name}-${index}`, autocomplete: "off",
      onchange: () => {
        if (input.checked) marked.add(id);
        else marked.delete(id);
        pick(marked.size ? choices.map((each) => each.id).filter((each) => marked.has(each)) : undefined);
      },
    });
    input.checked = marked.has(id);
    return el("div.choice", {}, input, el("label", { for: `${name}-${index}` }, label));
  }));
}

const DECIMAL = /^-?\d{1,12}(\.\d{1,6})?$/;
const WHOLE = /^\d{1,12}$/;
const half = (text) => text.normalize("NFKC").replaceAll(",", "").trim();

function number(id, ask, value, pick) {
  const error = el("p.field-error", { id: `${id}-error`, role: "alert", hidden: true }, icon("alert"), word(ask.whole ? "whole-wrong" : "number-wrong"));
  const input = el("input.input.input-short", {
    id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": `${id}-error`,
    oninput: () => {
      const typed = half(input.value);
      const isRight = !typed || (ask.whole ? WHOLE : DECIMAL).test(typed);
      error.hidden = isRight;
      input.toggleAttribute("aria-invalid", !isRight);
      pick(isRight && typed ? typed : undefined);
    },
  });
  input.value = value ?? "";
  return el("div", {}, error, el("div.row.inspect-number", {}, input, ask.unit ? el("span", {}, ask.unit) : null));
}

function words(id, value, pick, rows = 2) {
  const area = el("textarea.textarea", { id, rows, autocomplete: "off", spellcheck: "false", maxlength: 500, oninput: () => pick(area.value) });
  area.value = value ?? "";
  return area;
}

function fact(ask, index, facts, pick) {
  const id = `fact-${index}`;
  const value = facts[ask.fact];
  const set = (chosen) => pick(ask.fact, chosen);
  const group = (...inside) => el("fieldset.field", { "data-fact": ask.fact }, el("legend", {}, ask.label), ...inside);
  switch (ask.kind) {
    case "bool": {
      const options = [{ id: "true", label: word("true") }, { id: "false", label: word("false") }];
      return group(radios(id, options, value === undefined ? "" : String(value), (chosen) => set(chosen === "true")));
    }
    case "choice": return group(radios(id, ask.choices, value, set));
    case "set": return group(boxes(id, ask.choices, value, set));
    default: {
      const field = ask.kind === "number" ? number(id, ask, value, set) : words(id, value, (text) => set(text.trim() || undefined));
      return el("div.field", { "data-fact": ask.fact }, el("label", { for: id }, ask.label), field);
    }
  }
}

// Photos

function thumbnail(check, photo, redraw) {
  const remove = el("button.btn.inspect-remove", {
    type: "button", "aria-label": word("photo-remove", { time: clock(photo.taken_at) }),
    onclick: async () => {
      await check.setPhoto(photo.uid, { deleted: true });
      redraw();
      say(word("photo-removed"), {
        undo: async () => { await check.setPhoto(photo.uid, { deleted: false }); redraw(); },
        over: () => check.dropPhoto(photo.uid),
      });
    },
  }, icon("trash"));
  const open = el("button.inspect-thumb", { type: "button", onclick: () => enlarge(check, photo) }, el("img", { src: photo.small, alt: word("photo-open", { time: clock(photo.taken_at) }) }));
  return el("li", { "data-photo": photo.uid }, open, el("p", {}, clock(photo.taken_at).slice(-5), el("br"), placeWords(photo.place)), check.isOpen ? remove : null);
}

async function enlarge(check, photo) {
  const canvas = el("canvas", { role: "img", "aria-label": word("photo-open", { time: clock(photo.taken_at) }) });
  const dialog = el("dialog.inspect-photo", { onclose: () => dialog.remove() }, canvas, el("p", {}, `${clock(photo.taken_at)} · ${placeWords(photo.place)}`),
    el("form", { method: "dialog" }, el("button.btn.btn-primary", {}, word("close"))));
  document.body.append(dialog);
  await show(await check.bytesOf(photo.uid), canvas);
  dialog.showModal();
}

async function add(check, rule, files, redraw) {
  for (const file of files) {
    try {
      const { known, better } = here();
      const photo = await check.addPhoto(rule, await taken(file), known);
      // The photo is safe already; where it was taken may come later.
      better?.then((place) => place && check.isOpen && check.setPhoto(photo.uid, { place }).then(redraw));
      redraw();
    } catch (error) {
      say(word(error instanceof NotAPicture ? "photo-unreadable" : "not-saved"), { kind: "bad" });
    }
  }
}

function photos(check, rule, evidence, changed) {
  const list = el("ul.inspect-photos", { "aria-label": word("photos") });
  const redraw = () => {
    list.replaceChildren(...check.photosOf(rule).map((photo) => thumbnail(check, photo, redraw)));
    changed();
  };
  const chooser = (key, sign, options) => {
    const input = el("input.visually-hidden", {
      type: "file", accept: "image/*", autocomplete: "off", ...options,
      onchange: async () => {
        const files = [...input.files];
        input.value = "";
        await add(check, rule, files, redraw);
      },
    });
    return el("label.btn.btn-big", {}, input, icon(sign), word(key));
  };
  redraw();
  return el("section.field", { "aria-label": word("photos") },
    el("h3", {}, word("photos")),
    evidence.length ? el("p.hint", {}, word("evidence", { what: evidence.join(word("comma")) })) : null,
    check.isOpen ? el("div.row", {}, chooser("take-photo", "camera", { capture: "environment", "data-take": true }), chooser("from-album", "plus", { multiple: true, "data-album": true })) : null,
    list);
}

// The line

function ledger({ ledger: known }) {
  const day = known?.observed_on ? ` · ${word("observed", { on: known.observed_on })}` : "";
  const text = known ? `${known.shown}${day}` : word("ledger-nothing");
  return el("p.inspect-ledger", {}, icon("ledger"), el("span", {}, el("b", {}, word("ledger")), " ", text));
}

export function lineCard(check, line, { number: position, all, problems, changed }) {
  const current = check.answer(line.rule_id);
  const save = (change) => {
    check.setAnswer(line.rule_id, change);
    changed();
  };
  const facts = { ...check.saidElsewhere(line), ...current.facts };
  const pick = (name, value) => {
    if (value === undefined) delete facts[name];
    else facts[name] = value;
    save({ facts: { ...facts } });
  };
  const verdicts = VERDICTS.map((id) => ({ id, label: word(`verdict-${id}`), sign: SIGNS[id] }));
  const fields = el("fieldset.inspect-fields", { disabled: !check.isOpen },
    el("fieldset.field", {}, el("legend", {}, word("verdict")), radios("verdict", verdicts, current.verdict, (verdict) => save({ verdict, facts: { ...facts } }), ".inspect-verdicts")),
    line.asks.map((ask, index) => fact(ask, index, facts, pick)),
    el("div.field", {}, el("label", { for: "remark" }, word("remark")), words("remark", current.remark, (remark) => save({ remark }))));
  return el("form.card.inspect-line", { autocomplete: "off", "data-rule": line.rule_id, onsubmit: (event) => event.preventDefault() },
    el("p.row.inspect-clause", {}, el("span.tag.tag-brand", {}, line.clause), el("span", {}, word("line-of", { n: position, all })),
      line.max ? el("span.tag", {}, word("points", { n: line.max })) : null,
      line.methods.map((method) => el("span.tag.tag-info", {}, word(`method-${method}`)))),
    el("h2", { tabindex: "-1" }, line.title ? el("span.inspect-title", {}, line.title) : null, line.text),
    problems.map((problem) => el("p.field-error", { role: "alert" }, icon("alert"), problem)),
    ledger(line), fields, photos(check, line.rule_id, line.evidence ?? [], changed));
}

export function vetoCard(check, veto, changed) {
  const told = check.draft.vetoes[veto.id] ?? { found: false, remark: "" };
  const id = `veto-${veto.id}`;
  const more = el("div", { hidden: !told.found },
    el("div.field", {}, el("label", { for: `${id}-remark` }, word("veto-remark")), words(`${id}-remark`, told.remark, (remark) => check.setVeto(veto.id, { remark }))),
    photos(check, veto.id, [], changed));
  const input = el("input", { type: "checkbox", id, autocomplete: "off", onchange: () => {
    more.hidden = !input.checked;
    check.setVeto(veto.id, { found: input.checked });
  } });
  input.checked = told.found;
  return el("fieldset.card.inspect-veto", { disabled: !check.isOpen, "data-veto": veto.id },
    el("legend.visually-hidden", {}, veto.text),
    el("p.inspect-veto-text", {}, veto.text),
    el("div.choice", {}, input, el("label", { for: id }, word("veto-found"))), more);
}
