import { safeLink } from "../../words/safe-link.js";
import { Crowd } from "../../state/crowd.js";
import { TOAST_LIMIT, isHigh } from "../../state/toast-queue.js";
import { makeToast, setWords } from "./make-toast.js";

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
  #crowd = new Crowd();
  #unread = Infinity;
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

  /** The notifications whose toasts are up, and those that the summary counts. */
  get told() {
    return [...this.#told.values(), ...this.#crowd.known];
  }

  /**
   * Puts up one notification, below the older ones. When there are too many the oldest gives way, one of high importance
   * last of all.
   */
  show(notification) {
    if (!this.#makeRoom(isHigh(notification))) {
      this.more([notification]);
      return;
    }
    const toast = this.#build(contentOf(notification));
    this.#told.set(toast, notification);
    toast.querySelector("[data-link]").addEventListener("click", (event) => {
      if (!this.#follow(this.#told.get(toast))) event.preventDefault();
    });
    this.#add(toast, isHigh(notification) ? Infinity : STAY_MS);
    this.#recount();
  }

  /** @param {object[]} notifications toasts of them say what these say, in their place, and stay long enough to be read */
  reword(notifications) {
    const byId = new Map(notifications.map((notification) => [notification.id, notification]));
    for (const [toast, { id }] of this.#told) {
      const now = id ? byId.get(id) : undefined;
      if (now === undefined || !setWords(toast, contentOf(now))) continue;
      this.#told.set(toast, now);
      if (this.#remaining.get(toast) < STAY_MS) this.#remaining.set(toast, STAY_MS);
    }
  }

  /** @param {(notification: object) => boolean} isMeant whose toasts are taken down, and which are counted no longer */
  forget(isMeant) {
    for (const [toast, notification] of [...this.#told]) if (isMeant(notification)) this.#dismiss(toast);
    this.#crowd.forget(isMeant);
    this.#recount();
  }

  /** So many are unread: no more are told of. */
  limit(unread) {
    this.#unread = unread;
    this.#recount();
  }

  /** Takes down everything: the session is over. */
  clear() {
    for (const toast of [...this.#remaining.keys()]) this.#remove(toast);
  }

  /** @param {object[]} notifications which have no toast of their own (any more): they are summed up, see Crowd */
  more(notifications) {
    this.#crowd.add(notifications);
    if (this.#summary === null) {
      const message = summaryOf(this.#crowd.size);
      this.#summary = this.#build({ kind: "summary", message, url: this.#listUrl(), linkText: "Show all" });
      this.#region.prepend(this.#summary);
    }
    this.#recount();
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

  #recount() {
    if (this.#summary === null) return;
    this.#crowd.limit(this.#unread - this.#told.size);
    const [title, text] = [this.#summary.querySelector("[data-testid=toast-message]"), summaryOf(this.#crowd.size)];
    if (this.#crowd.size === 0) this.#dismiss(this.#summary);
    else if (title.textContent !== text) title.textContent = text;
  }

  #build(content) {
    const toast = makeToast(content, () => this.#dismiss(toast));
    toast.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#dismiss(toast);
    });
    return toast;
  }

  #add(toast, stay = STAY_MS) {
    this.#region.append(toast);
    this.#remaining.set(toast, stay);
    this.#tick();
  }

  /** @returns {boolean} false: all that stand are of high importance, and the one that comes is not */
  #makeRoom(isForHigh) {
    const standing = [...this.#remaining.keys()].filter((toast) => toast !== this.#summary);
    if (standing.length < (this.#isPhone.matches ? PHONE_LIMIT : TOAST_LIMIT)) return true;
    const others = standing.filter((toast) => toast.dataset.importance !== "high");
    if (others.length === 0 && !isForHigh) return false;
    const candidates = others.length > 0 ? others : standing;
    // Not the one under somebody's hand, if there is another.
    const oldest = candidates.find((toast) => !toast.matches(":hover, :focus-within")) ?? candidates[0];
    const notification = this.#told.get(oldest);
    this.#remove(oldest);
    if (notification !== undefined) this.more([notification]);
    return true;
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
      this.#crowd.clear();
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
      if ([...this.#remaining.values()].some(Number.isFinite)) return;
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

const summaryOf = (count) => `${count} more notification${count === 1 ? "" : "s"}`;

function contentOf({ id = "", kind, message, body, url, icon, importance, count }) {
  return { id, kind, message, body, url: safeLink(url), icon, importance, count };
}
