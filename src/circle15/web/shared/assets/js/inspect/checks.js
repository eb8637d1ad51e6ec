// One check as it lies in the vault: what came with the pack, the answers, photos and signatures.
// Every change is written at once; what changes after a signature voids it.
import { canonical, sha256 } from "./digest.js";

export const VERDICTS = ["yes", "partly", "no", "not_applicable"];
export const OPEN = "open";
export const SENDING = "sending"; // closed and signed; goes out as soon as there is a line

const now = () => new Date().toISOString();
const hasText = (value) => Boolean(value && String(value).trim());

export class Check {
  #vault;
  #writing = new Map(); // what is being written, by name, and whether it changed meanwhile
  onSaving = () => {}; // told whether anything is still being written
  onFailed = () => {};

  constructor(vault, pack, draft, answers, photos) {
    this.#vault = vault;
    Object.assign(this, { pack, draft, answers: new Map(answers), photos: new Map(photos) });
  }

  static async load(vault, uid) {
    const pack = await vault.get(`check/${uid}`);
    if (!pack) return null;
    const draft = (await vault.get(`draft/${uid}`)) ?? {
      uid: crypto.randomUUID(), state: OPEN, started_at: null, finished_at: null,
      place: null, vetoes: {}, signatures: [], voided: false, problems: [],
    };
    const [answers, photos] = await Promise.all([vault.under(`answer/${uid}/`), vault.under(`photo/${uid}/`)]);
    const check = new Check(vault, pack, draft, answers, photos);
    await check.#forgetDeleted();
    await check.#voidIfChanged();
    return check;
  }

  get uid() { return this.pack.uid; }
  get isOpen() { return this.draft.state === OPEN; }
  get isStarted() { return Boolean(this.draft.started_at); }

  answer(rule) {
    return this.answers.get(rule) ?? { verdict: "", facts: {}, remark: "", answered_at: null };
  }

  isDecided(line) {
    return VERDICTS.includes(this.answer(line.rule_id).verdict);
  }

  undecided() {
    return this.pack.lines.filter((line) => !this.isDecided(line));
  }

  photosOf(rule) {
    return [...this.photos.values()].filter((photo) => photo.rule_id === rule && !photo.deleted)
      .sort((one, other) => (one.taken_at < other.taken_at ? -1 : 1));
  }

  livePhotos() {
    return [...this.photos.values()].filter((photo) => !photo.deleted);
  }

  // Changes

  // From now on a new pack leaves it alone.
  begin() {
    if (this.isStarted) return Promise.resolve();
    this.draft.started_at = now();
    return this.#writeDraft();
  }

  setAnswer(rule, change) {
    this.answers.set(rule, { ...this.answer(rule), ...change, answered_at: now() });
    this.#changed();
    return this.#write(`answer/${this.uid}/${rule}`, () => this.answers.get(rule));
  }

  setVeto(id, change) {
    this.draft.vetoes[id] = { found: false, remark: "", ...this.draft.vetoes[id], ...change };
    this.#changed();
    return this.#writeDraft();
  }

  async addPhoto(rule, { bytes, small, sha256: digest }, place) {
    const uid = crypto.randomUUID();
    const photo = { uid, rule_id: rule, taken_at: now(), place, sha256: digest, size: bytes.byteLength, small, sent: false };
    await this.#vault.keep({ [`bytes/${this.uid}/${uid}`]: bytes, [`photo/${this.uid}/${uid}`]: photo });
    this.photos.set(uid, photo);
    this.#changed();
    await this.#writeDraft();
    return photo;
  }

  setPhoto(uid, change) {
    if (!this.photos.has(uid)) return Promise.resolve();
    this.photos.set(uid, { ...this.photos.get(uid), ...change });
    if ("deleted" in change) this.#changed();
    return this.#write(`photo/${this.uid}/${uid}`, () => this.photos.get(uid));
  }

  // For good: the way back ends here.
  async dropPhoto(uid) {
    if (!this.photos.get(uid)?.deleted) return;
    this.photos.delete(uid);
    await this.#vault.keep({}, [`photo/${this.uid}/${uid}`, `bytes/${this.uid}/${uid}`]);
  }

  bytesOf(uid) {
    return this.#vault.get(`bytes/${this.uid}/${uid}`);
  }

  setPlace(place) {
    this.draft.place = place;
    return this.#writeDraft();
  }

  // What the same fact was said to be in other lines: asked once, said once.
  saidElsewhere(line) {
    const asked = new Set(line.asks.map((ask) => ask.fact));
    const found = {};
    for (const [rule, { verdict, facts }] of this.answers) {
      if (rule === line.rule_id || verdict === "not_applicable") continue;
      for (const [name, value] of Object.entries(facts)) if (asked.has(name)) found[name] = value;
    }
    return found;
  }

  // Asked on site, not filled in, and no remark that says why.
  unfilled(line) {
    const { verdict, facts, remark } = this.answer(line.rule_id);
    if (!verdict || verdict === "not_applicable" || hasText(remark)) return [];
    return line.asks.filter((ask) => (line.evidence ?? []).includes(ask.label) && facts[ask.fact] === undefined).map((ask) => ask.label);
  }

