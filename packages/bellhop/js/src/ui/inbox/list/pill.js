import { n } from "../../../words/gettext.js";

/** Tells how many have arrived that wait to be shown, because somebody is at work in the list; a click shows them. */
export class Pill {
  #button;

  /** @param {HTMLElement | null} button  @param {() => void} pressed */
  constructor(button, pressed) {
    this.#button = button;
    button?.addEventListener("click", pressed);
  }

  show(count) {
    if (this.#button === null) return;
    this.#button.hidden = count === 0;
    const words = count === 0 ? "" : n("{count} new", "{count} new", count);
    if (this.#button.textContent !== words) this.#button.textContent = words;
  }
}
