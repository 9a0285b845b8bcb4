/** The page as a browser holds it: what the server rendered, the globals, and app.js, loaded anew each time. */
import { readFileSync } from "node:fs";
import { element } from "./dom.js";
import { Clock, fakeWebSocket } from "./fakes.js";

const APP = new URL("../../services/web/static/bellhop/app.js", import.meta.url);
const PAGE_SIZE = 50;

/** app.js as a function, to be run for each load. Importing it thousands of times would take minutes. */
async function program() {
  const modules = {};
  const source = readFileSync(APP, "utf8");
  for (const [, from] of source.matchAll(/^import .* from "(.*)";$/gm)) modules[from] = await import(new URL(from, APP));
  return new Function("modules", source.replace(/^import (.*) from (".*");$/gm, "const $1 = modules[$2];")).bind(
    null,
    modules,
  );
}
const runApp = await program();

const input = (name, value = "") => element("input", { name, value });

function item({ id = "", seq = "", read = false } = {}) {
  return element(
    "li",
    { dataset: { id, seq, kind: "message", read: String(read) } },
    element("a", { dataset: { message: "" }, textContent: id }),
    element("p", { dataset: { body: "" } }),
    element("time", { dateTime: "2026-11-22T10:00:00Z" }),
    element("form", { dataset: { mark: "" } }, input("id", id)),
  );
}

function toast() {
  return element(
    "div",
    {},
    element("p", { dataset: { testid: "toast-message" } }),
    element("p", { dataset: { body: "" } }),
    element("a", { dataset: { link: "" }, hidden: true }),
    element("button", { dataset: { dismiss: "" } }),
  );
}

/** The document that the server renders in its present state. */
function render({ listed, state }, since) {
  const rows = listed.slice(0, PAGE_SIZE);
  const hasOlder = listed.length > rows.length;
  const inbox = element(
    "section",
    { id: "inbox", dataset: { url: "/", newest: "true" } },
    element("p", { dataset: { unread: "" } }),
    element("form", { dataset: { mark: "", markAll: "" } }, input("action", "read"), input("through", state.seq)),
    element("ol", { dataset: { items: "" } }, ...rows.map(item)),
    element("div", { dataset: { empty: "" } }),
    element("a", { dataset: { older: "" }, hidden: !hasOlder, href: hasOlder ? `/?before=${rows.at(-1).seq}` : "" }),
    element("template", { content: { firstElementChild: item() } }),
  );
  const numbers = Object.fromEntries(Object.entries({ since, ...state }).map(([name, value]) => [name, String(value)]));
  return element(
    "body",
    {},
    element("div", { id: "bell-data", dataset: { userKey: "key", ...numbers } }),
    element("a", { dataset: { testid: "bell" } }, element("b", { dataset: { testid: "bell-count" } })),
    element("p", { dataset: { testid: "connection" } }, element("b", { dataset: { word: "" } })),
    element("details", { dataset: { menu: "" } }, element("summary")),
    element("div", { id: "toasts", dataset: { listUrl: "/" } }),
    element("template", { id: "toast-template", content: { firstElementChild: toast() } }),
    element("p", { id: "signed-out", hidden: true }),
    inbox,
  );
}

/** One browser with one tab. Only one at a time: the page's modules reach for globals. */
export class Browser {
  clock = new Clock();
  storage = new Map();
  online = true;
  toasts = []; // messages in the order in which they were put up, over all loads of the page
  #server;
  #since;
  #kept = new Map();

  constructor(server, random) {
    this.#server = server;
    this.#since = server.seq;
    this.#kept.set("random", Math.random).set("now", Date.now);
    Math.random = random;
    Date.now = () => this.clock.now;
  }

  /** Loads the page (again). What the page before had under way ends on the server, and tells nobody. */
  load() {
    this.window?.fire("pagehide");
    for (const request of this.#server.requests) request.settle = () => {};
    this.clock = Object.assign(new Clock(), { now: this.clock.now });
    const body = render(this.#server, this.#since);
    const { FakeWebSocket, sockets } = fakeWebSocket();
    this.sockets = sockets;
    this.window = element("window", {
      localStorage: {
        getItem: (key) => this.storage.get(key) ?? null,
        setItem: (key, value) => this.storage.set(key, value),
      },
    });
    const region = body.querySelector("#toasts");
    const append = region.append.bind(region);
    region.append = (put) => {
      if (put.dataset.kind === "message") this.toasts.push(put.querySelector("p").textContent);
      append(put);
    };
    this.document = Object.assign(element("document", {}, body), {
      body,
      activeElement: body,
      cookie: "csrftoken=x",
      title: "Page",
      hidden: false,
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
      location: { protocol: "http:", host: "test" },
      navigator: Object.defineProperty({}, "onLine", { get: () => this.online }),
      WebSocket: FakeWebSocket,
      fetch: this.#server.fetch,
      AbortSignal: { timeout: () => undefined },
      matchMedia: () => ({ matches: false }),
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      setInterval: every,
      clearInterval: (timer) => clock.clearTimeout(timer?.id),
      FormData: class {
        constructor(form) {
          this.get = (name) => form.querySelector(`input[name=${name}]`)?.value ?? null;
        }
      },
      console: { ...console, log() {}, debug() {}, warn() {} },
    });
    runApp();
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

  get #inbox() {
    return this.document.querySelector("#inbox");
  }

  get items() {
    return this.#inbox.querySelector("[data-items]").children;
  }

  /** A click on a button of the item with that index. */
  press(index, action) {
    const form = this.items[index]?.querySelector("form[data-mark]");
    if (form) this.#inbox.fire("submit", { target: form, submitter: { value: action } });
  }

  pressReadAll() {
    this.#inbox.fire("submit", { target: this.#inbox.querySelector("form[data-mark-all]"), submitter: null });
  }

  /** What a person sees; `older` is where the link to older ones goes on, null without one. */
  get screen() {
    const older = this.#inbox.querySelector("[data-older]");
    return {
      rows: this.items.map(({ dataset }) => `${dataset.seq} ${dataset.id} ${dataset.read}`),
      words: this.#inbox.querySelector("[data-unread]").textContent,
      bell: this.document.querySelector("[data-testid=bell-count]").textContent,
      title: this.document.title,
      older: older.hidden ? null : Number(new URL(older.href, "http://test").searchParams.get("before")),
      isSignedOut: !this.document.querySelector("#signed-out").hidden,
    };
  }
}
