import { t } from "../../../words/gettext.js";
import { make } from "../../make.js";

/** @returns {string} why a row has left, which somebody else, or the same person elsewhere, has caused */
function reason(why, view) {
  if (why === "removed") return t("Withdrawn");
  if (why === "archived" && view !== "archived") return t("Archived elsewhere");
  if (why === "moved" && view === "archived") return t("Moved to the inbox elsewhere");
  if (why === "moved" && view === "unread") return t("Read elsewhere");
  return t("No longer here");
}

/**
 * Lets a row that has left keep its place, as high as it was: nothing moves under a hand that is about to press.
 * @param {HTMLElement} item
 * @param {string | undefined} why "removed", "archived" or "moved"
 * @param {string} view of the page
 */
export function keepPlace(item, why, view) {
  if (item.dataset.left !== undefined) return;
  const hadFocus = item.contains(document.activeElement);
  const { height } = item.getBoundingClientRect();
  Object.assign(item.style, { boxSizing: "border-box", minBlockSize: `${height}px` });
  item.dataset.left = "";
  const box = item.querySelector("input[name=id]");
  if (box) box.checked = false;
  for (const part of item.children) {
    if (part.hidden) continue;
    part.dataset.leftHidden = "";
    part.hidden = true;
  }
  item.append(make("div", { class: "bellhop-left", "data-left-words": true }, reason(why, view)));
  if (!hadFocus) return;
  item.setAttribute("tabindex", "-1");
  item.focus();
}

/** It is back after all. */
export function giveBack(item) {
  if (item.dataset.left === undefined) return;
  delete item.dataset.left;
  Object.assign(item.style, { boxSizing: "", minBlockSize: "" });
  item.querySelector("[data-left-words]")?.remove();
  for (const part of item.children) {
    if (part.dataset.leftHidden === undefined) continue;
    delete part.dataset.leftHidden;
    part.hidden = false;
  }
}
