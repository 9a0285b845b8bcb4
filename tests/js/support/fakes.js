/** The world around the modules, in the tests' hands: a clock, sockets, a random number. */

// Every browser has it; of Node.js only 19 and newer, and Debian 12 has 18.
globalThis.CustomEvent ??= class CustomEvent extends Event {
  constructor(type, { detail = null, ...options } = {}) {
    super(type, options);
    this.detail = detail;
  }
};

/** Timers that fire only when the test lets time pass. */
export class Clock {
  now = 1_000_000;
  #timers = new Map();
  #next = 1;

  setTimeout = (callback, ms) => {
    this.#timers.set(this.#next, { at: this.now + ms, callback });
    return this.#next++;
  };

  clearTimeout = (id) => this.#timers.delete(id);

  /** How many ms from now the timers are due, soonest first. */
  get due() {
    return [...this.#timers.values()].map(({ at }) => at - this.now).sort((a, b) => a - b);
  }

  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const ready = [...this.#timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (ready.length === 0) break;
      const [id, timer] = ready[0];
      this.#timers.delete(id);
      this.now = timer.at;
      timer.callback();
    }
    this.now = end;
  }

  /** The machine slept: the wall clock went on, the timers did not. */
  sleep(ms) {
    this.now += ms;
    for (const timer of this.#timers.values()) timer.at += ms;
  }
}

/** Stands for the browser's WebSocket; `sockets` lists all that were made, newest last. `enter` runs what comes by one. */
export function fakeWebSocket(enter = (work) => work()) {
  const sockets = [];
  class FakeWebSocket {
    closed = false;
    constructor(url) {
      this.url = url;
      sockets.push(this);
    }
    close() {
      this.closed = true;
    }
    // What the server does:
    says(frame) {
      enter(() => this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) }));
    }
    ends(code) {
      enter(() => this.onclose?.({ code }));
    }
  }
  return { FakeWebSocket, sockets };
}

export const ready = (seq = 0, rev = 0, unread = 0) => ({ type: "ready", seq, rev, unread });

export const notification = (seq, more = {}) => ({
  type: "notification",
  id: `id-${seq}`,
  seq,
  kind: "message",
  message: `message ${seq}`,
  body: "",
  url: "",
  data: {},
  created: "2026-11-22T10:00:00Z",
  read: false,
  ...more,
});

/** Lets promises that are already settled run their callbacks. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
