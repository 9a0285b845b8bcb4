/** One Web Lock of the browser, as this tab wants it: waited for, held, taken from another tab, taken away. */
export class BrowserLock {
  #locks;
  #name;
  #on;
  #turn = 0; // number of the current request: what an earlier one brings is ignored
  #isWanted = false;
  #isHeld = false;
  #letGo = () => {};
  #waiting = null; // aborts the request

  /**
   * @param {LockManager} locks
   * @param {string} name
   * @param {object} on
   * @param {() => void} on.granted it is this tab's from now on
   * @param {() => void} on.lost another tab has taken it
   * @param {(error: Error) => void} on.refused this page may have none: it is in a sandbox, or being left
   */
  constructor(locks, name, on) {
    this.#locks = locks;
    this.#name = name;
    this.#on = on;
  }

  get isHeld() {
    return this.#isHeld;
  }

  /** Waits for it, behind all who do. */
  request() {
    if (!this.#isWanted) this.#ask(false);
  }

  /** Has it now, whoever holds it. */
  take() {
    if (this.#isHeld) return;
    this.release();
    this.#ask(true);
  }

  /** Lets go of it, and wants it no longer. */
  release() {
    this.#turn += 1;
    this.#isWanted = this.#isHeld = false;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#letGo();
  }

  /** @returns {Promise<boolean>} whether any tab holds it */
  async isAnyones() {
    const { held } = await this.#locks.query();
    return held.some(({ name }) => name === this.#name);
  }

  async #ask(isTheft) {
    const turn = (this.#turn += 1);
    this.#isWanted = true;
    const untilReleased = new Promise((resolve) => (this.#letGo = resolve));
    const waiting = isTheft ? null : new AbortController();
    this.#waiting = waiting;
    try {
      await this.#locks.request(this.#name, isTheft ? { steal: true } : { signal: waiting.signal }, () => {
        if (turn !== this.#turn) return undefined;
        // Holding it, the request cannot be given up any more.
        this.#waiting = null;
        this.#isHeld = true;
        this.#on.granted();
        return untilReleased;
      });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#isWanted = this.#isHeld = false;
      // Also where it was taken before this tab had heard that it has it.
      if (error.name === "AbortError") this.#on.lost();
      else this.#on.refused(error);
    }
  }
}
