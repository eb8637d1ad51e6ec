// The end of a check: what is still missing, all at once; the signatures; closing it.
import { start as startPads } from "../pad.js";
import { copy, el, say, slot, word } from "./dom.js";
import { here } from "./place.js";

const VERDICT_ORDER = ["yes", "partly", "no", "not_applicable"];

function counted(check) {
  return VERDICT_ORDER.map((verdict) => {
    const n = check.pack.lines.filter((line) => check.answer(line.rule_id).verdict === verdict).length;
    return el("div", {}, el("dt", {}, word(`verdict-${verdict}`)), el("dd", {}, String(n)));
  }).concat(el("div", {}, el("dt", {}, word("photos")), el("dd", {}, String(check.livePhotos().length))));
}

function missingLine(check, [kind, about, more], { line, veto, sign }) {
  const { lines, vetoes } = check.pack;
  const link = (text, act) => el("li", {}, el("button.inspect-jump", { type: "button", onclick: act }, text));
  switch (kind) {
    case "undecided":
    case "unfilled":
    case "differs": {
      const index = lines.findIndex((each) => each.rule_id === about);
      return link(word(`missing-${kind}`, { clause: lines[index].clause, text: lines[index].text, more: [more].flat().join(word("comma")) }), () => line(index));
    }
    case "veto": return link(word("missing-veto", { text: vetoes.find((each) => each.id === about).text }), veto);
    default: return link(word(`missing-${kind}`), () => sign(about));
  }
}

function told(check, problem, line) {
  const index = check.pack.lines.findIndex((each) => each.rule_id === problem.rule_id);
  const text = index < 0 ? problem.text : `${check.pack.lines[index].clause} ${problem.text}`;
  return el("li", {}, index < 0 ? text : el("button.inspect-jump", { type: "button", onclick: () => line(index) }, text));
}

export function finishView(check, { line, back, closed, signer, signedBy }) {
  const view = copy("inspect-finish");
  slot(view, "site").textContent = check.pack.site.name;
  slot(view, "counts").append(...counted(check));
  slot(view, "back").addEventListener("click", back);
  const errors = slot(view, "missing");
  const refused = slot(view, "refused");
  refused.hidden = !check.draft.problems.length;
  slot(refused, "list").replaceChildren(...check.draft.problems.map((problem) => told(check, problem, line)));
  slot(view, "voided").hidden = !check.draft.voided;
  check.digest().then((digest) => { slot(view, "digest").textContent = word("digest", { digest: digest.slice(0, 16) }); });

  let kept = Promise.resolve();
  for (const who of ["inspector", "site"]) {
    const box = view.querySelector(`[data-sign="${who}"]`);
    const name = box.querySelector("[data-pad-name]");
    const field = box.querySelector("input[type=hidden]");
    const signature = check.signature(who);
    name.value = signature?.name ?? (who === "inspector" ? signer : "");
    const keep = () => {
      if (who === "inspector") signedBy(name.value);
      return check.sign(who, name.value, field.value).then(
        () => { slot(view, "voided").hidden = true; }, () => say(word("not-saved"), { kind: "bad" }),
      );
    };
    box.addEventListener("change", () => { kept = kept.then(keep); });
    startPads(box);
    if (signature) {
      box.querySelector("[data-c15-pad]").dispatchEvent(new CustomEvent("c15:pad-show", { detail: signature.png }));
    }
  }

  async function close() {
    await kept;
    const missing = await check.missing();
    errors.hidden = !missing.length;
    if (!missing.length) {
      const { known, better } = here();
      if (known) await check.setPlace(known);
      else better?.then((place) => place && !check.draft.place && check.setPlace(place));
      await check.close();
      closed();
      return;
    }
    const undecided = missing.filter(([kind]) => kind === "undecided").length;
    slot(errors, "title").textContent = undecided ? word("still-open", { n: undecided }) : word("still-missing");
    const sign = (who) => view.querySelector(`[data-sign="${who}"] [data-pad-name]`).focus();
    slot(errors, "list").replaceChildren(...missing.map((each) => missingLine(check, each, { line, veto: () => line(check.pack.lines.length), sign })));
    errors.focus();
    errors.scrollIntoView({ block: "start" });
  }
  slot(view, "submit").addEventListener("click", close);
  return view;
}
