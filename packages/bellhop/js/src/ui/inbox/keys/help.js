import { t } from "../../../words/gettext.js";
import { make, sheet } from "../../make.js";
import { THEME } from "../../theme.js";
import { STYLE } from "./style.js";

/** @returns {[string, string][]} each key, and what it does */
const keys = () => [
  ["j", t("Next notification")],
  ["k", t("Previous notification")],
  ["Enter", t("Open it")],
  ["e", t("Archive it, or move it back to the inbox")],
  ["u", t("Mark it as read or unread")],
  ["x", t("Select it")],
  ["z", t("Undo")],
  ["/", t("Search")],
  ["?", t("These keys")],
];

/** The dialog that tells the keys, in which they can be switched off. It is made when it is asked for. */
export class Help {
  #switch;
  #host = null;
  #dialog = null;

  /** @param {import("./switch.js").KeysSwitch} keysSwitch */
  constructor(keysSwitch) {
    this.#switch = keysSwitch;
  }

  open() {
    if (this.#host === null) this.#build();
    // In <body>, not beside it, so that a page that swaps its body takes an open one along.
    if (!this.#host.isConnected) document.body.append(this.#host);
    this.#dialog.querySelector("input").checked = this.#switch.isOn;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  close() {
    this.#dialog?.close();
    this.#host?.remove();
  }

  #build() {
    this.#host = make("bellhop-keys");
    const root = this.#host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(THEME), sheet(STYLE)];
    const title = make("h2", { id: "title" }, t("Keys"));
    const rows = keys().flatMap(([key, does]) => [make("dt", {}, make("kbd", {}, key)), make("dd", { dir: "auto" }, does)]);
    const box = make("input", { type: "checkbox", id: "on" });
    box.addEventListener("change", () => this.#switch.set(box.checked));
    const note = t("A screen reader that takes these keys for itself goes on as ever: everything is also a link or a button.");
    const close = make("button", { type: "button" }, t("Close"));
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog = make(
      "dialog",
      { "aria-labelledby": "title" },
      title,
      make("dl", {}, ...rows),
      make("label", {}, box, make("span", {}, t("Use these keys in this browser"))),
      make("div", { class: "note" }, note),
      close,
    );
    root.append(this.#dialog);
  }
}
