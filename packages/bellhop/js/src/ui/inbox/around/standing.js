import { STATE } from "../../../net/connection.js";
import { t } from "../../../words/gettext.js";
import { timeOfDay } from "../../../words/ticking-times.js";
import { say } from "../../announcer.js";

/** Milliseconds for which a link may be lost and found without a word. */
const CALM_MS = 2_000;

const WORDS = {
  offline: (time) => t("You are offline. This is as of {time}.", { time }),
  waiting: (time) => t("Reconnecting… This is as of {time}.", { time }),
  away: (time) => t("The server does not answer. This is as of {time}, and goes on by itself once it is back.", { time }),
};

/** The line above the list that tells why nothing new can arrive, and as of when the list is. Each is said once. */
export class Standing {
  #line;
  #text;
  #zone;
  #shown = null;
  #timer = null;

  /** @param {HTMLElement | null} line with its text  @param {string} [zone] */
  constructor(line, zone) {
    this.#line = line;
    this.#text = line?.querySelector("[data-standing-text]") ?? line;
    this.#zone = zone;
  }

  /** @param {{state: string, since: number | null}} standing of the client */
  set({ state, since }) {
    if (state === STATE.OPEN) this.#open();
    else if (state === STATE.OFFLINE) this.#show("offline", since);
    else if (state === "away") this.#show("away", since);
    else if (state === STATE.WAITING || state === STATE.CONNECTING) this.#wait(since);
    else this.hide(); // signed out, or the page is being left
  }

  hide() {
    this.#stop();
    this.#shown = null;
    if (this.#line) this.#line.hidden = true;
  }

  #open() {
    const wasTold = this.#shown !== null;
    this.hide();
    if (wasTold) say(t("Back online."));
  }

  /** An attempt follows upon the other, and what is told of the last one is true of the next. */
  #wait(since) {
    if (this.#shown === "waiting" || this.#shown === "away") return;
    this.#timer ??= setTimeout(() => this.#show("waiting", since), this.#shown === null ? CALM_MS : 0);
  }

  #show(name, since) {
    this.#stop();
    if (this.#shown === name) return;
    this.#shown = name;
    const words = WORDS[name](timeOfDay(since ?? Date.now(), this.#zone));
    if (this.#line) {
      this.#line.dataset.standing = name;
      this.#text.textContent = words;
      this.#line.hidden = false;
    }
    say(words);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}
