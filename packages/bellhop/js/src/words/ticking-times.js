import { relativeTime } from "./relative-time.js";

// English, as every other word of the page: "vor 2 Minuten" amid English text would look broken.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** Turns the server's UTC text of <time datetime> elements under root into relative and local time. */
export function showTimes(root, now = Date.now()) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const then = Date.parse(element.dateTime);
    if (Number.isNaN(then)) continue;
    element.textContent = relativeTime(then, now, relative);
    element.title = absolute.format(then);
  }
}

// English, and with the day first, as the server writes it.
const short = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** @returns {string} a moment on the browser's own clock; as it was written where it is none */
export function absoluteTime(written) {
  const then = Date.parse(written);
  return Number.isNaN(then) ? written : short.format(then);
}
