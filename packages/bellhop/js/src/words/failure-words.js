import { t } from "./gettext.js";

/**
 * @param {number} status of the API's answer, 0 where there was none
 * @param {boolean} isOnline the browser's belief
 * @returns {string} what to tell a person whose request failed
 */
export function failureWords(status, isOnline) {
  if (status === 0 && !isOnline) return t("You are offline, so nothing was changed.");
  if (status === 0 || status === 503) return t("Bellhop does not answer just now. Please try again in a moment.");
  if (status === 403) return t("This page is too old for that. Please reload it.");
  if (status === 429) return t("That was a little too often. Please wait a moment.");
  return t("That didn’t work. Please try again.");
}