  // Two lines that say different things of one fact: the later line and the earlier.
  #contradicting() {
    const first = new Map();
    const found = [];
    for (const line of this.pack.lines) {
      const { verdict, facts } = this.answer(line.rule_id);
      if (verdict === "not_applicable") continue;
      for (const [name, value] of Object.entries(facts)) {
        const other = first.get(name);
        if (!other) first.set(name, { line, value });
        else if (canonical(other.value) !== canonical(value)) found.push(["differs", line.rule_id, other.line.clause]);
      }
    }
    return found;
  }

  // Signing and closing

  content() {
    const answers = this.pack.lines.filter((line) => this.answers.has(line.rule_id)).map(({ rule_id }) => {
      const { verdict, facts, remark, answered_at } = this.answer(rule_id);
      return { rule_id, verdict, facts, remark: remark.trim(), photos: this.photosOf(rule_id).map((photo) => photo.uid), answered_at };
    });
    const vetoes = this.pack.vetoes.filter(({ id }) => this.draft.vetoes[id]?.found).map(({ id }) => (
      { id, remark: this.draft.vetoes[id].remark.trim(), photos: this.photosOf(id).map((photo) => photo.uid) }
    ));
    return { check: this.uid, answers, vetoes };
  }

  digest() {
    return sha256(canonical(this.content()));
  }

  signature(who) {
    return this.draft.signatures.find((each) => each.who === who);
  }

  async sign(who, name, png) {
    const digest = await this.digest();
    const others = this.draft.signatures.filter((each) => each.who !== who);
    const signature = hasText(png) ? [{ who, name: name.trim(), png, sha256: digest }] : [];
    this.draft.signatures = [...others, ...signature];
    this.draft.voided = false;
    await this.#writeDraft();
  }

  // What is missing, all of it: [kind, rule or veto or signer, what more there is to say].
  async missing() {
    const found = this.undecided().map((line) => ["undecided", line.rule_id]);
    for (const line of this.pack.lines) {
      const labels = this.unfilled(line);
      if (labels.length) found.push(["unfilled", line.rule_id, labels]);
    }
    found.push(...this.#contradicting());
    for (const { id } of this.pack.vetoes) {
      const veto = this.draft.vetoes[id];
      if (veto?.found && !hasText(veto.remark)) found.push(["veto", id]);
    }
    const digest = await this.digest();
    const signed = this.signature("inspector");
    if (!signed || signed.sha256 !== digest || !signed.name) found.push(["unsigned", "inspector"]);
    const site = this.signature("site");
    if (site && !site.name) found.push(["unnamed", "site"]);
    return found;
  }

  async close() {
    Object.assign(this.draft, { state: SENDING, finished_at: now(), problems: [] });
    await this.#settled();
    await this.#writeDraft();
  }

  // The server has found something: open it again, nothing is lost.
  async reopen(problems) {
    Object.assign(this.draft, { state: OPEN, finished_at: null, problems });
    await this.#writeDraft();
  }

  async submission(device) {
    const { uid, started_at, finished_at, place, signatures } = this.draft;
    return {
      ...this.content(), uid, device, started_at, finished_at, place,
      signatures: signatures.map(({ who, name, png }) => ({ who, name, png })),
      answers_sha256: await this.digest(), client_time: now(),
    };
  }

  // The receipt comes, and everything of the check goes, in one step.
  async finish(receipt) {
    const { site, edition } = this.pack;
    const kept = { ...receipt, site: site.name, book: edition.title ?? edition.book };
    const { uid } = this;
    await this.#vault.keep({ [`receipt/${uid}`]: kept }, [`check/${uid}`, `draft/${uid}`, `answer/${uid}/`, `photo/${uid}/`, `bytes/${uid}/`]);
    return kept;
  }

  // Writing

  #changed() {
    if (!this.draft.signatures.length) return;
    this.draft.signatures = [];
    this.draft.voided = true;
    this.#writeDraft();
  }

  #writeDraft() {
    return this.#write(`draft/${this.uid}`, () => this.draft);
  }

  // One writing per record at a time, and always what is newest.
  #write(name, value) {
    const waiting = this.#writing.get(name);
    if (waiting) {
      waiting.again = true;
      return waiting.done;
    }
    const state = { again: true, done: null };
    state.done = (async () => {
      while (state.again) {
        state.again = false;
        await this.#vault.keep({ [name]: value() });
      }
    })().catch((error) => this.onFailed(error)).finally(() => {
      this.#writing.delete(name);
      this.onSaving(this.#writing.size > 0);
    });
    this.#writing.set(name, state);
    this.onSaving(true);
    return state.done;
  }

  async #settled() {
    await Promise.all([...this.#writing.values()].map((state) => state.done));
  }

  // An answer was written and the browser killed before the signature was taken back.
  async #voidIfChanged() {
    const { signatures } = this.draft;
    if (!signatures.length) return;
    const digest = await this.digest();
    if (signatures.some((each) => each.sha256 !== digest)) this.#changed();
  }

  async #forgetDeleted() {
    for (const photo of [...this.photos.values()]) if (photo.deleted) await this.dropPhoto(photo.uid);
  }
}

// A new pack: checks begun stay as they are, others are taken over or go away.
export async function takePack(vault, told) {
  const here = new Map(await vault.under("check/"));
  const [drafts, receipts] = await Promise.all([vault.under("draft/"), vault.under("receipt/")]);
  const begun = new Set(drafts.filter(([, draft]) => draft.started_at).map(([uid]) => uid));
  const done = new Set(receipts.map(([uid]) => uid));
  const fresh = told.checks.filter((check) => !begun.has(check.uid) && !done.has(check.uid));
  const wanted = new Set(told.checks.map((check) => check.uid));
  const gone = [...here.keys()].filter((uid) => !wanted.has(uid) && !begun.has(uid)).map((uid) => `check/${uid}`);
  const me = {
    device: (await vault.get("me"))?.device ?? crypto.randomUUID().slice(0, 8),
    inspector: told.inspector.name, fetched_at: now(), skew_ms: Date.now() - Date.parse(told.server_time),
  };
  await vault.keep({ me, ...Object.fromEntries(fresh.map((check) => [`check/${check.uid}`, check])) }, gone);
  return me;
}
