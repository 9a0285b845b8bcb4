import { safeLink } from "../../words/safe-link.js";
import { TOAST_LIMIT } from "../../state/toast-queue.js";
import { makeToast } from "./make-toast.js";

/** How long a toast stays that nobody touches, and how often that is looked at, in milliseconds. */
const STAY_MS = 8_000;
const TICK_MS = 500;

/** On a phone four toasts would cover the page. */
const PHONE_LIMIT = 2;

/** The stack of toasts in the document's polite live region. Data enters as text only. */
export class Toasts {
  #region;
  #listUrl;
  #follow;
  #remaining = new Map(); // toast element → ms it still has
  #told = new Map(); // toast element → its notification
  #summary = null;
  #problem = null;
  #summed = 0;
  #ticker = null;
  #canHover = matchMedia("(hover: hover)");
  #isPhone = matchMedia("(max-width: 40rem)");

  /**
   * @param {HTMLElement} region
   * @param {() => string} listUrl address of the inbox page
   * @param {(notification: object) => boolean} follow called when the link of a toast is followed; false: it must not be
   */
  constructor(region, listUrl, follow) {
    this.#region = region;
    this.#listUrl = listUrl;
    this.#follow = follow;
  }

  /** Puts up one notification, below the older ones; the oldest gives way when there are too many. */
  show(notification) {
    const { id = "", kind, message, body, url } = notification;
    const toast = this.#build({ id, kind, message, body, url: safeLink(url) });
    this.#told.set(toast, notification);
    toast.querySelector("[data-link]").addEventListener("click", (event) => {
      if (!this.#follow(notification)) event.preventDefault();
    });
    this.#makeRoom();
    this.#add(toast);
  }

  /** @param {(notification: object) => boolean} isMeant whose toasts are taken down */
  forget(isMeant) {
    for (const [toast, notification] of [...this.#told]) if (isMeant(notification)) this.#dismiss(toast);
  }

  /** Takes down everything: the session is over. */
  clear() {
    for (const toast of [...this.#remaining.keys()]) this.#remove(toast);
  }

  /** Sums up notifications that have no toast of their own (any more). */
  more(count) {
    this.#summed += count;
    const text = `${this.#summed} more notification${this.#summed === 1 ? "" : "s"}`;
    if (this.#summary === null) {
      this.#summary = this.#build({ kind: "summary", message: text, url: this.#listUrl(), linkText: "Show all" });
      this.#region.prepend(this.#summary);
    } else {
      this.#summary.querySelector("[data-testid=toast-message]").textContent = text;
    }
    this.#remaining.set(this.#summary, STAY_MS);
    this.#tick();
  }

  /** A word from the page itself, such as a request that failed. The last one counts: no pile of the same. */
  notice(text) {
    const toast = this.#build({ kind: "problem", message: text });
    if (this.#problem !== null) this.#remove(this.#problem);
    this.#problem = toast;
    this.#add(toast);
  }

  #build(content) {
    const toast = makeToast(content, () => this.#dismiss(toast));
    toast.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#dismiss(toast);
    });
    return toast;
  }

  #add(toast) {
    this.#region.append(toast);
    this.#remaining.set(toast, STAY_MS);
    this.#tick();
  }

  #makeRoom() {
    const standing = [...this.#remaining.keys()].filter((toast) => toast !== this.#summary);
    if (standing.length < (this.#isPhone.matches ? PHONE_LIMIT : TOAST_LIMIT)) return;
    // Not the one under somebody's hand, if there is another.
    const oldest = standing.find((toast) => !toast.matches(":hover, :focus-within")) ?? standing[0];
    const wasNotification = oldest.dataset.kind !== "problem";
    this.#remove(oldest);
    if (wasNotification) this.more(1);
  }

  #dismiss(toast) {
    const next = toast.nextElementSibling ?? toast.previousElementSibling;
    const hadFocus = toast.matches(":focus-within");
    this.#remove(toast);
    if (hadFocus) next?.querySelector("[data-dismiss]").focus();
  }

  #remove(toast) {
    toast.remove();
    this.#remaining.delete(toast);
    this.#told.delete(toast);
    if (toast === this.#problem) this.#problem = null;
    if (toast === this.#summary) {
      this.#summary = null;
      this.#summed = 0;
    }
  }

  /** One slow clock for all, which stands still while somebody reads or cannot see the page. */
  #tick() {
    this.#ticker ??= setInterval(() => {
      if (this.#isHeld()) return;
      for (const [toast, left] of [...this.#remaining]) {
        if (left <= TICK_MS) this.#remove(toast);
        else this.#remaining.set(toast, left - TICK_MS);
      }
      if (this.#remaining.size > 0) return;
      clearInterval(this.#ticker);
      this.#ticker = null;
    }, TICK_MS);
  }

  #isHeld() {
    if (document.hidden || this.#region.matches(":focus-within")) return true;
    // On a touch screen :hover sticks to what was tapped last.
    return this.#canHover.matches && this.#region.matches(":hover");
  }
}
