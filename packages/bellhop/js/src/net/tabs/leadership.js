import { ALIVE_MS, ANSWER_MS, QUIET_MS } from "../contract.js";
import { BrowserLock } from "./browser-lock.js";

/**
 * Which tab of the browser holds the socket: the one with the lock, which says every so often that it is there. Whoever
 * waits takes over from one that lets go, is gone, or has said nothing for so long, asked too: a frozen tab keeps its lock.
 */
export class Leadership {
  #lock;
  #timers;
  #random;
  #on;
  #timer = null;
  #isOn = false;

  /**
   * @param {object} options
   * @param {LockManager} options.locks
   * @param {string} options.name of the lock
   * @param {object} options.on
   * @param {() => void} options.on.leads this tab holds the socket from now on
   * @param {() => void} options.on.follows another one has taken it
   * @param {() => void} options.on.alone there are no locks for this page
   * @param {() => void} options.on.ask asks the one that leads whether it is there
   * @param {() => void} options.on.alive says that this one is
   */
  constructor({ locks, name, timers, random, on }) {
    this.#timers = timers;
    this.#random = random;
    this.#on = on;
    this.#lock = new BrowserLock(locks, name, {
      granted: () => {
        this.active();
        on.leads();
      },
      lost: () => {
        on.follows();
        this.#lock.request();
        this.heard();
      },
      refused: () => {
        this.stop();
        on.alone();
      },
    });
  }

  get isMine() {
    return this.#lock.isHeld;
  }

  start() {
    this.#isOn = true;
    this.#lock.request();
    this.heard();
  }

  stop() {
    this.#isOn = false;
    this.#timers.clearTimeout(this.#timer);
    this.#lock.release();
  }

  /** The tab that leads has said something. */
  heard() {
    if (!this.#isOn || this.isMine) return;
    this.#after(QUIET_MS, () => {
      this.#on.ask();
      // Not all at once: who takes it first is heard by the others.
      this.#after(ANSWER_MS + Math.round(this.#random() * 1_000), () => this.#lock.take());
    });
  }

  /** This tab leads, and has said something. */
  active() {
    if (!this.#isOn) return;
    this.#after(ALIVE_MS, () => {
      this.#on.alive();
      this.active();
    });
  }

  #after(ms, work) {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(work, ms);
  }
}
