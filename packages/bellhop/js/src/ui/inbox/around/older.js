import { n, t } from "../../../words/gettext.js";
import { make } from "../../make.js";
import { say } from "../../announcer.js";

const PAGE_SIZE = 50;

/**
 * Loads older notifications below the list, where the link would lead to a page of them. The history knows how far the
 * list went, so that it is as long again for whoever comes back to it.
 */
export class Older {
  #link;
  #failed;
  #list;
  #fetch;
  #isBusy = false;

  /**
   * @param {HTMLElement} section
   * @param {import("../list/list.js").List} list
   * @param {(params: object) => Promise<object>} fetch as Client.list, of what the page shows
   */
  constructor(section, list, fetch) {
    this.#link = section.querySelector("[data-older]");
    this.#failed = section.querySelector("[data-load-failed]");
    this.#list = list;
    this.#fetch = fetch;
    this.#link?.addEventListener("click", (event) => {
      // Of a very long list the link leads on to a page of its own.
      if (event.defaultPrevented || event.button > 0 || event.ctrlKey || event.metaKey || event.shiftKey || list.isFull) return;
      event.preventDefault();
      this.load();
    });
  }

  /** Makes the list as long as it was when this page was left. Settles once it is, or cannot be. */
  async restore() {
    const wanted = window.history?.state?.bellhop?.rows ?? 0;
    const missing = wanted - this.#list.shown.length;
    if (missing > 0 && this.#list.hasOlder && !this.#list.isFull) await this.load(Math.min(missing, 200), false);
  }

  /** @param {boolean} [isAsked] by somebody, who is told what has come of it */
  async load(limit = PAGE_SIZE, isAsked = true) {
    const last = this.#list.shown.at(-1);
    if (this.#isBusy || last === undefined) return;
    this.#isBusy = true;
    this.#link.setAttribute("aria-busy", "true");
    this.#hideFailure();
    try {
      const ids = this.#list.append(await this.#fetch({ limit, before: last.seq }));
      this.#remember();
      if (isAsked) this.#goOn(ids);
    } catch {
      if (isAsked) this.#showFailure();
    } finally {
      this.#isBusy = false;
      this.#link.removeAttribute("aria-busy");
    }
  }

  #goOn(ids) {
    say(ids.length > 0 ? n("{count} more notification", "{count} more notifications", ids.length) : t("Nothing older"));
    // The link has moved away to below them.
    if (document.activeElement === this.#link || this.#link.hidden) {
      // Those of a thread that is closed are not to be seen.
      const first = ids.map((id) => this.#list.element(id)).find((item) => item?.checkVisibility());
      first?.setAttribute("tabindex", "-1");
      first?.focus();
    }
  }

  #remember() {
    const { history } = window;
    history?.replaceState({ ...history.state, bellhop: { rows: this.#list.shown.length } }, "");
  }

  #showFailure() {
    const words = t("Older notifications could not be loaded.");
    if (this.#failed) {
      const retry = make("button", { type: "button", class: "bellhop-button" }, t("Try again"));
      retry.addEventListener("click", () => this.load());
      this.#failed.replaceChildren(make("span", {}, words), retry);
      this.#failed.hidden = false;
    }
    say(words);
  }

  #hideFailure() {
    if (!this.#failed || this.#failed.hidden) return;
    // The button that was pressed goes with it.
    if (this.#failed.contains(document.activeElement)) this.#link.focus();
    this.#failed.hidden = true;
  }
}
