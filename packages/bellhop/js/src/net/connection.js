import { ReconnectBackoff } from "./reconnect-backoff.js";
import { CLOSE, FRAME, PROBE_MS, RESTART_SPREAD_MS, SILENCE_MS } from "./contract.js";
import { Delivery } from "./delivery.js";
import { parseFrame } from "./frames.js";
import { Link } from "./link.js";
import { ownTimers } from "./own-timers.js";

/** States of a Connection. CLOSED and SIGNED_OUT are left only by start(). */
export const STATE = Object.freeze({
  CONNECTING: "connecting", // a socket exists and has not said `ready`
  OPEN: "open", // `ready` was heard
  WAITING: "waiting", // no socket; another attempt is due
  OFFLINE: "offline", // as WAITING, and the browser says that it has no network
  SIGNED_OUT: "signed-out", // the server confirmed that the session has ended
  CLOSED: "closed", // not started, or stopped by the caller
});

/**
 * One WebSocket to the notification server, kept alive. It knows nothing of the page.
 *
 * Promises: each saved notification is delivered at most once and in ascending `seq`, over any number
 * of reconnects; there is never more than one socket; nothing is tried after SIGNED_OUT or stop().
 *
 * Events (CustomEvent; `detail` is the server's frame unless stated):
 * `state` {state, previous, code?, delay?} · `ready` · `notification` · `sync` (a state frame) ·
 * `beat` · `resync` {seq, from}, where `from` is the cursor that was left.
 */
export class Connection extends EventTarget {
  #url;
  #delivery;
  #WebSocket;
  #checkSession;
  #isOnline;
  #random;
  #timers;
  #now;
  #backoff;
  #state = STATE.CLOSED;
  #link = null;
  #retryTimer = null;
  #lastHeard = 0;
  #run = 0; // number of the current start(): answers that belong to an earlier one are ignored

  /**
   * @param {object} options
   * @param {string} options.url address without query, ws: or wss:
   * @param {number} [options.after] highest seq that was already delivered
   * @param {number} [options.rev] up to which changes were already told
   * @param {() => Promise<number>} options.checkSession asks whether the session lives and resolves to
   *   the HTTP status; 401 alone means that it has ended; it may reject
   * @param {typeof WebSocket} [options.WebSocket]
   * @param {() => boolean} [options.isOnline] the browser's belief
   * @param {() => number} [options.random] yields [0, 1)
   * @param {{setTimeout: Function, clearTimeout: Function}} [options.timers]
   * @param {() => number} [options.now] wall clock in ms: it must go on while the machine sleeps
   */
  constructor({
    url,
    after = 0,
    rev,
    checkSession,
    WebSocket = globalThis.WebSocket,
    isOnline = () => true,
    random = Math.random,
    timers = ownTimers,
    now = Date.now,
  }) {
    super();
    this.#url = url;
    this.#delivery = new Delivery({ seq: after, rev });
    this.#checkSession = checkSession;
    this.#WebSocket = WebSocket;
    this.#isOnline = isOnline;
    this.#random = random;
    this.#timers = timers;
    this.#now = now;
    this.#backoff = new ReconnectBackoff({ random });
  }

  get state() {
    return this.#state;
  }

  /** Highest seq delivered: what the next connect asks to go on from. */
  get cursor() {
    return this.#delivery.position.seq;
  }

