import { logFailure, logNotification } from "../words/console-log.js";
import { ownTimers } from "../net/own-timers.js";
import { Screen } from "../net/tabs/screen.js";
import { missedIn } from "../state/missed.js";
import { ShownMark } from "../state/remember-shown.js";
import { ToastQueue } from "../state/toast-queue.js";
import { ToastSync } from "../state/toast-sync.js";
import { announce } from "./announce.js";

/** How often what was missed is asked for, and milliseconds before it is asked for again; what comes meanwhile waits. */
const ATTEMPTS = 3;
const AGAIN_MS = 2_000;

/**
 * What one person is told of in this tab, by toasts while the screen is this tab's. What comes while it is another one's
 * or nobody's waits, until it is shown, here or there, or read.
 */
export class PersonToasts {
  #queue;
  #sync;
  #screen;
  #shown;
  #shownBefore; // what this browser had shown when this began
  #shownThen; // what it had shown when the last attempt to connect began
  #host;

  /**
   * @param {{key: string, rev: number}} person and up to which changes is known
   * @param {object} host as Person has it
   * @param {(seq?: number) => void} showed tells the other tabs up to where toasts were shown
   */
  constructor({ key, rev }, host, showed) {
    this.#host = host;
    this.#shown = new ShownMark(key, () => window.localStorage);
    this.#shownBefore = this.#shownThen = this.#shown.seq;
    this.#queue = new ToastQueue({
      show: (notification) => host.tell("toast", notification),
      more: (notifications) => host.tell("more", notifications),
      shown: (seq) => {
        this.#raise(seq);
        showed(seq);
      },
      shownUpTo: () => this.#shown.reread(),
    });
    this.#queue.hold();
    this.#sync = new ToastSync({
      rev,
      toasts: {
        told: () => [...host.told(), ...this.#queue.waiting, ...host.desktop.told],
        forget: (isMeant) => {
          this.#queue.forget(isMeant);
          host.desktop.forget(isMeant);
          host.tell("forget", isMeant);
        },
        reword: (notifications) => {
          this.#queue.reword(notifications);
          host.desktop.reword(notifications);
          host.tell("reword", notifications);
        },
      },
      fetchList: host.list,
    });
    this.#screen = new Screen({
      locks: navigator.locks,
      name: `bellhop:1:screen:${key}`,
      timers: ownTimers,
      changed: (isMine) => (isMine ? this.#queue.release() : this.#queue.hold()),
    });
  }

  /** Up to where this browser had shown everything when this began. */
  get shownBefore() {
    return this.#shownBefore;
  }

  /** This tab is to be seen, or not. */
  look() {
    if (document.hidden) this.#screen.back();
    else this.#screen.front(document.hasFocus());
  }

  /** Nothing more is to be shown here. */
  rest() {
    this.#screen.back();
  }

  /** Another tab has shown everything up to seq. */
  shownElsewhere(seq) {
    this.#raise(seq);
    this.#queue.shownElsewhere(seq);
  }

  connecting() {
    this.#shownThen = this.#shown.reread();
  }

  /** Whether the server has gone back behind what was shown: judged as its `ready` comes, before more is shown. */
  isRestored({ seq }) {
    return seq < this.#shownThen;
  }

  ready(frame, isRestored, cursor) {
    // After a restored backup what comes has numbers that were shown before, and was not.
    if (isRestored) {
      this.#shownBefore = 0;
      // Nor may the mark hide from the next page what comes until then.
      this.#shown.reset(Math.min(cursor, frame.seq));
    }
    this.#queue.catchUp(frame.seq);
    return this.#sync.ready(frame);
  }

  beat(frame) {
    return this.#sync.beat(frame);
  }

  changed(frame, isAhead) {
    return this.#sync.changed(frame, isAhead);
  }

  /** A request of this browser's own has changed something. */
  answered(change, answer) {
    return this.#sync.answered(change, answer);
  }

  /** What this browser had shown when this began is told of no more, though it may come once more for the list. */
  arrived(frame) {
    if (!(frame.seq <= this.#shownBefore)) this.#present(frame);
  }

  /**
   * More was missed than the socket replays: the list has it, and the newest of it is told like any other.
   * @param {{seq: number, from: number}} gap
   * @param {() => number} unread as is known by then
   */
  async missed({ seq, from }, unread) {
    const answer = (await this.#newest()) ?? { results: [], unread: unread() };
    if (this.#host.isOver()) return;
    const { results, skipped, seq: upTo } = missedIn(answer, Math.max(from, this.#shownBefore), seq);
    if (seq < from) this.#shown.reset(seq);
    this.#queue.catchUp(seq);
    if (upTo > this.#shown.reread()) this.#queue.skip(skipped, upTo);
    for (const result of results) this.#present(result);
    // Everything up to there has had its chance.
    this.#queue.push({ seq, gone: true });
  }

  /** What the list begins with. Asked for again where that fails: only the answer says what there is to tell. */
  async #newest() {
    for (let attempt = 0; attempt < ATTEMPTS && !this.#host.isOver(); attempt += 1) {
      if (attempt > 0) await new Promise((resolve) => ownTimers.setTimeout(resolve, AGAIN_MS));
      try {
        return await this.#host.list({ limit: 50 });
      } catch (error) {
        logFailure("could not fetch what was missed", error);
      }
    }
    return null;
  }

  #present(frame) {
    logNotification(frame);
    this.#sync.arrived(frame);
    const isWanted = announce("notification", frame, { cancelable: true });
    const isShown = frame.seq <= this.#shown.reread();
    if (isWanted && !isShown && !frame.read && frame.desktop && this.#host.isHolder()) {
      this.#host.desktop.offer(frame, () => this.#screen.isAnyones());
    }
    this.#queue.push(isWanted && frame.toast !== false ? frame : { ...frame, gone: true });
  }

  #raise(seq) {
    if (!Number.isInteger(seq)) return;
    this.#shown.raise(seq);
    this.#host.desktop.forget((notification) => notification.seq <= seq);
  }
}
