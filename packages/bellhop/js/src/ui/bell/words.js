/** @returns {string} what a screen reader says for the bell */
export function bellLabel(count) {
  if (count === 0) return "No unread notifications";
  return count === 1 ? "1 unread notification" : `${count} unread notifications`;
}

/** @returns {string} the number as the badge and the title show it */
export function badgeText(count) {
  return count > 99 ? "99+" : String(count);
}
