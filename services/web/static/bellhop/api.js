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

/** @returns {string} the value of one cookie of a `document.cookie` string, "" without it */
export function readCookie(cookies, name) {
  for (const part of cookies.split("; ")) {
    const [key, ...value] = part.split("=");
    if (key === name) return decodeURIComponent(value.join("="));
  }
  return "";
}

/** The JSON API under /api/notifications/, as the signed-in user. Every method may reject with ApiError. */
export class Api {
  #fetch;
  #cookies;

  /** @param {{fetch?: typeof fetch, cookies: () => string}} options cookies yields `document.cookie` */
  constructor({ fetch = (...args) => globalThis.fetch(...args), cookies }) {
    this.#fetch = fetch;
    this.#cookies = cookies;
  }

  /** @returns {Promise<{results: object[], seq: number, rev: number, unread: number, next: string | null}>} */
  list(params = {}) {
    return this.#request("GET", `?${new URLSearchParams(params)}`);
  }

  /** @returns {Promise<{seq: number, rev: number, unread: number}>} */
  summary() {
    return this.#request("GET", "summary");
  }

  /**
   * @param {"read" | "unread" | "archive"} action
   * @param {{ids: string[]} | {through: number}} what
   * @returns {Promise<{rev: number, unread: number, changed: number}>}
   */
  mark(action, what) {
    return this.#request("POST", action, what);
  }

  async #request(method, path, body) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      // Read for each request: signing in, in any tab, replaces the token.
      headers["X-CSRFToken"] = readCookie(this.#cookies(), "csrftoken");
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
    return answer;
  }
}
