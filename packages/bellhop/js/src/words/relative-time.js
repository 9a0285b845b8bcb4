import { t } from "./gettext.js";

const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * "2 minutes ago". Under a minute, and for a clock that runs behind the server's, "just now".
 * @param {number} then and @param {number} now in ms since the epoch
 * @param {Intl.RelativeTimeFormat} format
 */
export function relativeTime(then, now, format) {
  const seconds = Math.round((now - then) / 1000);
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  }
  return t("just now");
}
