/**
 * Keeps the list in step with the server. The list holds every notification up to #seq and reflects every change up
 * to #rev; it is fetched again when, and only when, the server has seen something that this page has not.
 * One request at a time; a need that arises meanwhile is met by one more afterwards.
 */
export class ListSync {
  #seq;
  #rev;
  #fetchList;
  #applyList;
  #work = Promise.resolve();
  #isBusy = false;
  #again = false;
  #stale = false;

  /**
   * @param {object} options
   * @param {number} options.seq and
   * @param {number} options.rev of the page as it was rendered
   * @param {() => Promise<{seq: number, rev: number}>} options.fetchList may reject
   * @param {(answer: {seq: number, rev: number}) => void} options.applyList makes the list as that answer has it
   */
  constructor({ seq, rev, fetchList, applyList }) {
    this.#seq = seq;
    this.#rev = rev;
    this.#fetchList = fetchList;
    this.#applyList = applyList;
  }

  /** Up to where the list holds every notification. */
  get seq() {
    return this.#seq;
  }

  /** Whether an answer of the API is of the moment of which the list is. */
  isAt({ seq, rev }) {
    return seq === this.#seq && rev === this.#rev;
  }

  /**
   * A `notification` frame.
   * @returns {boolean} whether it belongs in the list; false: the list was fetched later, and is newer
   */
  arrived(seq) {
    if (seq <= this.#seq) return false;
    const isGap = seq > this.#seq + 1;
    this.#seq = seq;
    if (isGap) this.refresh();
    return true;
  }

  /**
   * A `state` frame: what changed after `since`.
   * @returns {boolean} whether to apply it; false: the list is further already, and would go back
   */
  changed({ since, seq, rev, reload = false }) {
    if (rev <= this.#rev) return false;
    // It may be about a notification that is still on its way, with what it was before this change.
    if (reload || since > this.#rev || seq > this.#seq) this.refresh();
    else this.#rev = rev;
    return !reload;
  }

  /**
   * A request of this browser was answered; `rev` is that of the change, or the latest if it changed nothing.
   * @param {{rev: number, changed: number}} answer
   * @param {{reload?: boolean, through?: number, isSeen?: boolean}} [change] with `reload` only the server knows what it
   *   has changed; `isSeen`: nothing that a list shows
   * @returns {boolean} whether to apply the change
   */
  answered({ seq, rev, changed }, { reload = false, through = Infinity, isSeen = false } = {}) {
    if (rev <= this.#rev) return false;
    if (isSeen) {
      // What others have changed meanwhile is on its way. Every device that is looked at asks this of everything that
      // comes, most of them for nothing: a list fetched for each would be a storm.
      if (changed > 0 && rev === this.#rev + 1) this.#rev = rev;
      return false;
    }
    // It may be about a notification that is still on its way, with what it was before this change: another tab may have
    // had it already.
    const isAhead = Math.min(seq, through) > this.#seq;
    // One step further is the change itself; more means that others made some.
    if (changed > 0 && rev === this.#rev + 1 && !reload && !isAhead) this.#rev = rev;
    else this.refresh();
    return changed > 0 && !reload;
  }

  /** Up to there was delivered before this list was made, and will not come again. */
  joined({ seq, rev }) {
    if (seq > this.#seq || rev > this.#rev) this.refresh();
  }

  /**
   * `ready`: any difference counts, but for what is about to be told. After a restored backup the server's numbers are
   * the lower ones.
   * @param {{seq: number, rev: number, told?: number}} frame `told`: up to which changes this tab was told before; the
   *   socket tells the rest next
   */
  ready({ seq, rev, told = rev }) {
    const isMissed = rev > this.#rev && told >= rev;
    const isBehind = rev < this.#rev || seq < this.#seq || isMissed;
    // Where we are ahead (also by an answer that overtook this frame) the socket tells the rest once more.
    this.#seq = Math.min(this.#seq, seq);
    this.#rev = Math.min(this.#rev, rev);
    if (isBehind || this.#stale) this.refresh();
  }

  beat({ seq, rev }) {
    if (seq > this.#seq || rev > this.#rev || this.#stale) this.refresh();
  }

  /** Settles, and never rejects, once the list is as the server had it after this call or the attempt failed. */
  refresh() {
    if (this.#isBusy) this.#again = true;
    else this.#work = this.#fetchUntilMet();
    return this.#work;
  }

  async #fetchUntilMet() {
    this.#isBusy = true;
    do {
      this.#again = false;
      const before = this.#rev;
      try {
        const answer = await this.#fetchList();
        const { seq, rev } = answer;
        // In one go with what is known then: an older answer that comes in between would be applied on top.
        this.#applyList(answer);
        // A change that arrived while an older answer was on its way has just been undone.
        if (rev < this.#rev && before < this.#rev) this.#again = true;
        this.#rev = rev;
        this.#seq = Math.max(this.#seq, seq);
        this.#stale = false;
      } catch {
        // The next ready or beat tries again: those come only while there is a connection.
        this.#stale = true;
        this.#again = false;
      }
    } while (this.#again);
    // Here, not in a `finally` of the promise, which runs later: a need that arises in between would not be met.
    this.#isBusy = false;
  }
}
