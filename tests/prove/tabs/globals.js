/** What a browser adds to the language, for one page: each way into the page's code goes through `page.enter`. */
import { FakeFormData, FakeStyleSheet } from "../../js/support/parts/document.js";
import { FakeHTMLElement, customElementsOf } from "../../js/support/dom.js";
import { words } from "./words.js";

class CustomEvent {
  constructor(type, { detail = null } = {}) {
    this.type = type;
    this.detail = detail;
  }
  preventDefault() {}
}

/** @param {import("./page.js").Page} page */
export function makeGlobals(page) {
  return {
    document: page.document,
    AbortController,
    BroadcastChannel: page.shared.BroadcastChannel,
    window: page.window,
    location: page.gateway.location,
    navigator: { onLine: true, locks: page.shared.locks },
    fetch: (path, options) => fetchFor(page, path, options),
    WebSocket: webSocketFor(page),
    EventTarget: eventTargetFor(page),
    CustomEvent,
    FormData: FakeFormData,
    HTMLElement: FakeHTMLElement,
    CSSStyleSheet: FakeStyleSheet,
    customElements: customElementsOf(page.document),
    queueMicrotask: (work) => queueMicrotask(() => page.enter(work)),
    AbortSignal,
    URL,
    URLSearchParams,
    matchMedia: () => ({ matches: false }),
    console: consoleFor(page),
    ...timersFor(page),
  };
}

function timersFor(page) {
  const start = (timer, isOnce) => (callback, ms) => {
    const id = timer(() => {
      if (isOnce) page.timers.delete(id);
      page.enter(callback);
    }, ms);
    page.timers.add(id);
    return id;
  };
  const stop = (id) => {
    page.timers.delete(id);
    clearTimeout(id);
  };
  return {
    setTimeout: start(setTimeout, true),
    setInterval: start(setInterval, false),
    clearTimeout: stop,
    clearInterval: stop,
  };
}

function consoleFor(page) {
  const complain = (...what) => page.say("error", { text: what.map(words).join(" ") });
  return {
    // logNotification: what the application has taken in hand.
    log: (_name, message, { id, seq }) => page.say("shown", { id, seq, message }),
    debug() {},
    info() {},
    warn: (name, what, error) => {
      // The page catches what nobody foresaw; everything else here is a request that failed.
      if (what === "unexpected") complain(name, what, error);
      else page.say("warning", { text: `${what}: ${error}` });
    },
    error: complain,
  };
}

async function fetchFor(page, path, options) {
  const never = new Promise(() => {});
  let answer;
  try {
    answer = await page.gateway.request(page.device, path, options);
  } catch (error) {
    // After the page's end nothing of it may go on.
    if (page.isGone) return never;
    throw error;
  }
  if (page.isGone) return never;
  const { status, text } = answer;
  if (status >= 300 && status < 400) page.fault(`${path} answered with a redirect, which is not followed here`);
  if (status === 200 && path.endsWith("/summary")) page.tell("began", { since: JSON.parse(text).since });
  return { status, ok: status >= 200 && status < 300, json: async () => JSON.parse(text) };
}

/** What of a frame is reported; one that is no JSON comes as it is. */
function summary(text) {
  try {
    const { type, seq, id, message, rev, unread } = JSON.parse(text);
    return { type, seq, id, message, rev, unread };
  } catch {
    return { type: null, text };
  }
}

function webSocketFor(page) {
  return class WebSocket {
    onopen = null;
    onmessage = null;
    onclose = null;
    #client;

    constructor(url) {
      const socket = page.nextSocket();
      this.#client = page.gateway.socket(page.device, url, {
        opened: () => {
          page.tell("socket", { what: "open", socket });
          page.enter(() => this.onopen?.({}));
        },
        arrived: (text) => page.tell("frame", { ...summary(text), socket }),
        said: (data) => page.enter(() => this.onmessage?.({ data })),
        closed: (code, why) => {
          page.tell("socket", { what: "close", code, ...why, socket });
          page.enter(() => this.onclose?.({ code }));
        },
      });
    }
    close() {
      this.#client.close();
    }
  };
}

/** Of the page's classes only connections are such: the states of the one that it shares are told as it emits them. */
function eventTargetFor(page) {
  return class EventTarget {
    #listeners = [];

    constructor() {
      if (this.constructor.name === "SharedConnection") page.connection = this;
    }
    addEventListener(type, listener) {
      this.#listeners.push([type, listener]);
    }
    dispatchEvent(event) {
      if (event.type === "state" && page.connection === this) page.say("state", event.detail);
      for (const [type, listener] of this.#listeners) if (type === event.type) page.enter(() => listener(event));
      return true;
    }
  };
}
