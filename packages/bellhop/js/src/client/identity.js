import { logFailure } from "../words/console-log.js";
import { ReconnectBackoff } from "../net/reconnect-backoff.js";

/** For whom the server rendered this document; undefined where it does not say. */
export const owner = () => document.querySelector("[data-bellhop-user]")?.dataset.bellhopUser || undefined;

/** @returns {object | null} what the page itself says of whoever it was rendered for, as the API's summary would */
export function summaryOfPage() {
  const inbox = document.querySelector("bellhop-inbox[data-bellhop-user][data-since][data-csrf]");
  if (inbox === null) return null;
  const { bellhopUser: user_key, csrf: csrf_token, ...counts } = inbox.dataset;
  const [seq, rev, unread, seen, since] = ["seq", "rev", "unread", "seen", "since"].map((name) => Number(counts[name] ?? NaN));
  const isWhole = [seq, rev, unread, since].every((value) => Number.isSafeInteger(value) && value >= 0);
  return isWhole && user_key && csrf_token ? { user_key, csrf_token, seq, rev, unread, seen: seen || 0, since } : null;
}

/**
 * @returns {number} up to where this page shows everything, where its session had no mark yet as it was rendered; else
 *   Infinity. The summary makes a mark, above which tabs tell: what came in between must be told of all the same.
 */
export function seqOfUnmarkedPage() {
  const { bellhopUser, seq, since } = document.querySelector("bellhop-inbox[data-bellhop-user]")?.dataset ?? {};
  return bellhopUser && seq && since === undefined ? Number(seq) : Infinity;
}

/** @returns {string} the CSRF token that the page was rendered with; empty where it says none */
export const tokenOfPage = () => document.querySelector("bellhop-inbox[data-csrf]")?.dataset.csrf ?? "";

/** Finds out who is signed in with this browser: asks again, later and later, while the server does not answer. */
export class Identity {
  #summary;
  #on;
  #asked = 0; // number of the last question: answers to earlier ones are ignored
  #askedAt = -Infinity;
  #backoff = new ReconnectBackoff();
  #retry = null;

  /**
   * @param {() => Promise<object>} summary as Api.summary
   * @param {object} on
   * @param {() => void} on.asks
   * @param {(summary: object) => void} on.found somebody is signed in
   * @param {() => void} on.nobody
   * @param {() => void} on.unknown the server did not answer, and is asked again
   */
  constructor(summary, on) {
    this.#summary = summary;
    this.#on = on;
  }

  /** Whether the question is open, and will be asked again by itself. */
  get isDue() {
    return this.#retry !== null;
  }

  /** Milliseconds since it was asked last. */
  get age() {
    return Date.now() - this.#askedAt;
  }

  async ask() {
    this.forget();
    const question = this.#asked;
    this.#askedAt = Date.now();
    this.#on.asks();
    let answer;
    try {
      answer = await this.#summary();
    } catch (error) {
      if (question === this.#asked) this.#failed(error);
      return;
    }
    if (question !== this.#asked) return;
    this.#backoff.reset();
    this.#on.found(answer);
  }

  /** No answer to an earlier question counts any more, and none is asked again. */
  forget() {
    this.#asked += 1;
    clearTimeout(this.#retry);
    this.#retry = null;
  }

  #failed(error) {
    if (error.status === 401) {
      this.#on.nobody();
      return;
    }
    logFailure("could not ask who is signed in", error);
    this.#retry = setTimeout(() => this.ask(), this.#backoff.next());
    this.#on.unknown();
  }
}
