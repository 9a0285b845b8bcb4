import { ListView } from "../../../../state/list-view.js";

/** Rows in the panel at once. */
export const LIMIT = 10;

/**
 * The newest of the inbox, as far as the panel shows them, newest first. What was archived in this panel keeps its place,
 * as `isGone`, so that nothing moves under a hand and it can be brought back. Knows no DOM.
 */
export class Recent {
  #rows = [];
  #ours = new Set(); // ids of those that were archived here
  #inbox = new ListView();

  get rows() {
    return this.#rows;
  }

  clear() {
    this.#rows = [];
    this.#ours.clear();
  }

  /** Forgets what was put away: the panel is opened anew. */
  sweep() {
    this.#ours.clear();
    this.#rows = this.#rows.filter(({ isGone }) => !isGone);
  }

  /** This panel itself is about to archive it. */
  putAway(id) {
    this.#ours.add(id);
  }

  /** Nothing came of that, or it is taken back. */
  bringBack(id) {
    this.#ours.delete(id);
    this.#rows = this.#rows.map((row) => (row.id === id ? { ...row, isGone: false } : row));
  }

  /** @param {object} answer of the API's list */
  reconcile(answer) {
    const { gone, now } = this.#inbox.compare(answer, this.#rows, true);
    const listed = new Set(now.map(({ id }) => id));
    const others = this.#without(gone).filter(({ id }) => !listed.has(id));
    this.#set([...now, ...others]);
  }

  /** One has arrived. */
  add(notification) {
    if (!this.#rows.some(({ id }) => id === notification.id)) this.#set([notification, ...this.#rows]);
  }

  /**
   * Applies a `state` frame, or what an answer of the API says.
   * @returns {boolean} whether the list has to be fetched: there is room for others, or some have come back
   */
  apply(change) {
    const { gone, read, said, isUnclear } = this.#inbox.follow(change, this.#rows);
    const before = this.#rows.length;
    this.#rows = this.#without(gone).map((row) => ({ ...row, ...said.get(row.id), read: read.get(row.id) ?? row.read }));
    const back = new Set(change.unarchived);
    for (const id of back) if (this.#rows.some((row) => row.id === id)) this.bringBack(id);
    return isUnclear || this.#rows.length < before;
  }

  /** The server knows nothing above seq: a backup has come back. */
  endAt(seq) {
    this.#rows = this.#rows.filter((row) => row.seq <= seq);
  }

  /** Without those, but for what was archived here. */
  #without(gone) {
    return this.#rows
      .filter(({ id }) => !gone.has(id) || this.#ours.has(id))
      .map((row) => (gone.has(row.id) ? { ...row, isGone: true } : row));
  }

  #set(rows) {
    const sorted = rows.toSorted((a, b) => b.seq - a.seq);
    let left = LIMIT;
    // Those that are gone take nobody's place.
    this.#rows = sorted.filter((row) => row.isGone || left-- > 0);
  }
}
