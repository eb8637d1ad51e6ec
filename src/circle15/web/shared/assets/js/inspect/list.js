// The checks on this tablet: what is to be done, what is on its way, what has arrived.
import { SENDING } from "./checks.js";
import { clock, copy, el, icon, slot, word } from "./dom.js";

const SKEW_MS = 120_000;

function card(check, { open, sending }) {
  const { site, due, edition, lines } = check.pack;
  const done = lines.length - check.undecided().length;
  const isSending = check.draft.state === SENDING;
  const bar = el("progress", { max: sending?.all || 1, value: sending?.n ?? 0, "aria-label": word("sending-label") });
  const state = isSending
    ? el("div", {}, el("p", { role: "status", "data-sending": check.uid }, sending ? word("sending", sending) : word("waiting")), bar)
    : el("div", {}, el("p", {}, word("decided", { n: done, all: lines.length })), el("progress", { max: lines.length, value: done, "aria-label": word("decided", { n: done, all: lines.length }) }));
  const step = isSending ? "look" : check.isStarted ? "go-on" : "begin";
  return el("li.card", { "data-check": check.uid },
    el("h2", {}, site.name),
    el("p", {}, site.kind ? el("span.tag", {}, site.kind) : null, " ", site.address),
    el("p.hint", {}, word("due", { on: due ?? "—" }), " · ", edition.title ?? edition.book),
    check.draft.problems.length ? el("p.field-error", {}, icon("alert"), word("was-refused", { n: check.draft.problems.length })) : null,
    state,
    el(`button.btn.btn-big${isSending ? "" : ".btn-primary"}`, { type: "button", onclick: () => open(check.uid) }, word(step)));
}

export function listView({ me, checks, receipts, sending, trouble }, { open, refresh, upload, login }) {
  const view = copy("inspect-list");
  slot(view, "who").textContent = me ? word("who", { name: me.inspector, at: clock(me.fetched_at) }) : word("no-pack");
  const skew = slot(view, "skew");
  skew.hidden = !me || Math.abs(me.skew_ms) < SKEW_MS;
  if (!skew.hidden) slot(skew, "text").textContent = word("skew", { min: Math.round(Math.abs(me.skew_ms) / 60_000) });
  slot(view, "refresh").addEventListener("click", refresh);
  const signIn = slot(view, "sign-in");
  signIn.hidden = trouble !== "signed-out";
  signIn.querySelector("a").href = login;
  const waiting = checks.filter((check) => check.draft.state === SENDING);
  slot(view, "away").hidden = trouble !== "away" || !waiting.length;
  slot(view, "upload").hidden = !waiting.length;
  slot(view, "upload").addEventListener("click", upload);
  slot(view, "none").hidden = checks.length > 0;
  slot(view, "checks").append(...checks.map((check) => card(check, { open, sending: sending.get(check.uid) })));
  slot(view, "receipts-box").hidden = !receipts.length;
  slot(view, "receipts").append(...receipts.map(([uid, receipt]) => el("li", { "data-receipt": uid }, icon("check-circle"),
    el("span", {}, el("b", {}, receipt.site), el("br"), word("receipt", { number: receipt.number, at: clock(receipt.received_at), n: receipt.answers })))));
  return view;
}
