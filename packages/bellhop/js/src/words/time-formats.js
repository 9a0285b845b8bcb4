import { language } from "./gettext.js";

/** Making one takes longer than using it a hundred times; a page has few languages and zones. */
const made = new Map();

/**
 * @param {object} options of Intl.DateTimeFormat
 * @param {string} [timeZone] without one the browser's
 * @returns {Intl.DateTimeFormat} in the language of the page's words
 */
export function dateFormat(options, timeZone, locale = language()) {
  const name = JSON.stringify([locale, timeZone, options]);
  if (!made.has(name)) made.set(name, new Intl.DateTimeFormat(locale, { ...options, timeZone }));
  return made.get(name);
}

/** @returns {Intl.RelativeTimeFormat} in the language of the page's words */
export function relativeFormat(locale = language()) {
  if (!made.has(locale)) made.set(locale, new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  return made.get(locale);
}
