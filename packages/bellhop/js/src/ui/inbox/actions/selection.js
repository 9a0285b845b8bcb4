import { n } from "../../../words/gettext.js";

/** Which rows are ticked, and the bar that acts on them. */
export class Selection {
  #form;
  #all;
  #count;
  #last = null;

  /** @param {HTMLElement} form around the list */
  constructor(form) {
    this.#form = form;
    this.#all = form.querySelector("[data-select-all]");
    this.#count = form.querySelector("[data-selected-count]");
    form.addEventListener("change", ({ target }) => {
      if (target === this.#all) for (const box of this.#boxes) box.checked = target.checked;
      this.show();
    });
    form.addEventListener("click", (event) => this.#extend(event));
  }

  /** @returns {string[]} */
  get ids() {
    return this.#boxes.filter(({ checked }) => checked).map(({ value }) => value);
  }

  /** @param {string[]} ids something was done with these */
  clear(ids) {
    for (const box of this.#boxes) if (ids.includes(box.value)) box.checked = false;
    this.show();
  }

  /** Ticks a row, or not. */
  toggle(item) {
    const box = item.querySelector("input[name=id]");
    box.checked = !box.checked;
    this.show();
  }

  /** Says how many there are; called also when the rows have changed. */
  show() {
    const boxes = this.#boxes;
    const { length } = this.ids;
    if (this.#all) {
      this.#all.checked = length > 0 && length === boxes.length;
      this.#all.indeterminate = length > 0 && length < boxes.length;
    }
    const words = length === 0 ? "" : n("{count} selected", "{count} selected", length);
    if (this.#count && this.#count.textContent !== words) this.#count.textContent = words;
    for (const button of this.#form.querySelectorAll("button[name=bulk]")) button.disabled = length === 0;
    for (const box of boxes) box.closest("[data-id]").toggleAttribute("data-ticked", box.checked === true);
  }

  /** With the shift key, all from the one that was ticked last. */
  #extend({ target, shiftKey }) {
    const boxes = this.#boxes;
    const [from, to] = [boxes.indexOf(this.#last), boxes.indexOf(target)];
    if (to < 0) return;
    this.#last = target;
    if (!shiftKey || from < 0) return;
    for (const box of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = target.checked;
    this.show();
  }

  /** Of rows that are there; one that keeps the place of a row that has left has none. */
  get #boxes() {
    const boxes = [...this.#form.querySelectorAll("input[name=id]")];
    return boxes.filter((box) => box.closest("[data-id]")?.dataset.left === undefined);
  }
}
