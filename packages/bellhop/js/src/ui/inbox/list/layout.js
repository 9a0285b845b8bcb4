import { n } from "../../../words/gettext.js";
import { dayOf, headingOf } from "./days.js";

/** The id of a day's heading, as the server writes it. */
const headingId = (day) => `bellhop-day-${day}`;

/**
 * Puts rows under the headings of their days, newest first, and those of one thread of one day together under the newest
 * of them. What is in its place already is not touched, so that nothing loses the focus, and no animation begins anew.
 */
export class Layout {
  #root;
  #templates;
  #zone;
  #days = new WeakMap(); // row's element → {created, day}

  /**
   * @param {HTMLElement} root
   * @param {{day: HTMLTemplateElement, thread: HTMLTemplateElement}} templates
   * @param {string} [zone] in which a day begins
   */
  constructor(root, templates, zone) {
    this.#root = root;
    this.#templates = templates;
    this.#zone = zone;
  }

  /**
   * @param {{element: HTMLElement, created: string, thread: string}[]} rows newest first
   * @param {number} now
   */
  lay(rows, now = Date.now()) {
    const before = new Map([...this.#root.children].map((section) => [section.dataset.day, section]));
    const sections = groups(rows, (row) => this.#dayOf(row)).map(([day, ofDay]) => {
      const section = before.get(day) ?? this.#makeDay(day);
      before.delete(day);
      this.#head(section, day, now);
      this.#layDay(section, ofDay);
      return section;
    });
    arrange(this.#root, sections);
  }

  /** Kept: to tell the day of fifty moments takes a browser longer than all else here. */
  #dayOf({ element, created }) {
    if (this.#days.get(element)?.created !== created) this.#days.set(element, { created, day: dayOf(created, this.#zone) });
    return this.#days.get(element).day;
  }

  #layDay(section, rows) {
    const list = section.querySelector("[role=list]");
    const threads = new Map([...section.querySelectorAll("[data-thread]")].filter(isThread).map((one) => [one.dataset.thread, one]));
    const entries = [];
    for (const [thread, rowsOf] of groups(rows, ({ thread }, index) => thread || index)) {
      entries.push(rowsOf[0].element);
      if (rowsOf.length === 1) continue;
      const details = threads.get(thread) ?? this.#makeThread(thread);
      entries.push(placeOf(details));
      this.#fillThread(details, rowsOf.slice(1));
    }
    arrange(list, entries);
  }

  #fillThread(details, rows) {
    const summary = details.querySelector("summary");
    const text = n("{count} earlier update", "{count} earlier updates", rows.length);
    if (summary.textContent !== text) summary.textContent = text;
    arrange(details.querySelector("[role=list]"), rows.map(({ element }) => element));
  }

  #makeDay(day) {
    const section = this.#templates.day.content.firstElementChild.cloneNode(true);
    section.dataset.day = day;
    section.querySelector("h2").setAttribute("id", headingId(day));
    section.querySelector("[role=list]").setAttribute("aria-labelledby", headingId(day));
    return section;
  }

  #makeThread(thread) {
    const place = this.#templates.thread.content.firstElementChild.cloneNode(true);
    const details = place.matches("details") ? place : place.querySelector("details");
    details.dataset.thread = thread;
    return details;
  }

  #head(section, day, now) {
    const heading = section.querySelector("h2");
    const text = headingOf(day, now, this.#zone);
    if (heading.textContent !== text) heading.textContent = text;
  }
}

/** Rows have their thread in the same attribute. */
const isThread = (element) => element.dataset.id === undefined;

/** A thread stands in the list within an element of its own. */
const placeOf = (details) => (details.parentElement?.matches("[role=listitem]") ? details.parentElement : details);

/** @returns {[any, object[]][]} in the order in which the first of each stands */
function groups(rows, keyOf) {
  const found = new Map();
  rows.forEach((row, index) => {
    const key = keyOf(row, index);
    found.set(key, [...(found.get(key) ?? []), row]);
  });
  return [...found];
}

/** Makes these the children of parent, in this order. */
function arrange(parent, wanted) {
  const isWanted = new Set(wanted);
  for (const child of [...parent.children]) if (!isWanted.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}
