/** Moves the focus between the rows, one of which is the current one. */
export class RowFocus {
  #items;
  #current = null;

  /** @param {HTMLElement} items */
  constructor(items) {
    this.#items = items;
    items.addEventListener("focusin", ({ target }) => this.#show(target.closest("[data-testid=notification]")));
  }

  /** @returns {HTMLElement | null} the row that has the focus, or something of which has it */
  get current() {
    return this.#rows.find((row) => row.contains(document.activeElement)) ?? null;
  }

  /** @param {1 | -1} step */
  move(step) {
    const rows = this.#rows;
    // The one that had it last, for whoever comes from elsewhere.
    const at = rows.indexOf(this.current ?? this.#current);
    const row = at < 0 ? rows[0] : rows[at + step];
    if (row === undefined) return;
    row.setAttribute("tabindex", "-1");
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    this.#show(row);
  }

  #show(row) {
    if (row === null || row === this.#current) return;
    this.#current?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    this.#current = row;
  }

  /** Those of a thread that is closed are not to be seen. */
  get #rows() {
    return [...this.#items.querySelectorAll("[data-testid=notification]")].filter((row) => row.checkVisibility());
  }
}
