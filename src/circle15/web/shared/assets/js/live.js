// Follows a stream of server-sent events without losing or repeating one; polls when there is none.
// follow({ stream, poll, after, heard, state, cut })
//   heard(name, data, seq)  an event; those with a number come in order and once
//   state(answer)           an answer of `poll`; returns the number it reaches, or undefined
//   cut(true|false)         the line is gone for longer than a blink, or back
const SILENT_MS = 40_000; // the server speaks every 15 s
const POLL_MS = 2_000;
const BLINK_MS = 3_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const POLL_AFTER_FAILURES = 2;

export function follow({ stream, poll, names, after = null, heard, state, cut }) {
  let last = after;
  let source = null;
  let failures = 0;
  let polling = null;
  let tag = "";
  let silence = null;
  let again = null;
  let gone = null;

  const present = () => {
    clearTimeout(gone);
    gone = null;
    cut(false);
  };
  const missing = () => {
    gone = gone || setTimeout(() => cut(true), BLINK_MS);
  };

  function listen() {
    clearTimeout(again);
    if (source) source.close();
    const query = last === null ? "" : `?after=${last}`;
    source = new EventSource(stream + query, { withCredentials: true });
    source.onopen = () => {
      failures = 0;
      stopPolling();
      present();
      wait();
    };
    source.onerror = () => {
      missing();
      failures += 1;
      if (failures >= POLL_AFTER_FAILURES) startPolling();
      // A refusal or an answer of a proxy ends the stream for good: begin another, later and later.
      if (source.readyState === EventSource.CLOSED) later();
    };
    source.addEventListener("beat", wait);
    for (const name of names) {
      source.addEventListener(name, (event) => {
        wait();
        take(name, JSON.parse(event.data), event.lastEventId);
      });
    }
  }

  function take(name, data, id) {
    const number = data.seq === undefined ? null : Number(id);
    if (number !== null) {
      if (last !== null && number <= last) return;
      last = number;
    }
    heard(name, data, number);
  }

  // A line may be dead without an error: nothing heard for long means that.
  function wait() {
    clearTimeout(silence);
    silence = setTimeout(() => { missing(); listen(); }, SILENT_MS);
  }

  function later() {
    clearTimeout(again);
    clearTimeout(silence);
    const pause = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures, 6), LONGEST_WAIT_MS);
    again = setTimeout(listen, pause * (0.5 + Math.random() / 2));
  }

  function startPolling() {
    polling = polling || setInterval(ask, POLL_MS);
  }

  function stopPolling() {
    clearInterval(polling);
    polling = null;
  }

  async function ask() {
    try {
      const query = last === null ? "" : `?after=${last}`;
      const headers = { "X-Circle15-Background": "1", ...(tag ? { "If-None-Match": tag } : {}) };
      const answer = await fetch(poll + query, { headers, cache: "no-store" });
      if (answer.status !== 304 && !answer.ok) throw new Error(answer.status);
      if (polling === null) return; // the stream came back meanwhile and tells the same
      present();
      if (answer.status === 304) return;
      tag = answer.headers.get("ETag") || "";
      state(await answer.json(), take);
    } catch {
      missing();
    }
  }

  listen();
  window.addEventListener("online", listen);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source.readyState === EventSource.CLOSED) listen();
  });
}
