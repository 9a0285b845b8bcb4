/** The most the API gives at once. */
const LIMIT = 200;

/**
 * Keeps the toasts, what waits to become one, and what the toast of a crowd counts in step with the server: what was read, put away, withdrawn or worded
 * anew, on whichever device and also while this one was offline. It puts up none. The API is asked only where something
 * was missed while a toast is up. Knows no DOM.
 */
export class ToastSync {
  #rev; // up to which changes were told
  #askedRev; // up to which the API was asked for what was not told
  #aheadTo = 0; // up to which seq a change may have overtaken what it is about
  #isUnsure = false;
  #toasts;
  #fetchList;

  /**
   * @param {object} options
   * @param {number} options.rev where the server stood before the first toast
   * @param {object} options.toasts
   * @param {() => object[]} options.toasts.told the notifications that have a toast, wait for one, or are counted
   * @param {(isMeant: (notification: object) => boolean) => void} options.toasts.forget
   * @param {(notifications: object[]) => void} options.toasts.reword says what these say, where they are told
   * @param {(params: object) => Promise<{results: object[], next: string | null}>} options.fetchList may reject
   */
  constructor({ rev, toasts, fetchList }) {
    this.#rev = this.#askedRev = rev;
    this.#toasts = toasts;
    this.#fetchList = fetchList;
  }

  /**
   * A `state` frame. Settles, and never rejects, as all of these.
   * @param {object} frame
   * @param {boolean} isAhead it may be about a notification that is still on its way
   */
  async changed(frame, isAhead) {
    if (frame.rev <= this.#rev) return; // told before
    const isGap = frame.since > Math.max(this.#rev, this.#askedRev);
    this.#rev = frame.rev;
    this.apply(frame);
    if (isAhead) this.#aheadTo = Math.max(this.#aheadTo, frame.seq);
    if (frame.reload || isGap) await this.#ask();
  }

  /** A notification is about to be told: if a change has overtaken it, with the words of before. */
  arrived({ seq }) {
    if (seq <= this.#aheadTo) this.#isUnsure = true;
  }

  /** A request of this browser's own has changed something; with `reload` only the server knows what. */
  async answered(change, { seq }) {
    this.apply(change);
    // What was on its way then comes with what it was before.
    if (change.through > 0) this.#aheadTo = Math.max(this.#aheadTo, Math.min(change.through, seq));
    if (change.reload) await this.#ask();
  }

  /** What has changed, by a `state` frame or a request of this page's own. */
  apply({ read = [], archived = [], removed = [], through = 0, updated = [] }) {
    const ids = new Set([...read, ...archived, ...removed]);
    if (ids.size > 0 || through > 0) {
      this.#toasts.forget(({ id, seq }) => ids.has(id) || (Number.isInteger(seq) && seq <= through));
    }
    if (updated.length > 0) this.#toasts.reword(updated);
  }

  async beat({ rev }) {
    const isBehind = rev > Math.max(this.#rev, this.#askedRev);
    this.#askedRev = Math.max(this.#askedRev, rev);
    if (isBehind || this.#isUnsure) await this.#ask();
  }

  /** After a restored backup the server's numbers are the lower ones, and what lies above them is gone. */
  async ready({ seq, rev }) {
    this.#toasts.forget((notification) => notification.seq > seq);
    const isRestored = rev < this.#rev;
    this.#rev = Math.min(this.#rev, rev);
    this.#askedRev = Math.min(this.#askedRev, rev);
    this.#aheadTo = 0; // what is missed is sent as it is now
    if (isRestored || this.#isUnsure) await this.#ask();
  }

  async #ask() {
    let open = this.#toasts.told().filter(({ id, seq }) => id && Number.isInteger(seq));
    open.sort((a, b) => a.seq - b.seq);
    // Until the answer is here; the next ready or beat tries again.
    this.#isUnsure = true;
    try {
      while (open.length > 0) {
        const { results, next } = await this.#fetchList({ after: open[0].seq - 1, limit: LIMIT });
        const last = next === null ? Infinity : results.at(-1).seq;
        const listed = new Map(results.map((result) => [result.id, result]));
        const gone = open.filter(({ id, seq }) => seq <= last && (listed.get(id)?.read ?? true));
        this.apply({ removed: gone.map(({ id }) => id), updated: results });
        open = open.filter(({ seq }) => seq > last);
      }
      this.#isUnsure = false;
    } catch {
      // It stays unsure.
    }
  }
}
