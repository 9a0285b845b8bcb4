import { STATE } from "../net/connection.js";

/** Milliseconds without a connection, though the browser has a network, after which it is the server that is away. */
const AWAY_MS = 10_000;

/** The state of a page whose server does not answer. */
export const AWAY = "away";

/** States in which nothing is to be waited for: the good one, and those that only somebody else can end. */
const AT_REST = new Set([STATE.OPEN, STATE.SIGNED_OUT, STATE.CLOSED]);

/**
 * How a page stands, for people: attempts in between are nothing to them, but since when what they see may be out of
 * date is. One of STATE, or AWAY.
 */
export class Standing {
  #state = STATE.CLOSED;
  #current = Date.now(); // what the page shows was known to be current then
  #timer = null;
  #changed;

  /** @param {(standing: {state: string, since: number | null}) => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** `since`: up to when what is shown was known to be current, in ms; null where that is now, or nobody waits for it. */
  get now() {
    return { state: this.#state, since: AT_REST.has(this.#state) ? null : this.#current };
  }

  /** The server was heard. */
  heard() {
    this.#current = Date.now();
  }

  /** @param {string} state of the connection */
  set(state) {
    const next = this.#seen(state);
    const isWaiting = next === STATE.CONNECTING || next === STATE.WAITING;
    if (!isWaiting) {
      clearTimeout(this.#timer);
      this.#timer = null;
    } else this.#timer ??= setTimeout(() => this.#tell(AWAY), AWAY_MS);
    this.#tell(next);
  }

  /** An attempt is news only to who has not waited for one before. */
  #seen(state) {
    if (state === STATE.CONNECTING) {
      if (this.#state === STATE.OPEN) return STATE.WAITING;
      return AT_REST.has(this.#state) ? STATE.CONNECTING : this.#state;
    }
    return state === STATE.WAITING && this.#state === AWAY ? AWAY : state;
  }

  #tell(state) {
    if (state === this.#state) return;
    if (this.#state === STATE.OPEN && AT_REST.has(state)) this.heard();
    this.#state = state;
    this.#changed(this.now);
  }
}
