import { t } from "../../../words/gettext.js";

/** Offers the rest of a text that is cut off after its first lines, and only of one that is. */
export class Clamp {
  #items;
  #observer = null;

  /** @param {HTMLElement} items */
  constructor(items) {
    this.#items = items;
    items.addEventListener("click", (event) => {
      const button = event.target.closest("[data-more]");
      if (button) this.#toggle(button);
    });
    // Of a thread that was closed nothing could be measured.
    items.addEventListener("toggle", () => this.measure(), true);
  }

  /** How wide the page is decides how much of a text is seen. */
  listen() {
    if (globalThis.ResizeObserver === undefined) return;
    this.#observer = new globalThis.ResizeObserver(() => this.measure());
    this.#observer.observe(this.#items);
  }

  unlisten() {
    this.#observer?.disconnect();
  }

  measure() {
    const found = [...this.#items.querySelectorAll("[data-more]")].map((button) => [button, bodyOf(button)]);
    // All is read before anything is written: the page is laid out once.
    const cut = found.map(([, body]) => body !== null && !body.hidden && body.scrollHeight > body.clientHeight + 1);
    found.forEach(([button, body], index) => {
      if (body?.dataset.whole !== undefined) return;
      button.hidden = !cut[index];
      if (!button.hidden) button.setAttribute("aria-expanded", "false");
    });
  }

  #toggle(button) {
    const body = bodyOf(button);
    const isWhole = body.dataset.whole === undefined;
    if (isWhole) body.dataset.whole = "";
    else delete body.dataset.whole;
    button.setAttribute("aria-expanded", String(isWhole));
    button.textContent = isWhole ? t("Show less") : t("Show more");
  }
}

const bodyOf = (button) => button.closest("[data-id]")?.querySelector("[data-body]") ?? null;
