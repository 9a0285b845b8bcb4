import { n, t } from "../../../words/gettext.js";

/** The server counts no further. */
const MOST = 100;

/** Milliseconds between two questions, however much happens. */
const CALM_MS = 2_000;

/** As the server writes it: none is not worth a number. */
const shown = (count) => (count >= MOST ? `${MOST - 1}+` : String(count || ""));

/**
 * How many the inbox, its unread ones and the archive hold: in the links to the views, and under the heading. What is
 * certain is counted on; after anything else the server is asked, once things have calmed down and somebody looks.
 */
export class Counts {
  #section;
  #ask;
  #isAt;
  #known = new Map();
  #timer = null;
  #isDue = false;

  /**
   * @param {HTMLElement} section
   * @param {() => Promise<{seq: number, rev: number, counts?: {inbox: number, unread: number, archived: number}}>} ask may
   *   reject
   * @param {(answer: {seq: number, rev: number}) => boolean} isAt whether what is known here is of the moment of that answer
   */
  constructor(section, ask, isAt) {
    this.#section = section;
    this.#ask = ask;
    this.#isAt = isAt;
    for (const [view, place] of this.#places) {
      const said = place.textContent.trim();
      this.#known.set(view, said.endsWith("+") ? MOST : Number(said));
    }
  }

  unread(count) {
    this.#show("unread", count);
    const words = this.#section.querySelector("[data-unread]");
    if (words) words.textContent = count === 0 ? t("All caught up") : n("{count} unread", "{count} unread", count);
  }

  /** So many more are in the inbox, or in the archive. */
  add(view, difference) {
    const before = this.#known.get(view);
    // From a hundred on nobody knows how many there are.
    if (before >= MOST && difference < 0) this.doubt();
    else if (before !== undefined && difference !== 0) this.#show(view, Math.max(0, before + difference));
  }

  /**
   * What a `state` frame tells: of those that the list holds it is certain where they were.
   * @param {object} frame
   * @param {(id: string) => boolean} holds whether the list holds it
   * @param {"inbox" | "unread" | "archived"} view which the list shows
   */
  follow({ archived = [], unarchived = [], removed = [] }, holds, view) {
    const from = view === "archived" ? "archived" : "inbox";
    const moved = (from === "archived" ? unarchived : archived).filter(holds).length;
    const gone = removed.filter(holds).length;
    this.add(from, -moved - gone);
    this.add(from === "archived" ? "inbox" : "archived", moved);
    if ([...archived, ...unarchived, ...removed].some((id) => !holds(id))) this.doubt();
  }

  /** @param {{inbox: number, unread: number, archived: number} | undefined} counts of the API */
  hear(counts) {
    if (counts === undefined) return;
    this.#isDue = false;
    for (const view of ["inbox", "archived"]) if (Number.isInteger(counts[view])) this.#show(view, counts[view]);
  }

  /** Something has changed of which nobody has said how many it were. */
  doubt() {
    this.#isDue = true;
    this.look();
  }

  /** The page may have come to the front. */
  look() {
    if (!this.#isDue || document.hidden || this.#places.size === 0) return;
    this.#timer ??= setTimeout(() => this.#fetch(), CALM_MS);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#isDue = false;
    for (const place of this.#places.values()) place.textContent = "";
    const words = this.#section.querySelector("[data-unread]");
    if (words) words.textContent = "";
  }

  async #fetch() {
    this.#timer = null;
    // What has been fetched meanwhile had counts with it.
    if (!this.#isDue) return;
    this.#isDue = false;
    try {
      const answer = await this.#ask();
      // Else something that it counts, or not, is on its way, and would be counted twice, or never.
      if (this.#isAt(answer)) this.hear(answer.counts);
      else this.doubt();
    } catch {
      // The next change, or the next look, asks again.
      this.#isDue = true;
    }
  }

  #show(view, count) {
    this.#known.set(view, count);
    const place = this.#places.get(view);
    if (place && place.textContent !== shown(count)) place.textContent = shown(count);
  }

  get #places() {
    const links = [...(this.#section.querySelector("[data-views]")?.querySelectorAll("a[data-view]") ?? [])];
    const pairs = links.map((link) => [link.dataset.view, link.querySelector("[data-count]")]);
    return new Map(pairs.filter(([, place]) => place));
  }
}
