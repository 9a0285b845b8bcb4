import { t } from "../../words/gettext.js";

/** Milliseconds after which words and colours change: a short reconnect is not shown. */
const CALM_MS = 2_000;

/** States that are shown at once: the good one, and the one that does not end by itself. */
const AT_ONCE = new Set(["open", "signed-out"]);

const WORDS = {
  connecting: () => t("Connecting…"),
  waiting: () => t("Reconnecting…"),
  offline: () => t("Offline"),
  open: () => t("Live"),
  "signed-out": () => t("Signed out"),
};

/**
 * The word and dot that tell whether the page is live. `data-state` follows the connection at once; what a person
 * sees, `data-shown` and the word, follows calmly.
 */
export class Status {
  #element;
  #word;
  #timer = null;
  #wasOpen = false;
  #state = "connecting";

  /** @param {HTMLElement} element  @param {HTMLElement} word inside of it */
  constructor(element, word) {
    this.#element = element;
    this.#word = word;
  }

  set(state) {
    if (!(state in WORDS)) return; // closed: the page itself is going away
    this.#state = state;
    this.#wasOpen ||= state === "open";
    this.#element.dataset.state = state;
    if (AT_ONCE.has(state)) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), CALM_MS);
  }

  /** Nobody is signed in, and nobody was: nothing to tell. */
  hide() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#element.hidden = true;
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const seen = this.#state === "connecting" && this.#wasOpen ? "waiting" : this.#state;
    this.#element.dataset.shown = seen;
    this.#word.textContent = WORDS[seen]();
    this.#element.hidden = false;
  }
}
