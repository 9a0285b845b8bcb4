import { n, t } from "../../words/gettext.js";

/** @returns {string} what a screen reader says for the bell */
export function bellLabel(count, isLoud = false) {
  if (count === 0) return t("No unread notifications");
  return isLoud
    ? n("{count} unread notification, new since you last looked", "{count} unread notifications, new ones since you last looked", count)
    : n("{count} unread notification", "{count} unread notifications", count);
}

/** @returns {string} the number as the badge and the title show it */
export function badgeText(count) {
  return count > 99 ? "99+" : String(count);
}
