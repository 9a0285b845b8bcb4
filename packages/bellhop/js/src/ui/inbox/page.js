/**
 * What a page of the inbox is of, as its element says it: one of three views, of every kind or one, all of it or what a
 * search has found, and in which zone it tells days and times.
 */
export class Page {
  /** @param {DOMStringMap} data of the element  @param {string} [zone] */
  constructor({ view, kind, q, url, newest }, zone) {
    this.view = view || "inbox";
    this.kind = kind || "";
    this.q = q || "";
    this.url = url ?? "";
    this.isNewest = newest === "true";
    this.zone = zone;
  }

  /** Something is left out by a kind or a search. */
  get isNarrow() {
    return this.kind !== "" || this.q !== "";
  }

  /** It begins with the newest of all that there is in the inbox. */
  get isFront() {
    return this.isNewest && this.view === "inbox" && !this.isNarrow;
  }

  /** @param {object} [more] parameters  @returns {string} of a page of the same, with only what is not as it is anyway */
  address(more = {}) {
    const { view, kind, q } = this;
    const query = new URLSearchParams({ ...(view !== "inbox" && { view }), ...(kind && { kind }), ...(q && { q }), ...more });
    return String(query) === "" ? this.url : `${this.url}?${query}`;
  }

  /**
   * What an action makes of a row of this page.
   * @param {"read" | "unread" | "archive" | "unarchive"} action
   * @returns {{read?: boolean, isListed?: boolean}}
   */
  outcome(action) {
    if (action === "archive") return { isListed: this.view === "archived" };
    if (action === "unarchive") return { isListed: this.view !== "archived" };
    const read = action === "read";
    return this.view === "unread" ? { read, isListed: !read } : { read };
  }
}
