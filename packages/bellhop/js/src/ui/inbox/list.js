import { idOf, makeItem, seqOf, setRead, setWords } from "./list-item.js";
import { showTimes } from "../../words/ticking-times.js";

/** As many as the server renders on a page. */
const PAGE_SIZE = 50;

/** The most the API gives at once, and so the longest list that one answer can check. */
const LIMIT = 200;

/** The list of notifications on the home page: newest first, no id twice. */
export class List {
  #section;
  #items;
  #template;
  #isNewest;

  constructor(section) {
    this.#section = section;
    this.#items = section.querySelector("[data-items]");
    this.#template = section.querySelector("template");
    this.#isNewest = section.dataset.newest === "true";
    this.#count();
  }

  get element() {
    return this.#section;
  }

  /** A notification arrived. On an older page of the list it has no place. */
  add(notification) {
    if (!this.#isNewest) return;
    this.#insert(notification);
    this.#trim();
    this.#count();
  }

  /** Applies what a `state` frame, or the answer to a request of ours, says has changed. */
  apply({ read = [], unread_ids: unread = [], archived = [], removed = [], through, updated = [] }) {
    const byId = new Map(updated.map((notification) => [notification.id, notification]));
    const [readIds, unreadIds, goneIds] = [new Set(read), new Set(unread), new Set([...archived, ...removed])];
    for (const item of this.#all()) {
      const id = idOf(item);
      if (goneIds.has(id)) item.remove();
      else if (unreadIds.has(id)) setRead(item, false);
      else if (readIds.has(id) || seqOf(item) <= through) setRead(item, true);
      if (byId.has(id)) setWords(item, byId.get(id));
    }
    this.#count();
  }

  /** The server knows nothing above seq: what is there is of a database that a backup has replaced. */
  endAt(seq) {
    for (const item of this.#all()) if (seqOf(item) > seq) item.remove();
    const through = this.#section.querySelector("input[name=through]");
    through.value = Math.min(seq, Number(through.value));
    this.#count();
  }

  /** What to ask the API for, so that its answer covers this page of the list. */
  query() {
    const seqs = this.#all().map(seqOf);
    const limit = Math.min(Math.max(seqs.length, PAGE_SIZE), LIMIT);
    return this.#isNewest || seqs.length === 0 ? { limit } : { limit: seqs.length, before: Math.max(...seqs) + 1 };
  }

  /**
   * Makes the list as the API's answer has it. What lies outside the answer's range stays: items newer than
   * it arrived while it was on its way.
   */
  reconcile({ results, seq, next }) {
    const known = new Map(this.#all().map((item) => [idOf(item), item]));
    const ceiling = this.#isNewest ? seq : Math.max(0, ...this.#all().map(seqOf));
    const floor = next === null ? 0 : Math.min(...results.map((result) => result.seq));
    const listed = new Set(results.map((result) => result.id));
    for (const [id, item] of known) {
      // Below the floor nobody knows: between those and the answer there may be a gap.
      const isKnown = seqOf(item) <= ceiling && (this.#isNewest || seqOf(item) >= floor);
      if (isKnown && !listed.has(id)) item.remove();
    }
    for (const result of results) {
      const item = known.get(result.id);
      if (item !== undefined) {
        setRead(item, result.read);
        setWords(item, result);
      } else if (result.seq <= ceiling) this.#insert(result);
    }
    if (this.#isNewest) this.#leadOn(next !== null);
    this.#trim();
    this.#count();
  }

  #all() {
    return [...this.#items.children];
  }

  #insert(notification) {
    let before = null;
    for (const item of this.#items.children) {
      if (idOf(item) === notification.id) return;
      if (before === null && seqOf(item) < notification.seq) before = item;
    }
    const item = makeItem(this.#template, notification);
    showTimes(item);
    this.#items.insertBefore(item, before);
  }

  /** A page that stays open for days must not grow for days. */
  #trim() {
    if (this.#items.childElementCount <= LIMIT) return;
    while (this.#items.childElementCount > LIMIT) this.#items.lastElementChild.remove();
    this.#leadOn(true);
  }

  /** The link to older ones goes on where the list now ends: the rendered one would skip some. */
  #leadOn(hasOlder) {
    const older = this.#section.querySelector("[data-older]");
    older.hidden = !hasOlder || this.#items.childElementCount === 0;
    if (!older.hidden) older.href = `${this.#section.dataset.url}?before=${seqOf(this.#items.lastElementChild)}`;
  }

  #count() {
    const items = this.#all();
    this.#section.querySelector("[data-empty]").hidden = items.length > 0;
    this.#items.hidden = items.length === 0;
    // "All" means all that this page has shown, not what may be on its way.
    const through = this.#section.querySelector("input[name=through]");
    if (this.#isNewest && items.length > 0) through.value = Math.max(seqOf(items[0]), Number(through.value));
  }

  /** The button for everything makes sense while anything, on whichever page of the list, is unread. */
  showUnread(count) {
    this.#section.querySelector("[data-mark-all]").hidden = count === 0;
    this.#section.querySelector("[data-unread]").textContent = count === 0 ? "All caught up" : `${count} unread`;
  }
}
