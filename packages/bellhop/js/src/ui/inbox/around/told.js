import { t } from "../../../words/gettext.js";

/**
 * Makes what the server has told about the page true of what the script makes of it.
 * @param {HTMLElement} section
 * @param {string} [zone] in which the times are told by now
 */
export function correctWhatIsTold(section, zone) {
  const line = section.querySelector(".bellhop-zone");
  if (line && zone && zone !== section.dataset.zone) line.textContent = t("Times are in {zone}.", { zone });
  // The announcer says it, once, as it does everything; a page may have a place of its own for it, too.
  for (const place of document.querySelectorAll("[data-bellhop-signed-out]")) place.removeAttribute("role");
  forgetDone();
}

/** Takes what was done out of the page's address: told once, and not again by a reload. */
function forgetDone() {
  const { history, location } = window;
  if (!location?.href) return;
  const address = new URL(location.href);
  if (!address.searchParams.has("done")) return;
  address.searchParams.delete("done");
  history.replaceState(history.state, "", address.href);
}
