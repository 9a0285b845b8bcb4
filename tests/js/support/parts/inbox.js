/** An inbox page with the parts of its script, and a server that answers as a test says. */
import { announcerOfDocument } from "../../../../packages/bellhop/js/src/ui/announcer.js";
import { Page } from "../../../../packages/bellhop/js/src/ui/inbox/page.js";
import { makeParts } from "../../../../packages/bellhop/js/src/ui/inbox/parts.js";
import { FakeFormData, FakeStyleSheet, makeDocument } from "./document.js";
import { element } from "../dom.js";
import { Clock, settle } from "../fakes.js";

/** @returns {object} a row with that seq, as the server renders it or the API tells it; times are of 22 November */
export const row = (seq, more = {}) => ({
  ...{ id: `id-${seq}`, seq, kind: "message", message: `message ${seq}`, body: "", url: `/${seq}` },
  ...{ created: "2026-11-22T10:00:00Z", read: false, thread: "", ...more },
});

/** Puts these in the place of what the runtime has, until the test is over. */
export function withGlobals(context, globals) {
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    context.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/**
 * @param {import("node:test").TestContext} context
 * @param {object} page  `rows`, newest first, and whatever makeDocument takes
 * @returns {object} the parts, and what a test does with them
 */
export function open(context, { rows = [], older = "", ...more } = {}) {
  const clock = new Clock();
  clock.now = Date.parse("2026-11-22T18:00:00Z");
  const top = Math.max(0, ...rows.map(({ seq }) => seq));
  const data = { userKey: "key", seq: top, rev: 0, unread: rows.filter(({ read }) => !read).length };
  const document = makeDocument({ data, rows, older, through: top, ...more });
  const stored = new Map();
  const every = (callback, ms, timer = {}) => {
    timer.id = clock.setTimeout(() => {
      every(callback, ms, timer);
      callback();
    }, ms);
    return timer;
  };
  const window = element("window", {
    localStorage: { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) },
    history: {
      state: null,
      replaceState(state) {
        this.state = state;
      },
    },
  });
  withGlobals(context, {
    document,
    window,
    FormData: FakeFormData,
    CSSStyleSheet: FakeStyleSheet,
    navigator: { onLine: true },
    matchMedia: () => ({ matches: true }),
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    setInterval: every,
    clearInterval: (timer) => clock.clearTimeout(timer?.id),
    console: { ...console, warn() {} },
  });
  const realNow = Date.now;
  Date.now = () => clock.now;
  context.after(() => (Date.now = realNow));
  const section = document.querySelector("bellhop-inbox");
  const asked = [];
  const ask = (name) => (...what) => new Promise((resolve, reject) => asked.push({ name, what, resolve, reject }));
  const page = new Page(section.dataset, "UTC");
  const refreshes = [];
  const refresh = () => new Promise((resolve) => refreshes.push(resolve));
  const at = { seq: top, rev: 0 }; // the moment of which the list is
  const isAt = ({ seq, rev }) => seq === at.seq && rev === at.rev;
  const parts = makeParts(section, page, { list: ask("list"), mark: ask("mark"), markSeen: ask("seen"), refresh, isAt });
  const region = announcerOfDocument();
  const items = () => section.querySelectorAll("[data-testid=notification]");
  const find = (selector) => section.querySelector(selector);
  return {
    ...{ ...parts, clock, document, window, section, page, asked, refreshes, stored, items, find, at },
    said: () => region.children.map(({ textContent }) => textContent),
    ids: () => items().map(({ dataset }) => dataset.id),
    /** A click on a row's own button, which has the focus then. */
    press(verb, id) {
      const submitter = items().flatMap((one) => one.querySelectorAll("button[name=one]")).find(({ value }) => value === `${verb}:${id}`);
      submitter.focus();
      section.fire("submit", { target: find("form[data-list-form]"), submitter });
    },
    submit: (selector, submitter = null) => section.fire("submit", { target: find(selector), submitter }),
    /** The server's answer to the oldest question. */
    async answer(given) {
      const { resolve, reject } = asked.shift();
      if (given instanceof Error) reject(given);
      else resolve(given);
      await settle();
    },
    async refreshed() {
      refreshes.shift()();
      await settle();
    },
    /** Somebody points at the list, or no longer. */
    point: (isThere = true) => (find("form[data-list-form]").states = new Set(isThere ? ["hover"] : [])),
  };
}
