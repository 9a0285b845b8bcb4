/** A bell's panel without a bell, a browser or a server: what it asks of the client is noted, and answered as a test says. */
import { FakeStyleSheet } from "./document.js";
import { FakeElement, element } from "../dom.js";
import { Clock, settle } from "../fakes.js";

const SOURCES = "../../../../packages/bellhop/js/src/";

/** As much of a popover as the panel touches. */
class FakePopover extends FakeElement {
  isConnected = true;
  showPopover() {
    this.fire("beforetoggle", { newState: "open" });
    this.fire("toggle", { newState: "open" });
  }
  hidePopover() {
    this.fire("beforetoggle", { newState: "closed" });
    this.fire("toggle", { newState: "closed" });
  }
  getBoundingClientRect() {
    return { left: 900, right: 944, top: 8, bottom: 52 };
  }
}

export const row = (seq, more = {}) => ({
  id: `id-${seq}`,
  seq,
  kind: "message",
  message: `message ${seq}`,
  url: `/orders/${seq}`,
  read: false,
  created: "2026-11-22T10:00:00Z",
  ...more,
});

/** The client as the panel knows it. */
export class FakeClient {
  asked = []; // [name, ...arguments] of everything that was asked
  rows = [];
  unread = 0;
  seen = 0;
  hasEnded = false;
  standing = { state: "open", since: null };
  doNotDisturb = null;
  desktop = { state: "unsupported" };
  goes = true; // whether the browser follows a link
  fails = new Set(); // names of what fails
  #views = new Set();
  rev = 1;

  attach(view) {
    this.#views.add(view);
  }
  detach(view) {
    this.#views.delete(view);
  }
  tell(name, ...what) {
    for (const view of [...this.#views]) view[name]?.(...what);
  }
  get position() {
    return { seq: Math.max(0, ...this.rows.map(({ seq }) => seq)), rev: this.rev };
  }
  async #ask(name, ...what) {
    this.asked.push([name, ...what]);
    await settle();
    if (this.fails.has(name)) throw new Error(`${name} failed`);
  }
  async list(params) {
    await this.#ask("list", params);
    return { results: this.rows.slice(0, params.limit), next: null, ...this.position, unread: this.unread };
  }
  async mark(action, what) {
    await this.#ask("mark", action, what);
    this.rev += 1;
    const field = { read: "read", unread: "unread_ids", archive: "archived", unarchive: "unarchived" }[action];
    if (action === "archive") this.rows = this.rows.filter(({ id }) => !what.ids.includes(id));
    const answer = { rev: this.rev, changed: 1, unread: this.unread };
    this.tell("answered", what.ids ? { [field]: what.ids } : what, answer);
    return answer;
  }
  async markSeen(seq) {
    await this.#ask("markSeen", seq);
    this.seen = Math.max(this.seen, seq);
  }
  async preferences() {
    await this.#ask("preferences");
    return { do_not_disturb: this.doNotDisturb };
  }
  async setPreferences(changes) {
    await this.#ask("setPreferences", changes);
    this.doNotDisturb = { hour: "2026-11-27T23:00:00Z", morning: "2026-11-28T08:00:00Z" }[changes.do_not_disturb] ?? null;
    return { do_not_disturb: this.doNotDisturb };
  }
  follow(notification) {
    this.asked.push(["follow", notification]);
    return this.goes;
  }
  tellFailure({ message }) {
    this.asked.push(["tellFailure", message]);
  }
}

/** @returns {Promise<object>} a panel that is not open yet, and what a test looks at */
export async function makePanel(context, client = new FakeClient()) {
  const clock = new Clock();
  clock.now = Date.parse("2026-11-27T22:00:00Z");
  const document = Object.assign(element("document", {}), {
    createElement: (tag) => new FakePopover(tag),
    createElementNS: (_, tag) => new FakePopover(tag),
    documentElement: Object.assign(element("html", {}), { clientWidth: 1000, clientHeight: 800 }),
    hidden: false,
    activeElement: null,
  });
  const globals = {
    document,
    window: element("window", {}),
    matchMedia: () => ({ matches: false }),
    getComputedStyle: () => ({ direction: "ltr" }),
    CSSStyleSheet: FakeStyleSheet,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    setInterval: () => 0,
    clearInterval: () => {},
    console: { ...console, warn() {} },
  };
  globals.window.removeEventListener = () => {};
  const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  const { now } = Date;
  context.after(() => {
    Date.now = now;
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) delete globalThis[name];
      else Object.defineProperty(globalThis, name, descriptor);
    }
  });
  Date.now = () => clock.now;
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const { Panel } = await import(`${SOURCES}ui/bell/panel/panel.js`);
  const host = element("bellhop-bell", { href: "/notifications/", preferences: "/notifications/preferences/" });
  const root = Object.assign(host.attachShadow(), { adoptedStyleSheets: [] });
  const button = new FakePopover("button");
  const panel = new Panel({ host, root, button, client });
  const find = (name) => root.querySelector(`[data-testid=panel-${name}]`);
  const items = () => find("list").children;
  const part = (index, name) => items()[index].querySelector(name);
  /** A press on a button of a row, which the list hears. */
  const press = async (index, action) => {
    find("list").fire("click", { target: part(index, `[data-do=${action}]`) });
    await calm();
  };
  const calm = async () => {
    for (let turns = 0; turns < 12; turns += 1) await settle();
  };
  return { panel, client, host, root, button, find, items, part, press, calm, clock, document };
}

/** What each row says: its number, and whether it is read or was put away. */
export const said = (items) =>
  items.map((item) => {
    const { seq, gone, read } = item.dataset;
    if (gone === "true") return `${seq} put away`;
    return `${seq} ${read === "true" ? "read" : "unread"} ${item.querySelector("[data-message]").textContent}`;
  });
