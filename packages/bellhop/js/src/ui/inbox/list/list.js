import { readItem } from "./item.js";
import { Rows } from "./rows.js";

/** A page that stays open for days must not grow for days; what somebody has loaded stays. */
const LIMIT = 200;
/** So many at most: the way on is a page of its own. */
const MOST = 1_000;
const NONE = new Set();

/**
 * The list of notifications on the inbox page: newest first, no id twice. What comes or goes while somebody is at work in
 * it waits (behind the pill), or leaves its place empty, until they are done: nothing moves under a hand.
 */
export class List {
  #rows = new Rows();
  #page;
  #view;
  #placed;
  #hold;
  #pill;
  #waiting = [];
  #hasOlder;
  #limit = LIMIT;
  #changed;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.items holds the rows, as the server rendered them
   * @param {import("./pill.js").Pill} parts.pill
   * @param {import("../page.js").Page} parts.page
   * @param {import("../../../state/list-view.js").ListView} parts.view
   * @param {import("./placed.js").Placed} parts.placed
   * @param {{isHeld: boolean, isTouched: boolean}} parts.hold
   * @param {boolean} parts.hasOlder whether there are others below it
   * @param {(list: List) => void} changed called whenever it has been put in order
   */
  constructor({ items, pill, page, view, placed, hold, hasOlder }, changed) {
    this.#page = page;
    this.#view = view;
    this.#placed = placed;
    this.#hold = hold;
    this.#pill = pill;
    this.#hasOlder = hasOlder;
    this.#changed = changed;
    for (const item of items.querySelectorAll("[data-testid=notification]")) {
      const row = readItem(item);
      this.#rows.put(row);
      placed.adopt(this.#rows.get(row.id), item);
    }
    placed.lay();
  }

  /** Whether nothing stands in it, nor keeps its place. */
  get isBare() {
    return this.#placed.ids.length === 0;
  }

  /** Whether there are others below it. */
  get hasOlder() {
    return this.#hasOlder;
  }

  get isFull() {
    return this.#rows.shown.length >= MOST;
  }

  /** @returns {object[]} what stands in the list, newest first */
  get shown() {
    return this.#rows.shown.filter(({ id }) => this.#placed.has(id));
  }

  /** @returns {{id: string, seq: number}[]} what belongs into it, as ListView takes it */
  get held() {
    return this.#rows.held;
  }

  /** Whether it belongs into the list. */
  holds(id) {
    return this.#rows.get(id)?.isListed ?? false;
  }

  /** @returns {HTMLElement | undefined} the row of that id, if it stands in the list */
  element(id) {
    return this.#placed.element(id);
  }

  /** Whether a row is not yet as that outcome has it. */
  differs(id, outcome) {
    return this.#rows.differs(id, outcome);
  }

  /** A notification arrived. On an older page of the list it has no place. */
  add(notification) {
    if (!this.#page.isNewest) return;
    this.#rows.put(notification);
    this.#order();
  }

  /**
   * @param {object} change that a `state` frame, or the answer to a request of this browser, tells
   * @returns {boolean} whether only the server can say what the list holds now
   */
  apply(change) {
    const { gone, read: meant, said, isUnclear } = this.#view.follow(change, this.held);
    const read = [...meant].filter(([id, isRead]) => this.#rows.get(id).read !== isRead);
    // Most tell that somebody has seen something: nothing to be put in order.
    if (gone.size + read.length + said.size === 0) return isUnclear;
    const [archived, removed] = [change.archived, change.removed].map((ids) => new Set(ids));
    for (const id of gone) this.#rows.drop(id, removed.has(id) ? "removed" : archived.has(id) ? "archived" : "moved");
    for (const [id, isRead] of read) this.#rows.setRead(id, isRead);
    for (const notification of said.values()) this.#rows.reword(notification);
    this.#order();
    return isUnclear;
  }

  /** @param {{isListed?: boolean, read?: boolean}} own which this page asks for: it counts as done until settle() */
  begin(ids, own) {
    this.#rows.begin(ids, own);
    this.#order(new Set(ids));
  }

  settle(ids) {
    this.#rows.settle(ids);
    this.#order(new Set(ids));
  }

  /** The server knows nothing above seq: a backup has come back. */
  endAt(seq) {
    for (const row of this.held) if (row.seq > seq) this.#rows.drop(row.id, "removed");
    this.#order();
  }

  /**
   * Makes the list as the API's answer has it.
   * @param {object} answer
   * @param {Set<string>} asked what the list held when it was asked for: what was loaded below it since is no gap
   */
  reconcile(answer, asked) {
    const floor = answer.next === null ? 0 : answer.results.at(-1).seq;
    const held = this.held.filter(({ id, seq }) => seq >= floor || asked.has(id));
    const { gone, now } = this.#view.compare(answer, held, this.#page.isNewest);
    if (this.#page.isNewest && held.length === this.held.length) this.#hasOlder = answer.next !== null;
    for (const id of gone) this.#rows.drop(id);
    for (const notification of now) this.#rows.put(notification);
    this.#order();
  }

  /**
   * Older ones, which follow upon the last.
   * @returns {string[]} their ids
   */
  append({ results, next }) {
    const ids = results.map(({ id }) => id);
    for (const result of results) this.#rows.put(result);
    this.#hasOlder = next !== null;
    this.#limit = Math.max(this.#limit, this.held.length);
    this.#order(new Set(ids));
    return ids;
  }

  /**
   * What has waited is shown.
   * @returns {string[]} their ids, newest first
   */
  release() {
    const waiting = this.#waiting;
    this.#order(NONE, true);
    return waiting.map(({ id }) => id);
  }

  clear() {
    this.#rows.clear();
    this.#hasOlder = false;
    this.#order(NONE, true);
  }

  /** Nobody is at work in it any more: what has left gives its place up, and what has waited comes if it will be seen. */
  settleDown() {
    this.#order();
  }

  /** @param {Set<string>} own what this page has asked for itself, which does not wait  @param {boolean} [isForced] */
  #order(own = NONE, isForced = false) {
    const [isFree, mayMove] = [isForced || !this.#hold.isHeld, isForced || !this.#hold.isTouched];
    const all = this.#trim(this.#rows.shown);
    const wanted = new Set(all.map(({ id }) => id));
    for (const id of this.#placed.ids.filter((each) => !wanted.has(each))) {
      this.#placed.leave(id, mayMove || own.has(id), this.#rows.get(id)?.why);
    }
    // Below the last row nothing is there to be moved.
    const lowest = this.#placed.lowestSeq;
    const isNew = ({ id, seq }) => !own.has(id) && !this.#placed.has(id) && seq > lowest;
    this.#waiting = isFree ? [] : all.filter(isNew);
    const waits = new Set(this.#waiting);
    for (const row of all) if (!waits.has(row)) this.#placed.put(row);
    this.#placed.lay();
    this.#rows.forget((id) => this.#placed.has(id));
    this.#pill.show(this.#waiting.length);
    this.#changed(this);
  }

  #trim(rows) {
    for (const { id } of rows.slice(this.#limit)) this.#rows.drop(id);
    this.#hasOlder ||= rows.length > this.#limit;
    return rows.slice(0, this.#limit);
  }
}
