/** One tab of one browser with the client of its document, and a list, a bell and toasts that draw nothing. */
import { ListSync } from "../../../../packages/bellhop/js/src/state/list-sync.js";
import { ListView } from "../../../../packages/bellhop/js/src/state/list-view.js";
import { element } from "../dom.js";
import { fakeWebSocket } from "../fakes.js";
import { Program, SOURCES } from "../program.js";

const NAMES = ["document", "window", "navigator", "location", "BroadcastChannel", "WebSocket", "fetch", "setTimeout", "clearTimeout"];
const ALL = [...NAMES, "Date", "Math", "AbortSignal", "console", "Notification", "queueMicrotask", "globalThis"];
const program = new Program(new URL("client/client-of-document.js", SOURCES), ALL);

const PAGE_SIZE = 50;
const rowOf = ({ id, seq, read, message, thread }) => ({ id, seq, read, message, thread });

export class Tab {
  isFrozen = false;
  isGone = false;
  isSlow = false; // in the background its timers wait for minutes
  rows = [];
  up = new Map(); // id → what the toast says
  bell = { unread: 0, seen: 0 };
  marks = []; // what was done here: {action, rev}
  #missed = [];

  /** @param {object} browser which it belongs to  @param {object} server  @param {object} filter of its list */
  constructor(browser, server, filter) {
    Object.assign(this, { browser, server, filter });
    const { seq, rev, unread, seen } = server.state;
    this.rows = server.view(filter).slice(0, PAGE_SIZE).map(rowOf);
    const dataset = { bellhopUser: server.user, seq: String(seq), rev: String(rev), unread: String(unread), seen: String(seen) };
    const inbox = element("bellhop-inbox", { dataset: { ...dataset, since: String(server.since), csrf: "token" } });
    this.document = Object.assign(element("document", {}, inbox), { hidden: true, hasFocus: () => !this.document.hidden });
    this.document.dispatchEvent = () => true;
    this.rendered = { seq, rev };
  }

  /** Runs the page's script, as a browser does with a page that has come. */
  load() {
    const { browser, document } = this;
    const { FakeWebSocket, sockets } = fakeWebSocket((work) => this.run(work));
    this.sockets = sockets;
    this.window = element("window", { localStorage: browser.storageOf(this), focus() {} });
    const { locks, BroadcastChannel } = browser.has ? browser.gives(this) : {};
    const { clock } = browser.world;
    const globals = {
      document,
      window: this.window,
      navigator: Object.defineProperty({ locks }, "onLine", { get: () => browser.online }),
      location: { protocol: "http:", host: "test", hostname: "test", assign: (address) => (this.went = address) },
      BroadcastChannel,
      Notification: browser.Notification,
      WebSocket: FakeWebSocket,
      fetch: (...request) => this.#comes(this.server.fetch(...request)),
      setTimeout: (work, ms) => this.#after(clock, work, ms),
      clearTimeout: (timer) => timer && Object.assign(timer, { isOff: true }) && clock.clearTimeout(timer.id),
      Date: { now: () => clock.now },
      Math: Object.assign(Object.create(Math), { random: browser.world.random }),
      AbortSignal: { timeout: () => undefined },
      console: { log() {}, debug() {}, warn: (name, what, error) => what === "unexpected" && browser.world.faults.push(error) },
      queueMicrotask: (work) => (begin = work),
    };
    globals.globalThis = globals;
    let begin;
    this.client = program.run(undefined, globals).clientOfDocument({ api: "/api/", socket: "/ws/" });
    // It begins when all views are there.
    this.client.attach(this.#view());
    begin();
  }

  /** Whatever comes to the tab: a frozen one does it later, one that is gone never, and timers those that have any. */
  run(work, isTimer = false) {
    if (this.isGone || (isTimer && this.isSlow)) return;
    if (this.isFrozen) this.#missed.push(work);
    else work();
  }

  freeze() {
    this.isFrozen = true;
  }

  thaw() {
    this.isFrozen = false;
    for (const work of this.#missed.splice(0)) this.run(work);
  }

  /** It is gone, without a word. */
  kill() {
    this.isGone = true;
    this.browser.shared.close(this);
    for (const socket of this.sockets) socket.closed = true;
  }

  show(isVisible) {
    this.run(() => {
      if (this.document.hidden !== isVisible) return;
      this.document.hidden = !isVisible;
      this.document.fire("visibilitychange");
    });
  }

  /** Somebody presses a button of a row, or another one. */
  press(action, what) {
    this.run(() => {
      this.client.mark(action, what).then(
        ({ rev, changed }) => changed > 0 && this.marks.push({ action, rev }),
        () => {},
      );
    });
  }

  /** A timer that is due in a frozen tab can still be stopped when that runs again. */
  #after(clock, work, ms) {
    const timer = { isOff: false };
    timer.id = clock.setTimeout(() => this.run(() => timer.isOff || work(), true), ms);
    return timer;
  }

  /** @returns {Promise<unknown>} which goes on only in a tab that runs */
  #comes(promise) {
    return new Promise((resolve, reject) =>
      promise.then(
        (value) => this.run(() => resolve(value)),
        (error) => this.run(() => reject(error)),
      ),
    );
  }

  #view() {
    const list = new ListView(this.filter);
    const sync = new ListSync({
      ...this.rendered,
      fetchList: () => list.fetch((params) => this.client.list(params, this.server.user), this.rows, true),
      applyList: (answer) => {
        const { gone, now } = list.compare(answer, this.rows, true);
        this.#put(this.rows.filter(({ id }) => !gone.has(id) && now.every((one) => one.id !== id)).concat(now.map(rowOf)));
      },
    });
    const apply = (change) => {
      const { gone, read, said, isUnclear } = list.follow(change, this.rows);
      const now = (row) => ({ ...row, ...(said.has(row.id) && rowOf({ ...said.get(row.id), read: row.read })) });
      this.#put(this.rows.filter(({ id }) => !gone.has(id)).map((row) => ({ ...now(row), read: read.get(row.id) ?? row.read })));
      if (isUnclear) sync.refresh();
    };
    const arrived = (notification) => {
      if (!sync.arrived(notification.seq)) return;
      const belongs = list.admits(notification);
      if (belongs === null) sync.refresh();
      else if (belongs && this.rows.every(({ id }) => id !== notification.id)) this.#put([...this.rows, rowOf(notification)]);
    };
    return {
      rendered: () => sync.seq,
      joined: (position) => sync.joined(position),
      ready: (frame) => {
        this.#put(this.rows.filter(({ seq }) => seq <= frame.seq));
        sync.ready(frame);
      },
      beat: (frame) => sync.beat(frame),
      changed: (frame) => sync.changed(frame) && apply(frame),
      answered: (change, answer) => sync.answered(answer, change) && apply(change),
      resync: () => sync.refresh(),
      arrived,
      ...this.#bellAndToasts(),
    };
  }

  #put(rows) {
    this.rows = rows.sort((a, b) => b.seq - a.seq);
  }

  #bellAndToasts() {
    return {
      unread: (unread) => (this.bell.unread = unread),
      seen: (seen) => (this.bell.seen = seen),
      toast: (notification) => {
        this.browser.toasted(this, [notification]);
        this.up.set(notification.id, notification);
      },
      more: (notifications) => this.browser.toasted(this, notifications, true),
      told: () => [...this.up.values()],
      forget: (isMeant) => [...this.up.values()].filter(isMeant).forEach(({ id }) => this.up.delete(id)),
      reword: (all) => all.forEach((one) => this.up.has(one.id) && this.up.set(one.id, one)),
    };
  }
}
