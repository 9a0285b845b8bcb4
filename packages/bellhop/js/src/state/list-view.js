/** The most the API gives at once, and so many at a time a list is fetched again. */
const LIMIT = 200;

/** As many as the server renders on a page: a shorter list is filled up to that. */
const PAGE_SIZE = 50;

/** Requests for one look at a list; what is loaded beyond them is let go of. */
const REQUESTS = 10;

/**
 * What of an inbox one list shows (a view, of one kind or all, that a search finds or all), and what follows for it from
 * what changes. What it cannot judge by itself the list has to be fetched for. Knows no DOM.
 *
 * `held` is what the list holds: `{id, seq}` of each.
 */
export class ListView {
  #view;
  #kind;
  #q;

  /** @param {{view?: "inbox" | "unread" | "archived", kind?: string, q?: string}} filter as in the page's address */
  constructor({ view, kind, q } = {}) {
    this.#view = view || "inbox";
    this.#kind = kind || "";
    this.#q = q || "";
  }

  /** The filter as parameters of Api.list, and as part of what Api.mark takes beside `through`. */
  get params() {
    const [view, kind, q] = [this.#view, this.#kind, this.#q];
    return { view, ...(kind && { kind }), ...(q && { q }) };
  }

  /** @returns {boolean | null} whether a notification that arrived belongs here; null: only the server can say */
  admits({ kind, read }) {
    if (this.#view === "archived" || (this.#kind && kind !== this.#kind)) return false;
    if (this.#view === "unread" && read) return false;
    return this.#q ? null : true;
  }

  /**
   * What a `state` frame, or a change that was asked for here, does to this list.
   * @param {object} change shaped like a `state` frame
   * @param {{id: string, seq: number}[]} held
   * @returns {{gone: Set<string>, read: Map<string, boolean>, said: Map<string, object>, isUnclear: boolean}} the ids that
   *   leave it; of those that stay whether they are read by now, and what they say by now; and whether the list must be
   *   fetched, because something belongs here that it does not hold, or nobody but the server can tell
   */
  follow(change, held) {
    const { read = [], unread_ids: unread = [], archived = [], unarchived = [], removed = [], updated = [] } = change;
    const isUnread = this.#view === "unread";
    const gone = new Set([...removed, ...(this.#view === "archived" ? unarchived : archived), ...(isUnread ? read : [])]);
    const through = this.#view === "archived" ? -1 : (change.through ?? -1);
    const [readIds, unreadIds] = [new Set(read), new Set(unread)];
    const nowRead = new Map();
    for (const { id, seq } of held) {
      if (unreadIds.has(id)) nowRead.set(id, false);
      else if (readIds.has(id) || seq <= through) nowRead.set(id, true);
      if (isUnread && nowRead.get(id)) gone.add(id);
    }
    const ids = new Set(held.map(({ id }) => id));
    const joins = { inbox: unarchived, unread: [...unread, ...unarchived], archived }[this.#view];
    const isMissing = joins.some((id) => !ids.has(id) && !gone.has(id));
    return {
      gone: new Set([...gone].filter((id) => ids.has(id))),
      read: new Map([...nowRead].filter(([id]) => !gone.has(id))),
      said: new Map(updated.filter(({ id }) => ids.has(id) && !gone.has(id)).map((now) => [now.id, now])),
      // Other words may be found by a search, or no longer.
      isUnclear: Boolean(change.reload) || isMissing || (this.#q !== "" && updated.length > 0),
    };
  }

  /**
   * Fetches what the list holds, and what belongs in between: one request for each two hundred.
   * @param {(params: object) => Promise<object>} list as Api.list
   * @param {{id: string, seq: number}[]} held
   * @param {boolean} isNewest whether the list begins with the newest of this view
   * @returns {Promise<object>} one answer, as the API has it, of all of them; its rev is the lowest of theirs
   */
  async fetch(list, held, isNewest) {
    const seqs = held.map(({ seq }) => seq);
    const limit = Math.min(Math.max(seqs.length, PAGE_SIZE), LIMIT);
    const from = isNewest || seqs.length === 0 ? {} : { before: Math.max(...seqs) + 1 };
    const whole = await list({ ...this.params, limit, counts: true, ...from });
    const floor = Math.min(...seqs);
    for (let requests = 1; requests < REQUESTS; requests += 1) {
      const { results, next } = whole;
      if (next === null || results.length === 0 || results.at(-1).seq <= floor) break;
      const more = await list({ ...this.params, limit: LIMIT, before: results.at(-1).seq });
      Object.assign(whole, { results: [...results, ...more.results], next: more.next, rev: Math.min(whole.rev, more.rev) });
    }
    return whole;
  }

  /**
   * What the API's answer makes of the list. What lies outside of its range stays: items newer than it arrived while it
   * was on its way.
   * @param {{results: object[], seq: number, next: string | null}} answer of fetch()
   * @param {{id: string, seq: number}[]} held by now
   * @param {boolean} isNewest
   * @returns {{gone: Set<string>, now: object[]}} the ids that leave the list, and what it holds in that range, newest first
   */
  compare({ results, seq, next }, held, isNewest) {
    const ceiling = isNewest ? seq : Math.max(0, ...held.map((item) => item.seq));
    const floor = next === null ? 0 : Math.min(...results.map((result) => result.seq));
    const listed = new Set(results.map(({ id }) => id));
    // Below the floor nobody knows: between those and the answer there may be a gap, which the newest must not have.
    const isKnown = (item) => item.seq <= ceiling && (isNewest || item.seq >= floor);
    return {
      gone: new Set(held.filter((item) => isKnown(item) && !listed.has(item.id)).map(({ id }) => id)),
      now: results.filter((result) => result.seq <= ceiling),
    };
  }
}
