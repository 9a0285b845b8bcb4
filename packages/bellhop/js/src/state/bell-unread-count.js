/**
 * How many notifications are unread, and up to which the person has seen them. The server's own word wins; between two
 * of those each new unread notification adds one.
 */
export class UnreadCount {
  #count;
  #covered; // seq up to which #count already includes everything
  #rev;
  #seen;
  #changed;

  /**
   * @param {{unread: number, seq: number, rev: number, seen?: number}} start where the server stood
   * @param {(now: {unread?: number, seen?: number}) => void} changed called with what is another one now
   */
  constructor({ unread, seq, rev, seen = 0 }, changed = () => {}) {
    this.#seen = seen;
    this.#count = unread;
    this.#covered = seq;
    this.#rev = rev;
    this.#changed = changed;
  }

  get count() {
    return this.#count;
  }

  /** The highest seq that this person has seen, on whichever device. */
  get seen() {
    return this.#seen;
  }

  /** The rev up to which changes are counted. */
  get rev() {
    return this.#rev;
  }

  /** A `ready` frame: the truth, even where it goes back (a restored backup). */
  ready({ seq, rev, unread, seen }) {
    this.#covered = seq;
    this.#rev = rev;
    this.#set(unread, seen);
  }

  /** A `beat`, or an answer with a seq: may have been counted before something that already reached us. */
  beat({ seq, rev, unread, seen }) {
    if (seq < this.#covered || rev < this.#rev) return;
    this.ready({ seq, rev, unread, seen });
  }

  /** A `state` frame, or the answer to a POST; some carry no seq. */
  state({ seq, rev, unread, seen }) {
    if (rev < this.#rev) return;
    this.#rev = rev;
    if (Number.isInteger(seq)) this.#covered = Math.max(this.#covered, seq);
    this.#set(unread, seen);
  }

  /** A `notification` frame. One that is being caught up was in the count of `ready` already. */
  notification({ seq, read }) {
    if (!Number.isInteger(seq) || seq <= this.#covered) return;
    this.#covered = seq;
    if (!read) this.#set(this.#count + 1);
  }

  /** Of what was seen an older server says nothing. */
  #set(unread, seen = this.#seen) {
    const isOther = [unread !== this.#count, seen !== this.#seen];
    [this.#count, this.#seen] = [unread, seen];
    if (isOther.includes(true)) this.#changed({ ...(isOther[0] && { unread }), ...(isOther[1] && { seen }) });
  }
}
