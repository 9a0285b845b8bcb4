import { t } from "../../../words/gettext.js";
import { say } from "../../announcer.js";
import { make } from "../../make.js";

/** Notifications on the desktop, of this browser: asked for by this button and by nothing else. */
export class Desktop {
  element;
  #button;
  #note;
  #desktop;

  /** @param {import("../../../client/client.js").Client} client */
  constructor({ desktop }) {
    this.#desktop = desktop;
    this.#button = make("button", { part: "panel-desktop", type: "button", "data-testid": "panel-desktop" }, t("Show on the desktop"));
    this.#note = make("span", { part: "panel-note" }, t("Your browser blocks notifications of this site. Allow them in its settings."));
    this.element = make("p", { part: "panel-setting", hidden: true }, this.#button, this.#note);
    this.#button.addEventListener("click", () => this.#press());
  }

  show() {
    const { state } = this.#desktop;
    this.element.hidden = state === "unsupported";
    this.#button.hidden = state === "blocked";
    this.#note.hidden = state !== "blocked";
    this.#button.setAttribute("aria-pressed", String(state === "on"));
  }

  async #press() {
    if (this.#desktop.state === "on") this.#desktop.disable();
    else if ((await this.#desktop.enable()) === "blocked") say(this.#note.textContent);
    this.show();
  }
}
