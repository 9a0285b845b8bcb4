import { FRAME } from "./contract.js";

/**
 * Which of a server's frames are news to a page, and how far it is: each saved notification counts once and in ascending
 * `seq`, over any number of sockets. It goes back only where the server does (a restored backup).
 */
export class Delivery {
  #seq;
  #rev;
  #mayGoBack = false; // the server's latest lies below our cursor, and it has not told us from where to go on

  /** @param {{seq: number, rev?: number}} from what was delivered, and up to which changes were told, before */
  constructor({ seq, rev }) {
    this.#seq = seq;
    this.#rev = rev;
  }

  /** @returns {{seq: number, rev: number | undefined}} the highest seq delivered, and up to which changes were told */
  get position() {
    return { seq: this.#seq, rev: this.#rev };
  }

  /**
   * @param {object} frame one that parseFrame lets pass
   * @returns {[string, object] | null} the event that it is to this page, and its detail; null: it is no news
   */
  take(frame) {
    switch (frame.type) {
      case FRAME.READY:
        this.#mayGoBack = frame.seq < this.#seq;
        // Of changes up to there the server tells only now. Lower is a restored backup.
        this.#rev = Math.min(this.#rev ?? frame.rev, frame.rev);
        return ["ready", frame];
      case FRAME.NOTIFICATION:
        return this.#isNext(frame.seq) ? ["notification", frame] : null;
      case FRAME.STATE:
        this.#rev = Math.max(this.#rev ?? 0, frame.rev);
        return ["sync", frame];
      case FRAME.BEAT:
        return ["beat", frame];
      default:
        return this.#goOnFrom(frame.seq);
    }
  }

  #isNext(seq) {
    if (!Number.isInteger(seq)) return true; // an unsaved message
    if (seq <= this.#seq) return false;
    this.#seq = seq;
    return true;
  }

  /** Downwards too, once: after a restored backup our cursor lies above everything that is to come. */
  #goOnFrom(seq) {
    const from = this.#seq;
    if (seq < from && !this.#mayGoBack) return null;
    this.#mayGoBack = false;
    this.#seq = seq;
    return ["resync", { seq, from }];
  }
}
