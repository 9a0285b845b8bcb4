/**
 * Fetches the list again when, and only when, the server has seen a change that this page has not.
 * One request at a time; a need that arises meanwhile is met by one more afterwards.
 */
export class Refresher {
  #rev;
  #fetchList;
  #running = null;
  #again = false;
  #stale = false;

  /**
   * @param {object} options
   * @param {number} options.rev of the page as it was rendered
   * @param {() => Promise<{rev: number}>} options.fetchList fetches and applies; may reject
   */
  constructor({ rev, fetchList }) {
    this.#rev = rev;
    this.#fetchList = fetchList;
  }

  /** A `state` frame was applied: the server sends those in order and none is left out. */
  applied(rev) {
    this.#rev = Math.max(this.#rev, rev);
  }

  /** Our own request was answered. One step further is our own change; more means that others made some. */
  answered(rev) {
    if (rev > this.#rev + 1) this.refresh();
    else this.applied(rev);
  }

  /** `ready`: any difference counts, for after a restored backup the server's rev is the lower one. */
  ready(rev) {
    if (rev !== this.#rev || this.#stale) this.refresh();
  }

  beat(rev) {
    if (rev > this.#rev || this.#stale) this.refresh();
  }

  /** Settles, and never rejects, once the list is as the server had it after this call or the attempt failed. */
  refresh() {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#work().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #work() {
    do {
      this.#again = false;
      try {
        const { rev } = await this.#fetchList();
        this.#rev = rev;
        this.#stale = false;
      } catch {
        // The next ready or beat tries again: those come only while there is a connection.
        this.#stale = true;
        this.#again = false;
      }
    } while (this.#again);
  }
}
