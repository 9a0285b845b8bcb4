import { logFailure, logResync, logState } from "../words/console-log.js";
import { STATE } from "../net/connection.js";
import { SharedConnection } from "../net/shared-connection.js";
import { UnreadCount } from "../state/bell-unread-count.js";
import { Turns } from "../state/turns.js";
import { announce } from "./announce.js";
import { PersonToasts } from "./person-toasts.js";

/** Milliseconds that a page waits which a form has asked to be left; no page should take longer to come. */
const LEAVING_MS = 5_000;

/**
 * Everything of one person who is signed in, from the summary that told of them to end(): what their socket says, what
 * other tabs of this browser say, what is shown, how many are unread. After end() nothing of it reaches anybody.
 */
export class Person {
  #connection;
  #count;
  #toasts;
  #host;
  #isOver = false;
  #turns = new Turns((error) => logFailure("unexpected", error));

  /**
   * @param {object} summary as the API has it
   * @param {number} rendered up to which seq the page shows what this person has
   * @param {string} socketUrl
   * @param {object} host
   * @param {(name: string, ...what: object[]) => void} host.tell tells the views
   * @param {() => object[]} host.told what the views show as toasts
   * @param {(change: object) => void} host.state the connection's state has changed
   * @param {() => void} host.heard the server was heard
   * @param {() => void} host.over the session has ended, or the socket is somebody else's
   * @param {() => Promise<number>} host.checkSession as Connection asks for it
   * @param {(params: object) => Promise<object>} host.list as Api.list, of this person
   * @param {import("./desktop-notifications.js").DesktopNotifications} host.desktop
   */
  constructor({ user_key: key, seq, rev, unread, seen, since }, rendered, socketUrl, host) {
    this.key = key;
    this.#host = host;
    this.#toasts = new PersonToasts(
      { key, rev },
      { ...host, tell: (...what) => this.#tell(...what), isHolder: () => this.#connection.isHolder, isOver: () => this.#isOver },
      (upTo) => this.#connection.tell({ shown: upTo }),
    );
    this.#count = new UnreadCount({ seq, rev, unread, seen }, (now) => {
      if (now.unread !== undefined) this.#tell("unread", now.unread);
      if (now.seen !== undefined) this.#tell("seen", now.seen);
      announce("unread", { unread: this.unread, seen: this.seen });
    });
    this.#connection = new SharedConnection({
      key,
      url: socketUrl,
      after: Math.max(since, Math.min(this.#toasts.shownBefore, rendered)),
      rev,
      isOnline: () => navigator.onLine,
      isInFront: () => !document.hidden,
      checkSession: host.checkSession,
      browser: { locks: navigator.locks, BroadcastChannel: globalThis.BroadcastChannel },
    });
    this.#listen();
  }

  get unread() {
    return this.#count.count;
  }

  get seen() {
    return this.#count.seen;
  }

  /** Up to where notifications were delivered, and changes are known. */
  get position() {
    return { seq: this.#connection.cursor, rev: this.#count.rev };
  }

  start() {
    this.#toasts.look();
    this.#connection.start();
  }

  stop() {
    this.#toasts.rest();
    this.#connection.stop();
  }

  end() {
    this.#isOver = true;
    this.#host.desktop.clear();
    this.stop();
  }

  /** The tab came to the front, or went to the back. */
  look() {
    this.#toasts.look();
  }

  wake() {
    this.#connection.wake();
  }

  networkChanged() {
    this.#connection.networkChanged();
  }

  /**
   * The page is about to be left by a form: what comes meanwhile waits, for the next page to show it. Shown here it
   * would be gone before it was seen, and nobody would show it again. A page that stays goes on after so long.
   */
  hold() {
    this.#turns.hold(LEAVING_MS);
  }

  /** An answer of the API with counts that are newer than those of before. */
  heard(answer) {
    this.#count.beat(answer);
  }

  /** The server has made a change that was asked for here; `change` is shaped like a `state` frame. */
  changed(change, answer) {
    this.#connection.tell({ change, answer });
    this.#answered(change, answer);
  }

  #answered(change, answer) {
    this.#tell("answered", change, answer);
    this.#toasts.answered(change, answer);
    this.#count.state(answer);
    announce("changed");
  }

  #listen() {
    const on = (name, handle) =>
      this.#connection.addEventListener(name, ({ detail }) => {
        if (this.#isOver) return;
        if (name !== "state" && name !== "told") this.#host.heard();
        handle(detail);
      });
    on("state", (change) => {
      logState(change);
      if (change.state === STATE.CONNECTING) this.#toasts.connecting();
      if (change.state === STATE.SIGNED_OUT) this.#host.over();
      else this.#host.state(change);
    });
    on("ready", (frame) => {
      // Somebody else signed in with this browser: nothing of theirs may appear as this person's.
      if (frame.user_key !== undefined && frame.user_key !== this.key) this.#host.over();
      else this.#readyInTurn(frame);
    });
    on("beat", (frame) =>
      this.#inTurn(() => {
        this.#count.beat(frame);
        this.#tell("beat", frame);
        return this.#toasts.beat(frame);
      }),
    );
    on("sync", (frame) => {
      // As it comes: by the time of its turn more may have come behind it.
      const isAhead = frame.seq > this.#connection.cursor;
      this.#inTurn(() => {
        this.#tell("changed", frame);
        const isDone = this.#toasts.changed(frame, isAhead);
        this.#count.state(frame);
        announce("changed");
        return isDone;
      });
    });
    on("notification", (frame) =>
      this.#inTurn(() => {
        this.#count.notification(frame);
        if (frame.id) this.#tell("arrived", frame);
        this.#toasts.arrived(frame);
      }),
    );
    on("resync", (gap) => {
      logResync(gap);
      this.#tell("resync");
      this.#inTurn(async () => {
        await this.#toasts.missed(gap, () => this.unread);
        if (!this.#isOver) announce("changed");
      });
    });
    on("told", ({ shown, change, answer }) => {
      if (change === undefined) this.#toasts.shownElsewhere(shown);
      else this.#answered(change, answer);
    });
  }

  /**
   * A resync waits for HTTP; what the socket delivers meanwhile is newer and must wait behind it, changes too: one may
   * be about a notification that still waits.
   */
  #inTurn(work) {
    this.#turns.add(() => (this.#isOver ? undefined : work()));
  }

  #readyInTurn(frame) {
    const isRestored = this.#toasts.isRestored(frame);
    const { told } = this.#connection; // now: by its turn more may have been
    this.#inTurn(() => {
      this.#count.ready(frame);
      this.#tell("ready", { ...frame, told });
      announce("changed");
      return this.#toasts.ready(frame, isRestored, this.#connection.cursor);
    });
  }

  /** A queue's timer may fire when all is over. */
  #tell(name, ...what) {
    if (!this.#isOver) this.#host.tell(name, ...what);
  }
}
