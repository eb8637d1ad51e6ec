// Keeps the tablet's page, its scripts and styles, so that it opens without a line. Nothing else is
// ever kept: neither the pack nor a page with names, which only go through.
// `self.c15Shell` is set by /inspect/sw.js: {version, page, list, statics, assets}.
const { version, page, list, statics, assets } = self.c15Shell;
const PREFIX = "circle15-inspect-";
const NAME = PREFIX + version;
const PATIENCE_MS = 4000; // a hall's wireless may answer never

const isOurs = (response) => response.ok && !response.redirected && response.headers.get("X-Circle15-Shell") === version;

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(assets.map((url) => new Request(url, { cache: "no-cache" })));
  const response = await fetch(page, { cache: "reload" });
  if (!isOurs(response)) throw new Error("the page is of another version");
  await cache.put(page, response);
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The line first: look and language may have changed. A page of a newer version is shown, but kept
// only together with its own scripts.
async function shell() {
  const cache = await caches.open(NAME);
  try {
    const response = await fetch(page, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (isOurs(response)) await cache.put(page, response.clone());
    else self.registration.update().catch(() => {});
    if (response.status < 500) return response;
  } catch { /* no line */ }
  return (await cache.match(page)) ?? Response.error();
}

async function fixed(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(statics)) event.respondWith(fixed(request));
  else if (request.mode !== "navigate") return;
  else if (url.pathname === page) event.respondWith(shell());
  else if (url.pathname === list) event.respondWith(fetch(request).catch(() => Response.redirect(page)));
});
