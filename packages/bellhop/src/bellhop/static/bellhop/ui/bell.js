/** @returns {string} what a screen reader says for the bell */
export function bellLabel(count) {
  if (count === 0) return "No unread notifications";
  return count === 1 ? "1 unread notification" : `${count} unread notifications`;
}

/** @returns {string} the number as the badge and the title show it */
export function badgeText(count) {
  return count > 99 ? "99+" : String(count);
}

/** The bell in the header, and the count in front of the page's title. */
export class Bell {
  #link;
  #badge;
  #title;

  constructor(link) {
    this.#link = link;
    this.#badge = link.querySelector("[data-testid=bell-count]");
    this.#title = document.title;
  }

  show(count) {
    this.#badge.textContent = badgeText(count);
    this.#badge.hidden = count === 0;
    this.#link.setAttribute("aria-label", bellLabel(count));
    document.title = count === 0 ? this.#title : `(${badgeText(count)}) ${this.#title}`;
  }
}
