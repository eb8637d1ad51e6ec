// Follows a stream of server-sent events without losing or repeating one; polls when there is none.
// follow({ stream, poll, pause, names, after, heard, state, cut })
//   pause                   milliseconds between two questions while there is no stream
//   heard(name, data, seq)  an event; those with a number come in order and once
//   state(answer, take)     an answer of `poll`; take(name, data, seq) for each numbered event in it
//   cut(true|false)         the line is gone for longer than a blink, or back
const SILENT_MS = 40_000; // the server speaks every 15 s
const BLINK_MS = 3_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export function follow({ stream, poll, pause, names, after = null, heard, state, cut }) {
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
      startPolling();
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
    const rest = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures, 6), LONGEST_WAIT_MS);
    again = setTimeout(listen, rest * (0.5 + Math.random() / 2));
  }

  function startPolling() {
    if (polling !== null) return;
    polling = 0;
    ask();
  }

  function stopPolling() {
    clearTimeout(polling);
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
    } finally {
      // Not all at the same moment.
      if (polling !== null) polling = setTimeout(ask, pause * (0.75 + Math.random() / 2));
    }
  }

  listen();
  window.addEventListener("online", listen);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source.readyState === EventSource.CLOSED) listen();
  });
}
