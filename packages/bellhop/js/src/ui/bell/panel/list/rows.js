import { showTimes } from "../../../../words/ticking-times.js";
import { n } from "../../../../words/gettext.js";
import { make } from "../../../make.js";
import { makeRow, setRow } from "./row.js";

/** The keys that go from row to row, and by how many; Infinity is the end. */
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** The list of rows. While somebody's hand or focus is in it, what comes waits behind a button that says how many. */
export class Rows {
  element;
  #list;
  #pill;
  #all = [];
  #permalink;
  #canHover = matchMedia("(hover: hover)");

  /**
   * @param {object} does
   * @param {(action: string, id: string) => void} does.act a button of a row was pressed
   * @param {(id: string, event: Event) => void} does.follow the link of a row was followed
   * @param {(id: string) => string | null} does.permalink where a notification without a link of its own is to be read
   */
  constructor({ act, follow, permalink }) {
    this.#permalink = permalink;
    this.#list = make("ul", { part: "panel-list", "data-testid": "panel-list", role: "list" });
    this.#pill = make("button", { part: "panel-pill", type: "button", "data-pill": true, hidden: true });
    this.element = make("div", { part: "panel-rows" }, this.#pill, this.#list);
    this.#pill.addEventListener("click", () => this.#letIn({ andFocus: true }));
    this.#list.addEventListener("click", (event) => {
      const id = event.target.closest("[data-id]")?.dataset.id;
      const button = event.target.closest("[data-do]");
      if (id === undefined) return;
      if (button !== null) act(button.dataset.do, id);
      else if (event.target.closest("a[data-message]")?.hasAttribute("href")) follow(id, event);
    });
    this.#list.addEventListener("keydown", (event) => this.#step(event));
    for (const name of ["pointerleave", "focusout"]) {
      this.#list.addEventListener(name, () => queueMicrotask(() => this.#isHeld() || this.#letIn()));
    }
  }

  /** @param {object[]} all that there is to show, newest first */
  show(all) {
    this.#all = all;
    const waiting = this.#isHeld() ? all.filter(({ id, isGone }) => !isGone && this.#row(id) === undefined && this.#isAbove(id)) : [];
    this.#render(all.filter((one) => !waiting.includes(one)));
    this.#pill.hidden = waiting.length === 0;
    if (waiting.length > 0) this.#pill.textContent = n("{count} new", "{count} new", waiting.length);
  }

  tick() {
    showTimes(this.#list);
  }

  /** Puts the focus on a button of a row, or on what is nearest to it. */
  focus(id, action) {
    const row = this.#row(id);
    const place = row?.querySelector(`[data-do=${action}]`) ?? this.#list.querySelector("[data-message]");
    place?.focus();
  }

  #row(id) {
    return [...this.#list.children].find((row) => row.dataset.id === id);
  }

  /** Whether it would push down what is there. */
  #isAbove(id) {
    const newest = Number(this.#list.firstElementChild?.dataset.seq ?? Infinity);
    return this.#all.find((one) => one.id === id).seq > newest;
  }

  #isHeld() {
    return this.#list.matches(":focus-within") || (this.#canHover.matches && this.#list.matches(":hover"));
  }

  #letIn({ andFocus = false } = {}) {
    if (this.#pill.hidden) return;
    this.#pill.hidden = true;
    this.#render(this.#all);
    if (andFocus) this.#list.querySelector("[data-message]")?.focus();
  }

  #render(rows) {
    const wanted = new Set(rows.map(({ id }) => id));
    for (const row of [...this.#list.children]) if (!wanted.has(row.dataset.id)) this.#remove(row);
    rows.forEach((one, index) => {
      const row = this.#row(one.id) ?? makeRow(one);
      setRow(row, one, this.#permalink);
      // What is in its place stays there: moved, it would lose the focus.
      const there = this.#list.children[index] ?? null;
      if (there !== row) this.#list.insertBefore(row, there);
    });
    this.tick();
  }

  #remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const hadFocus = row.matches(":focus-within");
    row.remove();
    if (hadFocus) next?.querySelector("[data-message]").focus();
  }

  #step(event) {
    const by = STEPS[event.key];
    const rows = [...this.#list.children];
    const at = rows.findIndex((row) => row === event.target.closest("[data-id]"));
    if (by === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    (row.dataset.gone === "true" ? row.querySelector("[data-do=undo]") : row.querySelector("[data-message]")).focus();
    event.preventDefault();
  }
}
