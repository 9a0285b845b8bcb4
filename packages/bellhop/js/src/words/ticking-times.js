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
