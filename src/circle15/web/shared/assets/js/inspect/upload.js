// Sends what is closed: photos one by one, then the answers. Everything has a name of its own, under
// which the server keeps it once, so whatever was cut is simply sent again.
import { SENDING } from "./checks.js";

const TIMEOUT_MS = 60_000;
const AGAIN = new Set([408, 425, 429]);

export class Away extends Error {}
export class SignedOut extends Error {}
export class Refused extends Error {
  constructor(problems) {
    super("refused");
    this.problems = problems;
  }
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, {
      cache: "no-store", credentials: "same-origin", redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS), ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch (error) {
    throw new Away(String(error));
  }
  // Led elsewhere is: log in first, or change the password first.
  if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) throw new SignedOut();
  if (response.status >= 500 || AGAIN.has(response.status)) throw new Away(String(response.status));
  if (response.ok) return response;
  throw new Refused(await problemsOf(response));
}

async function problemsOf(response) {
  try {
    const told = await response.json();
    if (Array.isArray(told.problems) && told.problems.length) {
      return told.problems.map((each) => (typeof each === "string" ? { rule_id: "", text: each } : each));
    }
    return [{ rule_id: "", text: told.detail ?? told.title ?? String(response.status) }];
  } catch {
    return [{ rule_id: "", text: String(response.status) }];
  }
}

// Taking the pack freezes what the ledger says of each check; taking it again changes nothing.
export async function takenPack({ page, pack }) {
  const csrf = await token(page);
  return (await ask(pack, { method: "POST", headers: { "X-CSRFToken": csrf } })).json();
}

// The page the worker keeps holds a token of another day: ask for a fresh one.
async function token(page) {
  const text = await (await ask(page, { headers: { Accept: "text/html" } })).text();
  return new DOMParser().parseFromString(text, "text/html").querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

async function sendPhoto(check, photo, urls, csrf) {
  const bytes = await check.bytesOf(photo.uid);
  const body = new FormData();
  const told = { check: check.uid, photo: photo.uid, rule_id: photo.rule_id, sha256: photo.sha256, taken_at: photo.taken_at, ...photo.place };
  for (const [name, value] of Object.entries(told)) body.set(name, String(value));
  body.set("file", new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
  await ask(urls.photos, { method: "POST", body, headers: { "X-CSRFToken": csrf } });
  await check.setPhoto(photo.uid, { sent: true });
}

export async function send(check, { urls, device, progress }) {
  if (check.draft.state !== SENDING) return null;
  const csrf = await token(urls.page);
  const photos = check.livePhotos();
  const told = () => progress(photos.filter(({ uid }) => check.photos.get(uid).sent).length, photos.length);
  told();
  for (const { uid } of photos) {
    const photo = check.photos.get(uid);
    if (photo.sent) continue;
    await sendPhoto(check, photo, urls, csrf);
    told();
  }
  const body = JSON.stringify(await check.submission(device));
  const response = await ask(urls.submit, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": csrf } });
  return check.finish(await response.json());
}
