import { n, t } from "../../words/gettext.js";
import { safeLink } from "../../words/safe-link.js";
import { ICONS, iconOf } from "../icons.js";
import { showIcon } from "../kind-icon.js";
import { lines, make } from "../make.js";

/**
 * @param {object} content
 * @param {string} content.message
 * @param {string} [content.kind]
 * @param {string} [content.id] of the notification
 * @param {string} [content.body]
 * @param {string | null} [content.url] where its link leads; without one there is no link
 * @param {string} [content.linkText]
 * @param {string} [content.icon] address of a picture, in place of the sign of its kind
 * @param {string} [content.importance]
 * @param {number} [content.count] of a summary
 * @param {() => void} dismiss called by its button, and by Escape
 * @returns {HTMLElement} one toast
 */
export function makeToast({ kind = "message", id = "", linkText = t("Open"), importance = "normal", ...content }, dismiss) {
  const button = make(
    "button",
    { part: "toast-dismiss", type: "button", "data-dismiss": true, "aria-label": t("Dismiss") },
    lines(ICONS.dismiss, 18),
  );
  button.addEventListener("click", dismiss);
  const toast = make(
    "div",
    { part: "toast", "data-testid": "toast", "data-kind": kind, "data-id": id, "data-importance": importance },
    make("span", { part: "toast-icon", "aria-hidden": "true", "data-icon": true }, lines(iconOf(kind), 18)),
    make(
      "div",
      { part: "toast-text" },
      make("p", { part: "toast-message", "data-testid": "toast-message", dir: "auto" }),
      make("p", { part: "toast-body", "data-body": true, dir: "auto" }),
      make("a", { part: "toast-link", "data-link": true }, linkText),
    ),
    button,
  );
  toast.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Not also whatever it closes in the page.
    event.stopPropagation();
    dismiss();
  });
  setWords(toast, content);
  return toast;
}

/**
 * Makes a toast say this, and touches nothing that it says already.
 * @returns {boolean} whether anything changed
 */
export function setWords(toast, { message, body = "", url = null, icon, count }) {
  const [title, text, link] = ["[data-testid=toast-message]", "[data-body]", "[data-link]"].map((part) =>
    toast.querySelector(part),
  );
  const before = [title.textContent, text.textContent, link.getAttribute("href"), toast.dataset.count];
  const now = [message, body ?? "", url, count === undefined ? undefined : String(count)];
  if (!showIcon(toast.querySelector("[data-icon]"), icon) && now.every((value, index) => value === before[index])) {
    return false;
  }
  if (title.textContent !== message) title.textContent = message;
  if (text.textContent !== now[1]) text.textContent = now[1];
  text.hidden = !body;
  if (url !== null) link.setAttribute("href", url);
  else link.removeAttribute("href");
  link.hidden = url === null;
  if (count === undefined) delete toast.dataset.count;
  else toast.dataset.count = String(count);
  return true;
}

/** @returns {object} what the toast of a notification says */
export function contentOf({ id = "", kind, message, body, url, icon, importance, count }) {
  return { id, kind, message, body, url: safeLink(url), icon, importance, count };
}

/** @returns {string} what the toast says that sums up so many */
export const summaryOf = (count) => n("{count} more notification", "{count} more notifications", count);
