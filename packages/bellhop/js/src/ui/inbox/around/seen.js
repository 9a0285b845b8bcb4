/**
 * Milliseconds for which a page must be in front, so that what is on it counts as seen; and at most so many more, mostly
 * few, so that of several devices one tells it and the others hear of it, also where that takes seconds.
 */
const GLANCE_MS = 500;
const LATER_MS = 4_000;

/** Tells the server up to where the newest page of the inbox was in front of somebody. */
export class Seen {
  #mark;
  #page;
  #list;
  #told;
  #timer = null;

  /**
   * @param {(seq: number) => Promise<unknown>} mark as Client.markSeen
   * @param {import("../page.js").Page} page
   * @param {import("../list/list.js").List} list
   * @param {number} seen as the page was rendered
   */
  constructor(mark, page, list, seen) {
    this.#page = page;
    this.#mark = mark;
    this.#list = list;
    this.#told = seen;
  }

  /** The server says so. */
  hear(seen) {
    if (Number.isInteger(seen)) this.#told = Math.max(this.#told, seen);
  }

  /** The list has changed, or the page has come to the front. */
  look() {
    if (document.hidden || this.#newest <= this.#told) return;
    this.#timer ??= setTimeout(() => this.#tell(), GLANCE_MS + LATER_MS * Math.random() ** 2);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  get #newest() {
    return this.#page.isFront ? (this.#list.shown[0]?.seq ?? 0) : 0;
  }

  async #tell() {
    this.#timer = null;
    const [seq, before] = [this.#newest, this.#told];
    if (document.hidden || seq <= before) return;
    this.#told = seq;
    try {
      await this.#mark(seq);
    } catch {
      // Not worth a word: the next one that arrives, or the next look, tells it.
      this.#told = before;
    }
  }
}
