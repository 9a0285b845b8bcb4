/** Whether it stays until it is dismissed, and gives way last. */
export const isHigh = ({ importance }) => importance === "high";

/** Toasts on screen at once, besides the one that sums up the rest. */
export const TOAST_LIMIT = 4;

/** Milliseconds over which a burst is gathered. The first of a burst is never held back. */
const GATHER_MS = 250;

/** So many wait, at most, for the page to come to the front; of older ones it is known only how many they are. */
const WAITING_LIMIT = 200;

/**
 * Decides which notifications become toasts: the newest four of a crowd, those of high importance before all others, one
 * summary for the rest, and none for what was already read on another device. While another tab has the screen, or none,
 * they wait. Knows no DOM.
 */
export class ToastQueue {
  #show;
  #more;
  #shown;
  #shownUpTo;
  #timers;
  #pending = [];
  #timer = null;
  #catchUpTo = 0;
  #isHeld = false;
  #skipped = []; // of those that wait the ones that are not known, as one

  /**
   * @param {object} options
   * @param {(notification: object) => void} options.show puts up one toast
   * @param {(notifications: object[]) => void} options.more tells of notifications that get no toast; `{skipped, seq}`
   *   among them stands for so many, none of them above seq
   * @param {(seq?: number) => void} options.shown everything up to seq has had its chance, and what has no seq
   * @param {() => number} [options.shownUpTo] up to which seq that was so before, here or in another tab
   * @param {{setTimeout: Function, clearTimeout: Function}} [options.timers]
   */
  constructor({ show, more, shown, shownUpTo = () => 0, timers }) {
    this.#show = show;
    this.#more = more;
    this.#shown = shown;
    this.#shownUpTo = shownUpTo;
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
    this.#pending.push({ ...notification });
    const { seq } = notification;
    if (this.#isHeld) this.#bound();
    else if (Number.isInteger(seq) && seq < this.#catchUpTo) this.#flushLater();
    else if (seq === this.#catchUpTo || this.#timer === null) this.#flush();
    // Otherwise a burst is being gathered: its timer takes this one along.
  }

  /** The screen is not this page's: what comes waits. */
  hold() {
    this.#isHeld = true;
    this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The screen is this page's: what waits is shown together. */
  release() {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#flush();
  }

  /** Another tab has shown everything up to seq, and what has no seq: what waits here of that is shown no more. */
  shownElsewhere(seq) {
    if (this.#isHeld) this.#leaveOut((one) => !Number.isInteger(one.seq) || one.seq <= seq);
  }

  /** Those that wait for their toast. */
  get waiting() {
    return toTell(this.#pending);
  }

  /** @param {object[]} notifications what waits of them shall say what these say; whether it gets a toast stays as it is */
  reword(notifications) {
    const byId = new Map(notifications.map((notification) => [notification.id, notification]));
    this.#pending = this.#pending.map((waiting) => {
      const { read, gone, seq } = waiting;
      return waiting.id && byId.has(waiting.id) ? { ...byId.get(waiting.id), seq, read, gone } : waiting;
    });
  }

  /** @param {(notification: object) => boolean} isMeant what waits of them gets no toast */
  forget(isMeant) {
    for (const notification of this.#pending) if (isMeant(notification)) notification.gone = true;
  }

  /** So many notifications up to seq will never arrive as frames (a resync): only the summary can tell of them. */
  skip(count, seq) {
    if (count <= 0) return;
    this.#skipped = [{ skipped: (this.#skipped[0]?.skipped ?? 0) + count, seq }];
    if (!this.#isHeld) this.#more(this.#skipped.splice(0));
  }

  #leaveOut(isShown) {
    this.#pending = this.#pending.filter((one) => !isShown(one));
    this.#skipped = this.#skipped.filter((one) => !isShown(one));
  }

  #bound() {
    if (this.#pending.length <= WAITING_LIMIT) return;
    const oldest = this.#pending.shift();
    if (toTell([oldest]).length > 0 && Number.isInteger(oldest.seq)) this.skip(1, oldest.seq);
  }

  #flushLater() {
    this.#timer ??= this.#timers.setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush() {
    if (this.#timer !== null) this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    // However long it waited here: meanwhile another tab may have had the screen.
    const before = this.#shownUpTo();
    this.#leaveOut((one) => one.seq <= before);
    const batch = this.#pending;
    if (this.#skipped.length > 0) this.#more(this.#skipped.splice(0));
    if (batch.length === 0) return; // the burst is over: the next one is shown at once
    this.#pending = [];
    const unread = toTell(batch);
    const told = newestOf(unread);
    if (told.size < unread.length) this.#more(unread.filter((notification) => !told.has(notification)));
    for (const notification of unread) if (told.has(notification)) this.#show(notification);
    const seqs = batch.map(({ seq }) => seq).filter(Number.isInteger);
    this.#shown(seqs.at(-1));
    this.#flushLater();
  }
}

const toTell = (notifications) => notifications.filter(({ read, gone }) => !read && !gone);

/** @returns {Set<object>} those that get a toast */
function newestOf(notifications) {
  const others = notifications.filter((notification) => !isHigh(notification));
  return new Set([...others, ...notifications.filter(isHigh)].slice(-TOAST_LIMIT));
}
