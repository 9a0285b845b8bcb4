/** Toasts on screen at once, besides the one that sums up the rest. */
export const TOAST_LIMIT = 4;

/** Milliseconds over which a burst is gathered. The first of a burst is never held back. */
const GATHER_MS = 250;

/**
 * Decides which notifications become toasts: the newest four of a crowd, one summary for the others,
 * and none for what was already read on another device. Knows no DOM.
 */
export class ToastQueue {
  #show;
  #more;
  #shown;
  #timers;
  #pending = [];
  #timer = null;
  #catchUpTo = 0;

  /**
   * @param {object} options
   * @param {(notification: object) => void} options.show puts up one toast
   * @param {(count: number) => void} options.more tells of `count` notifications that get no toast
   * @param {(seq: number) => void} options.shown everything up to seq has had its chance
   * @param {{setTimeout: Function, clearTimeout: Function}} [options.timers]
   */
  constructor({ show, more, shown, timers }) {
    this.#show = show;
    this.#more = more;
    this.#shown = shown;
    this.#timers = timers ?? {
      setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
      clearTimeout: (id) => globalThis.clearTimeout(id),
    };
  }

  /** The connection is ready: what comes up to seq was missed, and is shown together. */
  catchUp(seq) {
    this.#catchUpTo = seq;
  }

  push(notification) {
    this.#pending.push(notification);
    const { seq } = notification;
    if (Number.isInteger(seq) && seq < this.#catchUpTo) this.#flushLater();
    else if (seq === this.#catchUpTo || this.#timer === null) this.#flush();
    // Otherwise a burst is being gathered: its timer takes this one along.
  }

  /** @param {(notification: object) => boolean} isMeant what waits of them gets no toast */
  forget(isMeant) {
    for (const notification of this.#pending) if (isMeant(notification)) notification.gone = true;
  }

  /** `count` notifications will never arrive as frames (a resync): only the summary can tell of them. */
  skip(count) {
    if (count > 0) this.#more(count);
  }

  #flushLater() {
    this.#timer ??= this.#timers.setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush() {
    if (this.#timer !== null) this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#pending;
    if (batch.length === 0) return; // the burst is over: the next one is shown at once
    this.#pending = [];
    const unread = batch.filter(({ read, gone }) => !read && !gone);
    const crowd = unread.slice(0, -TOAST_LIMIT);
    if (crowd.length > 0) this.#more(crowd.length);
    for (const notification of unread.slice(-TOAST_LIMIT)) this.#show(notification);
    const seqs = batch.map(({ seq }) => seq).filter(Number.isInteger);
    if (seqs.length > 0) this.#shown(seqs.at(-1));
    this.#flushLater();
  }
}
