// Everything with content lies on the device as AES-GCM ciphertext only. The key is random, wrapped
// by a key derived from the PIN, and lives unwrapped in this page's memory alone.
// Records are bound to their names, so that none can be put in another's place.
const DATABASE = "circle15-inspect";
const ITERATIONS = 600_000;
const FREE_TRIES = 4; // after these each wrong PIN costs a wait, twice as long as the one before
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const encode = (text) => new TextEncoder().encode(text);

export class WrongPin extends Error {
  constructor(tries, until) {
    super("wrong PIN");
    Object.assign(this, { tries, until });
  }
}

const answer = (request) => new Promise((go, fail) => {
  request.onsuccess = () => go(request.result);
  request.onerror = () => fail(request.error);
});

let opened = null;
function database() {
  opened ??= (() => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("lock");
      request.result.createObjectStore("sealed");
    };
    return answer(request);
  })();
  return opened;
}

// Acknowledged only when it is on the disk: a killed browser or an empty battery loses nothing told as saved.
async function change(stores, work) {
  const transaction = (await database()).transaction(stores, "readwrite", { durability: "strict" });
  const done = new Promise((go, fail) => {
    transaction.oncomplete = go;
    transaction.onerror = transaction.onabort = () => fail(transaction.error);
  });
  work(transaction);
  await done;
}

async function read(store, work) {
  return answer(work((await database()).transaction(store).objectStore(store)));
}

async function wrappingKey(pin, salt, iterations) {
  const material = await crypto.subtle.importKey("raw", encode(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

export const locked = () => read("lock", (store) => store.get("key"));

export async function create(pin) {
  const [salt, iv] = [16, 12].map((size) => crypto.getRandomValues(new Uint8Array(size)));
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const wrapping = await wrappingKey(pin, salt, ITERATIONS);
  const wrapped = await crypto.subtle.wrapKey("raw", key, wrapping, { name: "AES-GCM", iv });
  const lock = { salt, iv, wrapped, iterations: ITERATIONS, tries: 0, until: 0 };
  await change(["lock", "sealed"], (transaction) => {
    transaction.objectStore("sealed").clear();
    transaction.objectStore("lock").put(lock, "key");
  });
  return new Vault(await unwrapped(wrapped, wrapping, iv));
}

// Without the right to give it out again.
function unwrapped(wrapped, wrapping, iv) {
  return crypto.subtle.unwrapKey("raw", wrapped, wrapping, { name: "AES-GCM", iv }, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export async function open(pin) {
  const lock = await locked();
  if (lock.until > Date.now()) throw new WrongPin(lock.tries, lock.until);
  // Counted before it is tried: pulling the plug wins no try.
  const tries = lock.tries + 1;
  const wait = tries > FREE_TRIES ? Math.min(FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES - 1), LONGEST_WAIT_MS) : 0;
  const until = wait && Date.now() + wait;
  await keepLock({ ...lock, tries, until });
  const wrapping = await wrappingKey(pin, lock.salt, lock.iterations);
  let key;
  try {
    key = await unwrapped(lock.wrapped, wrapping, lock.iv);
  } catch {
    throw new WrongPin(tries, until);
  }
  await keepLock({ ...lock, tries: 0, until: 0 });
  return new Vault(key);
}

const keepLock = (lock) => change(["lock"], (transaction) => transaction.objectStore("lock").put(lock, "key"));

export const wipeAll = () => change(["lock", "sealed"], (transaction) => {
  for (const name of ["lock", "sealed"]) transaction.objectStore(name).clear();
});

const under = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

class Vault {
  #key;

  constructor(key) {
    this.#key = key;
  }

  async #seal(name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const isBytes = value instanceof ArrayBuffer;
    const how = { name: "AES-GCM", iv, additionalData: encode(name) };
    const data = await crypto.subtle.encrypt(how, this.#key, isBytes ? value : encode(JSON.stringify(value)));
    return { iv, data, isBytes };
  }

  async #unseal(name, { iv, data, isBytes }) {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encode(name) }, this.#key, data);
    return isBytes ? bytes : JSON.parse(new TextDecoder().decode(bytes));
  }

  // All of it or nothing; `gone` are names, those ending in "/" with everything under them.
  async keep(records, gone = []) {
    const sealed = await Promise.all(Object.entries(records).map(async ([name, value]) => [name, await this.#seal(name, value)]));
    await change(["sealed"], (transaction) => {
      const store = transaction.objectStore("sealed");
      for (const name of gone) store.delete(name.endsWith("/") ? under(name) : name);
      for (const [name, record] of sealed) store.put(record, name);
    });
  }

  async get(name) {
    const record = await read("sealed", (store) => store.get(name));
    return record && this.#unseal(name, record);
  }

  // [name without the prefix, value] of everything under a prefix, in the order of names.
  async under(prefix) {
    const store = (await database()).transaction("sealed").objectStore("sealed");
    const [names, records] = await Promise.all([answer(store.getAllKeys(under(prefix))), answer(store.getAll(under(prefix)))]);
    return Promise.all(names.map(async (name, index) => [name.slice(prefix.length), await this.#unseal(name, records[index])]));
  }
}
