import { ICONS, iconOf } from "../icons.js";
import { lines, make } from "../make.js";

/**
 * @param {object} content
 * @param {string} content.message
 * @param {string} [content.kind]
 * @param {string} [content.id] of the notification
 * @param {string} [content.body]
 * @param {string | null} [content.url] where its link leads; without one there is no link
 * @param {string} [content.linkText]
 * @param {() => void} dismiss called by its button
 * @returns {HTMLElement} one toast
 */
export function makeToast({ message, kind = "message", id = "", body = "", url = null, linkText = "Open" }, dismiss) {
  const button = make(
    "button",
    { part: "toast-dismiss", type: "button", "data-dismiss": true, "aria-label": "Dismiss" },
    lines(ICONS.dismiss, 18),
  );
  button.addEventListener("click", dismiss);
  return make(
    "div",
    { part: "toast", "data-testid": "toast", "data-kind": kind, "data-id": id },
    make("span", { part: "toast-icon", "aria-hidden": "true" }, lines(iconOf(kind), 18)),
    make(
      "div",
      { part: "toast-text" },
      make("p", { part: "toast-message", "data-testid": "toast-message", dir: "auto" }, message),
      make("p", { part: "toast-body", "data-body": true, dir: "auto", hidden: !body }, body ?? ""),
      make("a", { part: "toast-link", "data-link": true, href: url, hidden: url === null }, linkText),
    ),
    button,
  );
}
