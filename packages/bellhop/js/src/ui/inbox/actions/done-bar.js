import { say } from "../../announcer.js";
import { make } from "../../make.js";

/** How long an undo is offered that nobody touches, and how often that is looked at, in milliseconds. */
const STAY_MS = 10_000;
const TICK_MS = 500;

/**
 * The bar that tells what was done and offers to take it back, for ten seconds in which nobody points at it or is in it.
 * Each text is said once.
 */
export class DoneBar {
  #bar;
  #text;
  #form;
  #left = 0;
  #ticker = null;
  #undo = null;
  #canHover = matchMedia("(hover: hover)");

  /** @param {HTMLElement} bar */
  constructor(bar) {
    this.#bar = bar;
    this.#text = bar.querySelector("[data-done-text]") ?? bar.appendChild(make("span"));
    this.#form = bar.querySelector("form[data-undo]");
    // What the server told when it rendered the page is no live region's any more: there is one, which says everything.
    this.#text.removeAttribute("role");
    // It comes and goes: over the page, so that nothing moves under a hand.
    bar.dataset.floating = "";
  }

  /** @returns {object | null} what can be taken back now */
  get undo() {
    return this.#bar.hidden ? null : this.#undo;
  }

  get hasFocus() {
    return this.#bar.contains(document.activeElement);
  }

  /** What the page was rendered with, for somebody whose browser sent the form itself. */
  takeOver() {
    if (this.#bar.hidden) return;
    const field = (name) => this.#form?.querySelector(`input[name=${name}]`)?.value ?? "";
    const isOffered = this.#form !== null && !this.#form.hidden;
    const rev = Number(field("rev"));
    this.show(this.#text.textContent.trim(), isOffered ? { action: field("action"), rev, ids: [] } : null);
  }

  /**
   * @param {string} text
   * @param {{action: string, rev: number, ids: string[]} | null} undo the action that takes it back; null: nothing does
   */
  show(text, undo = null) {
    this.#undo = undo;
    if (this.#text.textContent !== text) this.#text.textContent = text;
    if (this.#form) this.#form.hidden = undo === null;
    this.#bar.hidden = false;
    // At the top of a phone: below what is above the list, a header with its bell, as far as that is to be seen.
    const top = this.#bar.parentElement?.getBoundingClientRect().top ?? 0;
    this.#bar.style.setProperty("--_from", `${Math.max(0, Math.round(top))}px`);
    this.#left = STAY_MS;
    this.#tick();
    say(text);
  }

  hide() {
    clearInterval(this.#ticker);
    this.#ticker = null;
    this.#undo = null;
    this.#bar.hidden = true;
  }

  #tick() {
    this.#ticker ??= setInterval(() => {
      if (this.#isTouched) return;
      this.#left -= TICK_MS;
      if (this.#left <= 0) this.hide();
    }, TICK_MS);
  }

  get #isTouched() {
    // On a touch screen :hover sticks to what was tapped last.
    return document.hidden || this.hasFocus || (this.#canHover.matches && this.#bar.matches(":hover"));
  }
}
