import { t } from "../../words/gettext.js";
import { Crowd } from "../../state/crowd.js";
import { isHigh } from "../../state/toast-queue.js";
import { say, sayArrival } from "../announcer.js";
import { Limit, firstToGo, isOfHigh } from "./limit.js";
import { contentOf, makeToast, setWords, summaryOf } from "./make-toast.js";
import { Stays } from "./stays.js";

/** Milliseconds in which a crowd grows before it is said how large it is. */
const CROWD_MS = 1_000;

/** The stack of toasts. What comes is said once, by the document's announcer. Data enters as text only. */
export class Toasts {
  #region;
  #listUrl;
  #follow;
  #changed;
  #back;
  #stays;
  #told = new Map(); // toast element → its notification
  #said = new Map(); // toast element → takes away what was said of it
  #summary = null;
  #problem = null;
  #crowd = new Crowd();
  #unread = Infinity;
  #isCrowdDue = false;
  #limit = new Limit();

  /**
   * @param {HTMLElement} region
   * @param {object} does
   * @param {() => string} does.listUrl address of the inbox page
   * @param {(notification: object) => boolean} does.follow called when the link of a toast is followed; false: it must not be
   * @param {() => void} [does.changed] called when the stack has grown or shrunk
   * @param {() => void} [does.back] puts the focus back, which was in the last of them
   */
  constructor(region, { listUrl, follow, changed = () => {}, back = () => {} }) {
    this.#region = region;
    this.#stays = new Stays(region, (toast) => this.#remove(toast));
    this.#listUrl = listUrl;
    this.#follow = follow;
    this.#changed = changed;
    this.#back = back;
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
    this.#add(toast, isHigh(notification) ? Infinity : undefined);
    this.#recount();
    this.#said.set(toast, sayArrival(t("New notification: {message}", notification)));
  }

  /** @param {object[]} notifications toasts of them say what these say, in their place, and stay long enough to be read */
  reword(notifications) {
    const byId = new Map(notifications.map((notification) => [notification.id, notification]));
    for (const [toast, { id }] of this.#told) {
      const now = id ? byId.get(id) : undefined;
      if (now === undefined || !setWords(toast, contentOf(now))) continue;
      if (this.#told.get(toast).message !== now.message) say(now.message);
      this.#told.set(toast, now);
      this.#stays.raise(toast);
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
    for (const toast of this.#stays.all) this.#remove(toast);
  }

  /** @param {object[]} notifications which have no toast of their own (any more): they are summed up, see Crowd */
  more(notifications) {
    this.#crowd.add(notifications);
    if (this.#summary === null) {
      const message = summaryOf(this.#crowd.size);
      this.#summary = this.#build({ kind: "summary", message, url: this.#listUrl(), linkText: t("Show all") });
      this.#region.prepend(this.#summary);
      this.#changed();
    }
    this.#recount();
    this.#stays.set(this.#summary);
    this.#sayCrowdSoon();
  }

  /** A word from the page itself, such as a request that failed. The last one counts: no pile of the same. */
  notice(text) {
    const toast = this.#build({ kind: "problem", message: text });
    if (this.#problem !== null) this.#remove(this.#problem);
    this.#problem = toast;
    this.#add(toast);
    say(text);
  }

  /** Once for all that come together, with the number of then. */
  #sayCrowdSoon() {
    if (this.#isCrowdDue) return;
    this.#isCrowdDue = true;
    setTimeout(() => {
      this.#isCrowdDue = false;
      if (this.#summary !== null) say(summaryOf(this.#crowd.size));
    }, CROWD_MS);
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
    return toast;
  }

  #add(toast, stay) {
    this.#region.append(toast);
    this.#stays.set(toast, stay);
    this.#fit();
    this.#changed();
  }

  /** @returns {boolean} false: all that stand are of high importance, and the one that comes is not */
  #makeRoom(isForHigh) {
    const standing = this.#standing;
    if (standing.length < this.#limit.count) return true;
    if (!isForHigh && standing.every(isOfHigh)) return false;
    this.#giveWay(standing);
    return true;
  }

  /** More of the window than its part is not the stack's (style.js): older ones give way to the newest. */
  #fit() {
    const isTooTall = () => this.#region.scrollHeight > this.#region.clientHeight;
    for (let left = this.#standing; left.length > 1 && isTooTall(); left = this.#standing) this.#giveWay(left.slice(0, -1));
  }

  /** The toasts that are up, oldest first, without the one that sums up the rest. */
  get #standing() {
    return this.#stays.all.filter((toast) => toast !== this.#summary);
  }

  #giveWay(toasts) {
    const toast = firstToGo(toasts);
    const notification = this.#told.get(toast);
    this.#remove(toast);
    if (notification !== undefined) this.more([notification]);
  }

  #dismiss(toast) {
    const next = toast.nextElementSibling ?? toast.previousElementSibling;
    const hadFocus = toast.matches(":focus-within");
    this.#remove(toast);
    if (!hadFocus) return;
    if (next) next.querySelector("[data-dismiss]").focus();
    else this.#back();
  }

  #remove(toast) {
    toast.remove();
    this.#said.get(toast)?.();
    this.#said.delete(toast);
    this.#stays.delete(toast);
    this.#told.delete(toast);
    if (toast === this.#problem) this.#problem = null;
    if (toast === this.#summary) {
      this.#summary = null;
      this.#crowd.clear();
    }
    this.#changed();
  }
}
