import { HANDSHAKE_MS, SILENCE_MS } from "./contract.js";

/** One WebSocket, and how long it may say nothing. When it is over it says so once, and nothing after drop(). */
export class Link {
  #socket;
  #timers;
  #lost;
  #deadline = null; // the handshake's at first, after lives() that of silence
  #lives = false;

  /**
   * Throws where the browser refuses the address.
   * @param {object} options
   * @param {string} options.url
   * @param {typeof WebSocket} options.WebSocket
   * @param {{setTimeout: Function, clearTimeout: Function}} options.timers
   * @param {(data: unknown) => void} options.heard
   * @param {(code?: number) => void} options.lost without a code: it was silent for too long
   */
  constructor({ url, WebSocket, timers, heard, lost }) {
    this.#socket = new WebSocket(url);
    this.#timers = timers;
    this.#lost = lost;
    this.#socket.onmessage = (event) => {
      if (this.#lives) this.#expectWithin(SILENCE_MS);
      heard(event.data);
    };
    this.#socket.onclose = (event) => lost(event.code);
    this.#expectWithin(HANDSHAKE_MS);
  }

  /** The server has said `ready`: from now on it beats. */
  lives() {
    this.#lives = true;
    this.#expectWithin(SILENCE_MS);
  }

  /** Forgets the socket at once: on a half-open link its own close event comes minutes later. */
  drop() {
    this.#timers.clearTimeout(this.#deadline);
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #expectWithin(ms) {
    this.#timers.clearTimeout(this.#deadline);
    this.#deadline = this.#timers.setTimeout(() => this.#lost(undefined), ms);
  }
}
