import { showTimesOfDay } from "../../../words/ticking-times.js";
import { makeItem, setState, setWords } from "./item.js";
import { Layout } from "./layout.js";
import { giveBack, keepPlace } from "./placeholder.js";

/** The rows that stand in the page: those of the server, and those that this page has made. */
export class Placed {
  #elements = new Map();
  #rows = new Map(); // as they were put last: one that has left keeps its place by what it was
  #page;
  #template;
  #layout;

  /**
   * @param {HTMLElement} section
   * @param {HTMLElement} items
   * @param {import("../page.js").Page} page
   */
  constructor(section, items, page) {
    const template = (name) => section.querySelector(`template[data-${name}]`);
    this.#page = page;
    this.#template = template("item");
    this.#layout = new Layout(items, { day: template("day"), thread: template("thread") }, page.zone);
  }

  has(id) {
    return this.#elements.has(id);
  }

  get ids() {
    return [...this.#elements.keys()];
  }

  /** @returns {number} Infinity where there is none */
  get lowestSeq() {
    return Math.min(...[...this.#rows.values()].map(({ seq }) => seq));
  }

  /** @returns {HTMLElement | undefined} */
  element(id) {
    return this.#elements.get(id);
  }

  /** One that the server has rendered. */
  adopt(row, element) {
    this.#elements.set(row.id, element);
    this.#rows.set(row.id, row);
  }

  put(row) {
    let element = this.#elements.get(row.id);
    if (element === undefined) {
      element = makeItem(this.#template, row, this.#page);
      showTimesOfDay(element, Date.now(), this.#page.zone);
      this.#elements.set(row.id, element);
    } else {
      giveBack(element);
      setState(element, row);
      setWords(element, row);
    }
    this.#rows.set(row.id, row);
  }

  /** It has left. @param {boolean} mayMove whether its place goes with it  @param {string} [why] */
  leave(id, mayMove, why) {
    const element = this.#elements.get(id);
    if (!mayMove) {
      keepPlace(element, why, this.#page.view);
      return;
    }
    element.remove();
    this.#elements.delete(id);
    this.#rows.delete(id);
  }

  lay() {
    const rows = [...this.#rows.values()].map((row) => ({ ...row, element: this.#elements.get(row.id) }));
    this.#layout.lay(rows.sort((a, b) => b.seq - a.seq));
  }
}
