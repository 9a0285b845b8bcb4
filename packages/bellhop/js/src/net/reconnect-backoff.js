import { BACKOFF_BASE_MS, BACKOFF_CAP_MS } from "./contract.js";

/**
 * Delays between attempts, in milliseconds: exponential with full jitter, so that the clients of a
 * server that died do not come back in step.
 */
export class ReconnectBackoff {
  #attempt = 0;
  #base;
  #cap;
  #random;

  /** @param {{base?: number, cap?: number, random?: () => number}} options random yields [0, 1) */
  constructor({ base = BACKOFF_BASE_MS, cap = BACKOFF_CAP_MS, random = Math.random } = {}) {
    this.#base = base;
    this.#cap = cap;
    this.#random = random;
  }

  /** The next delay: anything from 0 up to a ceiling that doubles with each call. */
  next() {
    const ceiling = Math.min(this.#cap, this.#base * 2 ** this.#attempt);
    // Counting on beyond the cap would overflow to Infinity in a tab that is left open for weeks.
    if (ceiling < this.#cap) this.#attempt += 1;
    return Math.round(this.#random() * ceiling);
  }

  /** A delay in the upper half of the cap: for refusals that soon trying again cannot cure. */
  slow() {
    return Math.round(this.#cap * (0.5 + this.#random() / 2));
  }

  reset() {
    this.#attempt = 0;
  }
}
