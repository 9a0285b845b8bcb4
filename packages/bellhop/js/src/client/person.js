import { logFailure, logNotification, logResync, logState } from "../words/console-log.js";
import { Connection, STATE } from "../net/connection.js";
import { missedIn } from "../state/missed.js";
import { ShownMark } from "../state/remember-shown.js";
import { UnreadCount } from "../state/bell-unread-count.js";
import { ToastQueue } from "../state/toast-queue.js";
import { ToastSync } from "../state/toast-sync.js";
import { announce } from "./announce.js";

/** Milliseconds that a page waits which a form has asked to be left; no page should take longer to come. */
const LEAVING_MS = 5_000;

/**
 * Everything of one person who is signed in, from the summary that told of them to end(): what their socket says, what
 * was shown, how many are unread. After end() nothing of it reaches anybody.
 */
export class Person {
  #connection;
  #count;
  #queue;
  #sync;
  #shown;
  #shownBefore;
  #unseen = 0; // up to which seq toasts were put up, seen or not
  #host;
  #isOver = false;
  #isHeld = false;
  #turn = Promise.resolve();

  /**
   * @param {object} summary as the API has it
   * @param {number} rendered up to which seq the page shows what this person has
   * @param {number} shown up to which seq this browser had shown it when the page began
   * @param {string} socketUrl
   * @param {object} host
   * @param {(name: string, ...what: object[]) => void} host.tell tells the views
   * @param {() => object[]} host.told what the views show as toasts
   * @param {(change: object) => void} host.state the connection's state has changed
   * @param {() => void} host.over the session has ended, or the socket is somebody else's
   * @param {() => Promise<number>} host.checkSession as Connection asks for it
   * @param {(params: object) => Promise<object>} host.list as Api.list, of this person
   */
  constructor({ user_key: key, seq, rev, unread, since = seq }, { rendered, shown }, socketUrl, host) {
    this.key = key;
    this.#host = host;
    this.#shown = new ShownMark(key, () => window.localStorage);
    this.#shownBefore = Math.min(shown, this.#shown.seq);
    this.#queue = new ToastQueue({
      show: (notification) => this.#tell("toast", notification),
      more: (notifications) => this.#tell("more", notifications),
      shown: (upTo) => this.#remember(upTo),
    });
    this.#sync = new ToastSync({
      rev,
      toasts: {
        told: () => [...host.told(), ...this.#queue.waiting],
        forget: (isMeant) => {
          this.#queue.forget(isMeant);
          this.#tell("forget", isMeant);
        },
        reword: (notifications) => {
          this.#queue.reword(notifications);
          this.#tell("reword", notifications);
        },
      },
      fetchList: host.list,
    });
    this.#count = new UnreadCount({ seq, rev, unread }, (now) => {
      this.#tell("unread", now);
      announce("unread", { unread: now });
    });
    this.#connection = new Connection({
      url: socketUrl,
      after: Math.max(since, Math.min(this.#shownBefore, rendered)),
      rev,
      isOnline: () => navigator.onLine,
      checkSession: host.checkSession,
    });
    this.#listen();
  }

  get unread() {
    return this.#count.count;
  }

  /** Up to where notifications were delivered, and changes are known. */
  get position() {
    return { seq: this.#connection.cursor, rev: this.#count.rev };
  }

  start() {
    this.#connection.start();
  }

  stop() {
    this.#connection.stop();
  }

  end() {
    this.#isOver = true;
    this.#connection.stop();
  }

  wake() {
    if (!document.hidden) this.#shown.raise(this.#unseen);
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
    if (this.#isHeld) return;
    this.#isHeld = true;
    // From now, however long what is under way still takes.
    const hasLeft = new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
    this.#inTurn(() => hasLeft);
    this.#inTurn(() => {
      this.#isHeld = false;
      // Back from the back/forward cache: the page in between has shown it.
      this.#shownBefore = Math.max(this.#shownBefore, this.#shown.reread());
    });
  }

  /** An answer of the API with counts that are newer than those of before. */
  heard(answer) {
    this.#count.beat(answer);
  }

  /** The server has made a change that was asked for here; `change` is shaped like a `state` frame. */
  changed(change, answer) {
    this.#tell("answered", change, answer);
    this.#sync.apply(change);
    this.#count.state(answer);
    announce("changed");
  }

  #listen() {
    const on = (name, handle) =>
      this.#connection.addEventListener(name, ({ detail }) => this.#isOver || handle(detail));
    on("state", (change) => {
      logState(change);
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
        return this.#sync.beat(frame);
      }),
    );
    on("sync", (frame) => {
      // As it comes: by the time of its turn more may have come behind it.
      const isAhead = frame.seq > this.#connection.cursor;
      this.#inTurn(() => {
        this.#tell("changed", frame);
        const isDone = this.#sync.changed(frame, isAhead);
        this.#count.state(frame);
        announce("changed");
        return isDone;
      });
    });
    on("notification", (frame) => this.#inTurn(() => this.#receive(frame)));
    on("resync", (gap) => {
      logResync(gap);
      this.#tell("resync");
      this.#inTurn(() => this.#recover(gap));
    });
  }

  /**
   * A resync waits for HTTP; what the socket delivers meanwhile is newer and must wait behind it, changes too: one may
   * be about a notification that still waits.
   */
  #inTurn(work) {
    this.#turn = this.#turn
      .then(() => (this.#isOver ? undefined : work()))
      .catch((error) => logFailure("unexpected", error));
  }

  #readyInTurn(frame) {
    // Judged as it comes: by the time of its turn more may have been shown than there was then.
    const isRestored = frame.seq < this.#shownBefore;
    this.#inTurn(() => this.#ready(frame, isRestored));
  }

  #ready(frame, isRestored) {
    // After a restored backup what comes has numbers that were shown before, and was not.
    if (isRestored) {
      this.#shownBefore = 0;
      // Nor may the mark hide from the next page what comes until then.
      this.#shown.reset(Math.min(this.#connection.cursor, frame.seq));
    }
    this.#count.ready(frame);
    this.#queue.catchUp(frame.seq);
    this.#tell("ready", frame);
    announce("changed");
    return this.#sync.ready(frame);
  }

  #receive(frame) {
    this.#count.notification(frame);
    if (frame.id) this.#tell("arrived", frame);
    // What this browser had shown when this began gets no second toast, though it may come once more for the list.
    if (!(frame.seq <= this.#shownBefore)) this.#present(frame);
  }

  #present(frame) {
    logNotification(frame);
    this.#sync.arrived(frame);
    const isWanted = announce("notification", frame, { cancelable: true }) && frame.toast !== false;
    this.#queue.push(isWanted ? frame : { ...frame, gone: true });
  }

  /** More was missed than the socket replays: the list has it, the newest of it is told like any other. */
  async #recover({ seq, from }) {
    // As with #receive: what this browser had shown gets no second toast.
    const after = Math.max(from, this.#shownBefore);
    let missed;
    try {
      missed = missedIn(await this.#host.list({ limit: 50 }), after, seq);
    } catch (error) {
      logFailure("could not fetch what was missed", error);
      missed = missedIn({ results: [], unread: this.unread }, after, seq);
    }
    if (this.#isOver) return;
    this.#queue.catchUp(seq);
    this.#queue.skip(missed.skipped, missed.seq);
    for (const result of missed.results) this.#present(result);
    if (seq < from) this.#shown.reset(seq);
    else this.#remember(seq);
    announce("changed");
  }

  /** Toasts of a tab in the background wait there: the page that is in front may show them, too. */
  #remember(upTo) {
    this.#unseen = upTo;
    if (!document.hidden) this.#shown.raise(upTo);
  }

  /** A queue's timer may fire when all is over. */
  #tell(name, ...what) {
    if (!this.#isOver) this.#host.tell(name, ...what);
  }
}