  start() {
    if (this.#state !== STATE.CLOSED && this.#state !== STATE.SIGNED_OUT) return;
    this.#run += 1;
    this.#backoff.reset();
    this.#connect();
  }

  stop() {
    this.#run += 1;
    this.#drop();
    this.#clearRetry();
    this.#setState(STATE.CLOSED);
  }

  /** Something suggests that now is a good moment: the tab came to the front, the network is back. */
  wake() {
    // A timer pending means that an attempt is due; without one the session is being checked.
    if (this.#retryTimer !== null) {
      this.#connect();
    } else if (this.#state === STATE.OPEN && this.#now() - this.#lastHeard > SILENCE_MS) {
      // Timers stand still while a laptop sleeps: the deadline has passed without firing.
      this.#drop();
      this.#connect();
    }
  }

  /** The browser's belief about the network changed. Without one the attempts go on, or the socket is tried. */
  networkChanged() {
    if (this.#isOnline()) this.wake();
    else if (this.#state === STATE.WAITING) this.#setState(STATE.OFFLINE);
    else if (this.#link !== null) this.#probe();
  }

  /** A server on this very machine needs no network: who answers, or is heard meanwhile, keeps the socket. */
  async #probe() {
    const [link, heard] = [this.#link, this.#lastHeard];
    const tooLate = new Promise((resolve) => this.#timers.setTimeout(() => resolve(0), PROBE_MS));
    const status = await Promise.race([this.#checkSession(), tooLate]).catch(() => 0);
    if (status !== 0 || link !== this.#link || heard !== this.#lastHeard || this.#isOnline()) return;
    this.#drop();
    this.#retryIn(this.#backoff.next());
  }

  #connect() {
    this.#clearRetry();
    const { seq, rev } = this.#delivery.position;
    try {
      this.#link = new Link({
        url: `${this.#url}?after=${seq}${rev === undefined ? "" : `&rev=${rev}`}`,
        WebSocket: this.#WebSocket,
        timers: this.#timers,
        heard: (data) => this.#heard(data),
        lost: (code) => this.#lost(code),
      });
    } catch {
      // The browser refused the address itself (policy, mixed content): soon again is no use.
      this.#retryIn(this.#backoff.slow());
      return;
    }
    this.#setState(STATE.CONNECTING);
  }

  #heard(data) {
    this.#lastHeard = this.#now();
    const frame = parseFrame(data);
    if (frame === null) return;
    if (frame.type === FRAME.READY) {
      // A socket says it once: of a second one nobody knows when it was true.
      if (this.#state === STATE.OPEN) return;
      this.#backoff.reset();
      this.#link.lives();
      this.#setState(STATE.OPEN);
    }
    const news = this.#delivery.take(frame);
    if (news !== null) this.#emit(...news);
  }

  #lost(code) {
    const wasOpen = this.#state === STATE.OPEN;
    this.#drop();
    switch (code) {
      case CLOSE.NO_SESSION:
        this.#askForSession(code);
        break;
      case CLOSE.BAD_FRAME:
      case CLOSE.UNKNOWN_PATH:
        this.#retryIn(this.#backoff.slow(), code);
        break;
      case CLOSE.RESTART:
        // Before `ready` it is a server that does not come up, and gets the growing delays.
        this.#retryIn(wasOpen ? Math.round(this.#random() * RESTART_SPREAD_MS) : this.#backoff.next(), code);
        break;
      default:
        this.#retryIn(this.#backoff.next(), code);
    }
  }

  async #askForSession(code) {
    const run = this.#run;
    this.#setState(STATE.WAITING, { code });
    let status = 0;
    try {
      status = await this.#checkSession();
    } catch {
      // No answer is no proof: only a server's own 401 ends the session here.
    }
    if (run !== this.#run) return;
    if (status === 401) this.#setState(STATE.SIGNED_OUT, { code });
    else this.#retryIn(this.#backoff.next(), code);
  }

  #retryIn(delay, code) {
    this.#clearRetry();
    this.#retryTimer = this.#timers.setTimeout(() => this.#connect(), delay);
    this.#setState(this.#isOnline() ? STATE.WAITING : STATE.OFFLINE, { code, delay });
  }

  #clearRetry() {
    if (this.#retryTimer !== null) this.#timers.clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }

  #drop() {
    this.#link?.drop();
    this.#link = null;
  }

  #setState(state, why = {}) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#emit("state", { state, previous, ...why });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
