import { BrowserLock } from "./browser-lock.js";

/**
 * Milliseconds from being told that the screen is this tab's until it shows anything: by then the tab that had it knows
 * that it has not, and what it showed until then has been heard here.
 */
const HANDOVER_MS = 100;

/**
 * Whose the screen is: of all tabs of one person in this browser that which came to the front last, if it is to be seen.
 * Without Web Locks each tab that is to be seen has one of its own.
 */
export class Screen {
  #lock = null;
  #changed;
  #timers;
  #timer = null;
  #isVisible = false;
  #isMine = false;

  /**
   * @param {object} options
   * @param {LockManager | undefined} options.locks
   * @param {string} options.name of the lock
   * @param {(isMine: boolean) => void} options.changed
   * @param {{setTimeout: Function, clearTimeout: Function}} options.timers
   */
  constructor({ locks, name, changed, timers }) {
    this.#changed = changed;
    this.#timers = timers;
    if (locks === undefined) return;
    this.#lock = new BrowserLock(locks, name, {
      granted: () => (this.#timer = timers.setTimeout(() => this.#set(true), HANDOVER_MS)),
      lost: () => {
        this.#set(false);
        if (this.#isVisible) this.#lock.request();
      },
      refused: () => {
        this.#lock = null;
        this.#set(this.#isVisible);
      },
    });
  }

  get isMine() {
    return this.#isMine;
  }

  /**
   * This tab is to be seen.
   * @param {boolean} hasFocus whether it is the one that somebody uses
   */
  front(hasFocus) {
    this.#isVisible = true;
    if (this.#lock === null) this.#set(true);
    else if (hasFocus) this.#lock.take();
    else this.#lock.request();
  }

  /** This tab is not to be seen any more. */
  back() {
    this.#isVisible = false;
    this.#lock?.release();
    this.#set(false);
  }

  /** @returns {Promise<boolean>} whether any tab of this browser is to be seen */
  async isAnyones() {
    if (this.#lock === null) return this.#isVisible;
    return this.#lock.isAnyones().catch(() => this.#isVisible);
  }

  #set(isMine) {
    this.#timers.clearTimeout(this.#timer);
    if (isMine === this.#isMine) return;
    this.#isMine = isMine;
    this.#changed(isMine);
  }
}
