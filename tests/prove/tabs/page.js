/** One load of the page in one tab: from the document's first script to its end. */
import { element } from "../../js/support/dom.js";
import { look, makeDocument, press, watchToasts } from "../../js/support/parts/document.js";
import { makeGlobals } from "./globals.js";
import { run } from "./realm.js";
import { words } from "./words.js";

/** Pages by the prototype of their realm's promises. */
const owners = new WeakMap();
export const ownerOf = (promise) => owners.get(Object.getPrototypeOf(promise));

export class Page {
  isGone = false;
  connection = null; // the page's own
  timers = new Set();

  /**
   * @param {object} rendered as readPage has it
   * @param {object} tab
   * @param {boolean} tab.isHidden
   * @param {(event: string, fields: object) => void} tab.tell
   * @param {() => number} tab.nextSocket yields a number for each socket of this tab
   */
  constructor(rendered, { gateway, device, isHidden, tell, nextSocket }) {
    Object.assign(this, { gateway, device, tell, nextSocket });
    this.document = makeDocument(rendered);
    Object.assign(this.document, { hidden: isHidden, hasFocus: () => !isHidden });
    // In which zone a page tells its times is nothing to judge.
    Object.defineProperty(this.document, "cookie", { get: () => device.cookie, set() {} });
    this.shared = device.shared.of(this, (work) => this.enter(work));
    const { storage } = device;
    this.window = element("window", {
      localStorage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => storage.set(key, String(value)),
        key: (index) => [...storage.keys()][index],
        length: storage.size,
      },
    });
  }

  start() {
    try {
      run(makeGlobals(this), (promises) => owners.set(promises, this));
      this.#watch();
    } catch (error) {
      this.fault(error);
    }
  }

  /** The tab goes elsewhere: what the page had under way tells nobody any more. */
  leave() {
    this.enter(() => this.window.fire("pagehide"));
    this.isGone = true;
    this.device.shared.close(this);
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  press(action, id) {
    this.enter(() => press(this.document, action, id));
  }

  /** Calls into the page's code; what it throws is reported, as a browser does. */
  enter(work) {
    if (this.isGone) return;
    try {
      work();
    } catch (error) {
      this.fault(error);
    }
  }

  fault(error) {
    this.tell("error", { text: words(error) });
  }

  say(event, fields) {
    if (!this.isGone) this.tell(event, fields);
  }

  get screen() {
    const { items, words: unread, bell, title, isSignedOut } = look(this.document);
    const rows = items.map((item) => ({
      id: item.dataset.id,
      seq: Number(item.dataset.seq),
      read: item.dataset.read === "true",
      message: item.querySelector("[data-message]").textContent,
    }));
    const { state, cursor } = this.connection ?? {};
    return { rows, bell, title, words: unread, signed_out: isSignedOut, state, cursor };
  }

  #watch() {
    const message = (toast) => toast.querySelector("[data-testid=toast-message]");
    const put = (toast) => {
      const text = message(toast).textContent;
      if (toast.dataset.kind === "problem") this.say("notice", { text });
      else this.say("toast", { message: text, kind: toast.dataset.kind });
    };
    const sumUp = (summary) => {
      const tell = (text) => this.say("more", { text, count: Number.parseInt(text, 10) });
      tell(message(summary).textContent);
      follow(message(summary), "textContent", tell);
    };
    watchToasts(this.document, put, sumUp);
    const banner = this.document.querySelector("#signed-out");
    follow(banner, "hidden", (isHidden) => isHidden || this.say("signed-out", { by: "page" }));
  }
}

/** Calls back with each other value that a property is given. */
function follow(target, name, given) {
  let value = target[name];
  Object.defineProperty(target, name, {
    get: () => value,
    set: (next) => {
      if (next === value) return;
      value = next;
      given(next);
    },
  });
}
