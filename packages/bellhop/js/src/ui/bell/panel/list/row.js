import { n, t } from "../../../../words/gettext.js";
import { safeLink } from "../../../../words/safe-link.js";
import { ICONS, iconOf } from "../../../icons.js";
import { showIcon } from "../../../kind-icon.js";
import { lines, make } from "../../../make.js";

/** One row of the panel. What its buttons do the list decides, by `data-do`. */

/** @returns {HTMLElement} an empty row, to be filled by setRow */
export function makeRow({ id, kind = "message" }) {
  // Named with their row: "Archive, Order 7 was sent".
  const named = (name) => ({ id: `${name}-${id}`, "aria-labelledby": `${name}-${id} message-${id}`, "data-do": name });
  const button = (name, picture) => make("button", { type: "button", part: "panel-action", ...named(name) }, lines(picture, 18));
  const archive = button("archive", ICONS.archive);
  archive.setAttribute("aria-label", t("Archive"));
  archive.setAttribute("title", t("Archive"));
  return make(
    "li",
    { part: "panel-row", "data-testid": "panel-row", "data-id": id, "data-kind": kind },
    make("span", { part: "panel-mark" }, make("span", { "data-unread-word": true, "data-hidden": true }, t("Unread"))),
    make("span", { part: "panel-icon", "aria-hidden": "true", "data-icon": true }, lines(iconOf(kind), 18)),
    make(
      "div",
      { part: "panel-text" },
      make("a", { part: "panel-message", id: `message-${id}`, "data-message": true, dir: "auto" }),
      make("p", { part: "panel-body", "data-body": true, dir: "auto" }),
      make("p", { part: "panel-when" }, make("time", { dir: "auto" }), make("span", { "data-count": true })),
    ),
    make("div", { part: "panel-actions" }, button("read", ICONS.read), button("unread", ICONS.unread), archive),
    make(
      "div",
      { part: "panel-gone", "data-gone": true },
      make("span", {}, t("Archived")),
      make("button", { type: "button", part: "panel-undo", ...named("undo") }, t("Undo")),
    ),
  );
}

/** Makes a row say what its notification says by now, and touches nothing that it says already. */
export function setRow(row, { id, seq, message, body, url, icon, count, created, read, isGone = false }, permalink) {
  const part = (name) => row.querySelector(`[${name}]`);
  const [link, text, more] = [part("data-message"), part("data-body"), part("data-count")];
  say(link, message);
  const href = safeLink(url) ?? permalink(id);
  if (href === null) link.removeAttribute("href");
  else if (link.getAttribute("href") !== href) link.setAttribute("href", href);
  say(text, body ?? "");
  text.hidden = !body;
  showIcon(part("data-icon"), icon);
  say(more, count > 1 ? n("{count} time", "{count} times", count) : "");
  const time = row.querySelector("time");
  if (created && time.dateTime !== created) time.dateTime = created;
  row.dataset.seq = String(seq);
  row.dataset.read = String(Boolean(read));
  row.dataset.gone = String(isGone);
  part("data-unread-word").hidden = Boolean(read);
  const [reads, unreads] = ["read", "unread"].map((name) => row.querySelector(`[data-do=${name}]`));
  reads.hidden = Boolean(read);
  unreads.hidden = !read;
  label(reads, t("Mark as read"));
  label(unreads, t("Mark as unread"));
  for (const name of ["panel-text", "panel-actions", "panel-mark", "panel-icon"]) row.querySelector(`[part=${name}]`).hidden = isGone;
  part("data-gone").hidden = !isGone;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function label(button, text) {
  if (button.getAttribute("aria-label") === text) return;
  button.setAttribute("aria-label", text);
  button.setAttribute("title", text);
}
