import { language } from "./gettext.js";
import { relativeTime } from "./relative-time.js";
import { dateFormat, relativeFormat } from "./time-formats.js";

// As the server writes the time of day, in every language.
const EXACT = { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" };
const SHORT = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" };
const TIME = { timeStyle: "short", hourCycle: "h23" };

/**
 * Makes the <time datetime> elements under root say how long ago that was, and when exactly to whoever points at them.
 * @param {Element} root
 * @param {number} [now] in ms since the epoch
 * @param {string} [zone] without one the browser's
 */
export function showTimes(root, now = Date.now(), zone = undefined) {
  each(root, (element, then) => {
    put(element, relativeTime(then, now, relativeFormat()), dateFormat(EXACT, zone).format(then));
  });
}

/** Makes them say the time of day, as under the heading of a day, and how long ago that was to whoever points at them. */
export function showTimesOfDay(root, now = Date.now(), zone = undefined) {
  each(root, (element, then) => {
    const title = `${dateFormat(EXACT, zone).format(then)} · ${relativeTime(then, now, relativeFormat())}`;
    put(element, timeOfDay(then, zone), title);
  });
}

/** @returns {string} a moment on the browser's own clock; as it was written where it is none */
export function absoluteTime(written) {
  const then = Date.parse(written);
  // English with the day first, as the server writes it there.
  const locale = language() === "en" ? "en-GB" : language();
  return Number.isNaN(then) ? written : dateFormat(SHORT, undefined, locale).format(then);
}

/** @returns {string} the time of day, such as "18:25" */
export const timeOfDay = (moment, zone) => dateFormat(TIME, zone).format(moment);

function each(root, show) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const then = Date.parse(element.dateTime);
    if (!Number.isNaN(then)) show(element, then);
  }
}

/** What is there already is not touched: a selection of it stays. */
function put(element, text, title) {
  if (element.textContent !== text) element.textContent = text;
  if (element.title !== title) element.title = title;
}
