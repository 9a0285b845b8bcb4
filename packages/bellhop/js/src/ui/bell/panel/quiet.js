import { language, t } from "../../../words/gettext.js";
import { make } from "../../make.js";

/** Do not disturb: off, for an hour, or until tomorrow morning; and while it is on, until when. */
export class Quiet {
  element;
  #select;
  #until;
  #set;

  /** @param {(value: "hour" | "morning" | null) => Promise<object>} set resolves to the preferences as they are then */
  constructor(set) {
    this.#set = set;
    this.#select = make("select", { part: "panel-quiet", "data-testid": "panel-quiet", id: "quiet" });
    this.#until = make("option", { value: "on" });
    this.#select.append(
      make("option", { value: "off" }, t("Off")),
      make("option", { value: "hour" }, t("For an hour")),
      make("option", { value: "morning" }, t("Until tomorrow morning")),
    );
    this.element = make("p", { part: "panel-setting", hidden: true }, make("label", { for: "quiet" }, t("Do not disturb")), this.#select);
    this.#select.addEventListener("change", () => this.#choose(this.#select.value));
  }

  /** @param {object} preferences as the API has them; one that knows of no do-not-disturb shows nothing */
  show({ do_not_disturb: until }) {
    this.element.hidden = until === undefined;
    const moment = Date.parse(until ?? "");
    const isOn = moment > Date.now();
    if (isOn) {
      this.#until.textContent = t("Until {time}", { time: inWords(moment) });
      this.#select.prepend(this.#until);
    } else this.#until.remove();
    this.#select.value = isOn ? "on" : "off";
    this.element.dataset.on = String(isOn);
  }

  async #choose(value) {
    if (value === "on") return;
    this.#select.disabled = true;
    const hadFocus = this.#select.matches(":focus");
    try {
      this.show(await this.#set(value === "off" ? null : value));
    } finally {
      this.#select.disabled = false;
      if (hadFocus) this.#select.focus();
    }
  }
}

/** @returns {string} that moment on the browser's own clock, with its day unless that is today */
export function inWords(moment, now = Date.now()) {
  const isToday = new Date(moment).toDateString() === new Date(now).toDateString();
  const day = isToday ? {} : { weekday: "short" };
  return new Intl.DateTimeFormat(language(), { ...day, hour: "numeric", minute: "2-digit" }).format(moment);
}
