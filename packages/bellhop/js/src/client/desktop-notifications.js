import { logFailure } from "../words/console-log.js";
import { safeLink } from "../words/safe-link.js";

/** Where this browser keeps that somebody wants them, for all its tabs. */
export const DESKTOP_SWITCH = "bellhop:desktop";

/**
 * Notifications of the desktop, while no tab is to be seen: where the browser has them, this person has allowed them, and
 * has switched them on in this browser. `state` is "unsupported", "blocked" (by the browser's settings), "off" or "on".
 */
export class DesktopNotifications {
  #follow;
  #changed;
  #shown = new Map(); // id → {notification, popup}; without a popup it is about to be shown
  #isUsable = typeof globalThis.Notification === "function";
  #told;

  /**
   * @param {object} options
   * @param {(notification: object) => boolean} options.follow its link is followed; false: the page's own script goes there
   * @param {(state: string) => void} options.changed
   */
  constructor({ follow, changed }) {
    this.#follow = follow;
    this.#changed = changed;
    this.#told = this.state;
  }

  get state() {
    if (!this.#isUsable) return "unsupported";
    if (globalThis.Notification.permission === "denied") return "blocked";
    return globalThis.Notification.permission === "granted" && isSwitchedOn() ? "on" : "off";
  }

  /** Asks the person, from whose click it is called, unless they have said so before. @returns {Promise<string>} the state */
  async enable() {
    if (this.#isUsable && globalThis.Notification.permission === "default") await globalThis.Notification.requestPermission();
    if (this.#isUsable && globalThis.Notification.permission === "granted") switchTo("on");
    return this.look();
  }

  disable() {
    switchTo("off");
    this.clear();
    return this.look();
  }

  /** Looks again: another tab may have switched it. */
  look() {
    const { state } = this;
    if (state !== this.#told) this.#changed(state);
    this.#told = state;
    return state;
  }

  /** Those that are up. */
  get told() {
    return [...this.#shown.values()].map(({ notification }) => notification);
  }

  /**
   * Shows one, unless a tab is to be seen, or it is forgotten before that is known.
   * @param {() => Promise<boolean>} isAnyTabSeen
   */
  async offer(notification, isAnyTabSeen) {
    const { id } = notification;
    if (!id || this.state !== "on" || this.#shown.has(id)) return;
    const entry = { notification, popup: null };
    this.#shown.set(id, entry);
    if (!(await isAnyTabSeen()) && this.#shown.get(id) === entry) this.#show(entry, false);
    if (entry.popup === null && this.#shown.get(id) === entry) this.#shown.delete(id);
  }

  /** @param {(notification: object) => boolean} isMeant closes these */
  forget(isMeant) {
    for (const [id, { notification, popup }] of [...this.#shown]) {
      if (!isMeant(notification)) continue;
      this.#shown.delete(id);
      popup?.close();
    }
  }

  /** @param {object[]} notifications those of them that are up say what these say, in their place */
  reword(notifications) {
    for (const now of notifications) {
      const entry = this.#shown.get(now.id);
      if (entry === undefined) continue;
      const { message, body } = entry.notification;
      entry.notification = { ...entry.notification, ...now };
      if (entry.popup !== null && (now.message !== message || now.body !== body)) this.#show(entry, true);
    }
  }

  clear() {
    this.forget(() => true);
  }

  /** One of the same tag takes the place of the one before. */
  #show(entry, silent) {
    const { id, message, body, icon } = entry.notification;
    let popup;
    try {
      popup = new globalThis.Notification(message, { body: body ?? "", tag: id, dir: "auto", silent, ...(icon && { icon }) });
    } catch (error) {
      // Where only a service worker may (Android).
      logFailure("could not show a notification of the desktop", error);
      this.#isUsable = false;
      this.look();
      return;
    }
    entry.popup = popup;
    popup.onclick = () => this.#open(entry);
    popup.onclose = () => {
      if (entry.popup === popup && this.#shown.get(id) === entry) this.#shown.delete(id);
    };
  }

  #open({ notification, popup }) {
    window.focus();
    popup.close();
    const address = safeLink(notification.url);
    if (this.#follow(notification) && address !== null) location.assign(address);
  }
}

function isSwitchedOn() {
  try {
    return window.localStorage.getItem(DESKTOP_SWITCH) === "on";
  } catch {
    return false;
  }
}

function switchTo(state) {
  try {
    window.localStorage.setItem(DESKTOP_SWITCH, state);
  } catch {
    // Blocked: it stays off.
  }
}
