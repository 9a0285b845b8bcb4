/** The page as a browser holds it: what the server rendered, the globals, and its script, run anew for each load. */
import { FakeFormData, FakeStyleSheet, look, makeDocument, press, watchToasts } from "./parts/document.js";
import { FakeHTMLElement, customElementsOf, element } from "./dom.js";
import { Clock, fakeWebSocket } from "./fakes.js";
import { Program } from "./program.js";

const PAGE_SIZE = 50;
const program = new Program();

/** The document that the server renders in its present state. */
function render({ listed, state, user }, more) {
  const rows = listed.slice(0, PAGE_SIZE).map((row) => ({ ...row, created: "2026-11-22T10:00:00Z" }));
  const older = listed.length > rows.length ? `/?before=${rows.at(-1).seq}` : "";
  return makeDocument({ data: { userKey: user, ...state }, rows, older, through: state.seq, ...more });
}

const WORDS = { notification: "[data-message]", toast: "[data-testid=toast-message]" };
const wordsOf = (element) => element.querySelector(WORDS[element.dataset.testid] ?? WORDS.notification).textContent;

/** One browser with one tab. Only one at a time: the page's modules reach for globals. */
export class Browser {
  clock = new Clock();
  storage = new Map();
  online = true;
  toasts = []; // ids in the order in which they were put up, over all loads of the page
  #server;
  #page;
  #rendered = null;
  #kept = new Map();

  /** @param {object} [page] what its pages are like, for makeDocument */
  constructor(server, random, page = {}) {
    this.#server = server;
    this.#page = page;
    server.since = server.seq;
    this.#kept.set("random", Math.random).set("now", Date.now);
    Math.random = random;
    Date.now = () => this.clock.now;
  }

  /** Asks for the page: it is rendered now, and the present one stays until `load`. */
  request() {
    this.#rendered = render(this.#server, this.#page);
  }

  /** Loads the page (again). What the page before had under way ends on the server, and tells nobody. */
  load() {
    this.window?.fire("pagehide");
    for (const request of this.#server.requests) request.settle = () => {};
    this.clock = Object.assign(new Clock(), { now: this.clock.now });
    this.document = this.#rendered ?? render(this.#server, this.#page);
    this.#rendered = null;
    const { FakeWebSocket, sockets } = fakeWebSocket();
    this.sockets = sockets;
    this.window = element("window", {
      localStorage: {
        getItem: (key) => this.storage.get(key) ?? null,
        setItem: (key, value) => this.storage.set(key, value),
        key: (index) => [...this.storage.keys()][index],
        length: this.storage.size,
      },
    });
    const { clock } = this;
    const every = (callback, ms, timer = {}) => {
      timer.id = clock.setTimeout(() => {
        every(callback, ms, timer);
        callback();
      }, ms);
      return timer;
    };
    this.#install({
      document: this.document,
      window: this.window,
      location: { protocol: "http:", host: "test", hostname: "test" },
      HTMLElement: FakeHTMLElement,
      CSSStyleSheet: FakeStyleSheet,
      customElements: customElementsOf(this.document),
      navigator: Object.defineProperty({}, "onLine", { get: () => this.online }),
      WebSocket: FakeWebSocket,
      fetch: this.#server.fetch,
      AbortSignal: { timeout: () => undefined },
      matchMedia: () => ({ matches: false }),
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      setInterval: every,
      clearInterval: (timer) => clock.clearTimeout(timer?.id),
      FormData: FakeFormData,
      console: { ...console, log() {}, debug() {}, warn() {} },
    });
    this.runScript();
    watchToasts(this.document, ({ dataset }) => dataset.kind === "message" && this.toasts.push(dataset.id));
  }

  /** Runs the page's script, as a <script> does, and once more if it is there twice. */
  runScript() {
    program.run();
  }

  #install(globals) {
    for (const [name, value] of Object.entries(globals)) {
      if (!this.#kept.has(name)) this.#kept.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }

  /** Gives the globals back. */
  leave() {
    Math.random = this.#kept.get("random");
    Date.now = this.#kept.get("now");
    this.#kept.delete("random");
    this.#kept.delete("now");
    for (const [name, descriptor] of this.#kept) {
      if (descriptor === undefined) delete globalThis[name];
      else Object.defineProperty(globalThis, name, descriptor);
    }
  }

  get items() {
    return look(this.document).items;
  }

  /** A click on a button of the item with that index. */
  press(index, action) {
    if (this.items[index]) press(this.document, action, this.items[index].dataset.id);
  }

  pressReadAll() {
    press(this.document, "read");
  }

  /** What a person sees; `older` is where the link to older ones goes on, null without one. */
  get screen() {
    const { items, older, toasts, ...seen } = look(this.document);
    return {
      ...seen,
      rows: items.map((item) => `${item.dataset.seq} ${item.dataset.id} ${item.dataset.read} ${wordsOf(item)}`),
      crowd: toasts.filter(({ dataset }) => dataset.kind === "summary").map((toast) => Number.parseInt(wordsOf(toast), 10)),
      up: toasts.filter(({ dataset }) => dataset.kind === "message").map((toast) => `${toast.dataset.id} ${wordsOf(toast)}`),
      older: !older || older.hidden ? null : Number(new URL(older.href, "http://test").searchParams.get("before")),
    };
  }
}
