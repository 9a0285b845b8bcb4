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
 * The JSON API. Each call may be made `as` somebody, named by their user key: what the session of somebody else
 * answers is an ApiError then. Every method may reject with ApiError.
 */
export class Api {
  #base;
  #fetch;
  #csrfHeader;
  #csrfToken = "";

  /**
   * @param {object} options
   * @param {string} options.base address of the API, which ends with a slash
   * @param {string} [options.csrfHeader] name of the header in which the server expects the token
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ base, csrfHeader, fetch = (...args) => globalThis.fetch(...args) }) {
    this.#base = base;
    this.#csrfHeader = csrfHeader || "X-CSRFToken";
    this.#fetch = fetch;
  }

  /** The token that the page was rendered with; that of a later summary takes its place. */
  set csrfToken(token) {
    this.#csrfToken = token;
  }

  /**
   * @param {object} [params] view, kind, q, thread, before, after, limit, counts
   * @returns {Promise<{results: object[], seq: number, rev: number, unread: number, seen: number, next: string | null}>}
   */
  list(params = {}, as) {
    return this.#request("GET", `?${new URLSearchParams(params)}`, as);
  }

  /** @returns {Promise<{seq: number, rev: number, unread: number, since: number, user_key: string}>} */
  async summary(as) {
    const answer = await this.#request("GET", "summary", as);
    // Not the cookie's: it may be HttpOnly, and a parent domain's cookie of that name comes first in document.cookie.
    this.#csrfToken = answer.csrf_token ?? this.#csrfToken;
    return answer;
  }

  /**
   * @param {"read" | "unread" | "archive" | "unarchive"} action
   * @param {{ids: string[]} | {through: number, view?: string, kind?: string, q?: string} | {rev: number}} what with `rev`
   *   exactly those that the change of that rev has changed: an undo
   * @returns {Promise<{seq: number, rev: number, unread: number, seen: number, changed: number}>}
   */
  mark(action, what, as) {
    return this.#post(action, what, as);
  }

  /** The person has seen everything up to there. @returns {Promise<object>} as mark() */
  markSeen(seq, as) {
    return this.#post("seen", { through: seq }, as);
  }

  preferences(as) {
    return this.#request("GET", "preferences", as);
  }

  /** @param {object} changes any of the fields that preferences() has; it answers as that does */
  setPreferences(changes, as) {
    return this.#post("preferences", changes, as);
  }

  async #post(path, what, as) {
    const body = as ? { ...what, user_key: as } : what;
    try {
      return await this.#request("POST", path, as, body);
    } catch (error) {
      if (error.status !== 403) throw error;
      // Signing in, in any tab, replaces the token; the same person may go on with the new one.
      await this.summary(as);
      return this.#request("POST", path, as, body);
    }
  }

  async #request(method, path, as, body) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      headers[this.#csrfHeader] = this.#csrfToken;
    }
    let response;
    try {
      response = await this.#fetch(this.#base + path, {
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
    if (as && answer.user_key !== undefined && answer.user_key !== as) {
      throw new ApiError(OTHER_USER, "somebody else is signed in");
    }
    return answer;
  }
}
