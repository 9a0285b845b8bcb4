/**
 * How many notifications are unread. The server's own count wins; between two of those each new
 * unread notification adds one.
 */
export class UnreadCount {
  #count;
  #covered; // seq up to which #count already includes everything
  #rev;
  #changed;

  /** @param {{unread: number, seq: number, rev: number}} start where the server stood  @param {(count: number) => void} changed */
  constructor({ unread, seq, rev }, changed = () => {}) {
    this.#count = unread;
    this.#covered = seq;
    this.#rev = rev;
    this.#changed = changed;
  }

  get count() {
    return this.#count;
  }

  /** The rev up to which changes are counted. */
  get rev() {
    return this.#rev;
  }

  /** A `ready` frame: the truth, even where it goes back (a restored backup). */
  ready({ seq, rev, unread }) {
    this.#covered = seq;
    this.#rev = rev;
    this.#set(unread);
  }

  /** A `beat`, or an answer with a seq: may have been counted before something that already reached us. */
  beat({ seq, rev, unread }) {
    if (seq < this.#covered || rev < this.#rev) return;
    this.ready({ seq, rev, unread });
  }

  /** A `state` frame, or the answer to a POST; some carry no seq. */
  state({ seq, rev, unread }) {
    if (rev < this.#rev) return;
    this.#rev = rev;
    if (Number.isInteger(seq)) this.#covered = Math.max(this.#covered, seq);
    this.#set(unread);
  }

  /** A `notification` frame. One that is being caught up was in the count of `ready` already. */
  notification({ seq, read }) {
    if (!Number.isInteger(seq) || seq <= this.#covered) return;
    this.#covered = seq;
    if (!read) this.#set(this.#count + 1);
  }

  #set(count) {
    if (count === this.#count) return;
    this.#count = count;
    this.#changed(count);
  }
}
