import { API_PATH } from "./contract.js";

/** Longer than the server may take for anything honest; a hung one must not hang the page's buttons. */
const TIMEOUT_MS = 15_000;

/** The server answered with an error, or (status 0) not at all. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** The status of an ApiError when somebody else is signed in by now: nothing was changed, and nothing of theirs is told. */
export const OTHER_USER = 409;

/**
 * The JSON API under /api/notifications/, as the user for whom the page was rendered: what somebody else's session
 * answers is an ApiError. Every method may reject with ApiError.
 */
export class Api {
  #fetch;
  #userKey;
  #csrfToken;

  /**
   * @param {object} options
   * @param {typeof fetch} [options.fetch]
   * @param {string} options.userKey whose page it is
   * @param {string} options.csrfToken as the page has it. Not the cookie's: a parent domain's cookie of that name comes
   *   first in `document.cookie`, and the server reads the last
   */
  constructor({ fetch = (...args) => globalThis.fetch(...args), userKey, csrfToken }) {
    this.#fetch = fetch;
    this.#userKey = userKey;
    this.#csrfToken = csrfToken;
  }

  /** @returns {Promise<{results: object[], seq: number, rev: number, unread: number, next: string | null}>} */
  list(params = {}) {
    return this.#request("GET", `?${new URLSearchParams(params)}`);
  }

  /** @returns {Promise<{seq: number, rev: number, unread: number}>} */
  async summary() {
    const answer = await this.#request("GET", "summary");
    this.#csrfToken = answer.csrf_token ?? this.#csrfToken;
    return answer;
  }

  /**
   * @param {"read" | "unread" | "archive"} action
   * @param {{ids: string[]} | {through: number}} what
   * @returns {Promise<{rev: number, unread: number, changed: number}>}
   */
  async mark(action, what) {
    const body = { ...what, user_key: this.#userKey };
    try {
      return await this.#request("POST", action, body);
    } catch (error) {
      if (error.status !== 403) throw error;
      // Signing in, in any tab, replaces the token; the same person may go on with the new one.
      await this.summary();
      return this.#request("POST", action, body);
    }
  }

  async #request(method, path, body) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      headers["X-CSRFToken"] = this.#csrfToken;
    }
    let response;
    try {
      response = await this.#fetch(API_PATH + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "same-origin",
        cache: "no-store",
        // Following a link marks it as read: the request outlives the page that made it.
        keepalive: body !== undefined,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new ApiError(0, error instanceof Error ? error.message : String(error));
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new ApiError(response.status, answer?.error?.message ?? `HTTP ${response.status}`);
    if (answer === null) throw new ApiError(0, "the answer was no JSON");
    if (answer.user_key !== undefined && answer.user_key !== this.#userKey) {
      throw new ApiError(OTHER_USER, "somebody else is signed in");
    }
    return answer;
  }
}
