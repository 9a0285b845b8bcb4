import { t } from "../../../words/gettext.js";
import { dateFormat } from "../../../words/time-formats.js";

const DAY_MS = 86_400_000;
const PARTS = { year: "numeric", month: "2-digit", day: "2-digit" };

/** @returns {string} the day on which a moment lies in that zone, as YYYY-MM-DD; "" for a moment that nobody can read */
export function dayOf(moment, zone) {
  const then = typeof moment === "number" ? moment : Date.parse(moment);
  if (Number.isNaN(then)) return "";
  // The language with which a browser writes a date in this order is no matter of the page's language.
  const parts = dateFormat(PARTS, zone, "en").formatToParts(then);
  const part = (name) => parts.find(({ type }) => type === name).value;
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** @returns {string} "Today", "Yesterday", or the day's name and date, with the year where it is another one */
export function headingOf(day, now, zone) {
  if (day === "") return "";
  const today = dayOf(now, zone);
  if (day === today) return t("Today");
  // Noon is in the day before under every change of clocks.
  if (day === dayOf(noonOf(today) - DAY_MS, "UTC")) return t("Yesterday");
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  const year = isThisYear ? {} : { year: "numeric" };
  return dateFormat({ weekday: "long", day: "numeric", month: "long", ...year }, "UTC").format(noonOf(day));
}

const noonOf = (day) => Date.parse(`${day}T12:00:00Z`);
