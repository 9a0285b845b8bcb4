const COOKIE = "bellhop_zone";
const YEAR_S = 31_536_000;

/** @returns {string | undefined} the zone of the browser's clock; undefined where it does not say */
export const zoneOfBrowser = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The zone in which a page tells days and times: the one that the person has chosen, else the browser's.
 * @param {string | undefined} rendered in which the server tells them. Where it is not the one that this browser has told
 *   the server, it was chosen; a browser that has told none yet may not have been told of a choice, for one page.
 * @returns {string | undefined} undefined: whatever the browser takes
 */
export function zoneOfViewer(rendered) {
  const told = cookie();
  const isChosen = told !== undefined && told !== rendered && isZone(rendered);
  return isChosen ? rendered : zoneOfBrowser();
}

/** Tells the server the browser's zone, for the pages that it renders from now on. */
export function tellServer(zone = zoneOfBrowser()) {
  if (!zone || cookie() === zone) return;
  const isSecure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}=${zone}; path=/; max-age=${YEAR_S}; samesite=lax${isSecure}`;
}

/** A name that this browser does not know (the server's list is newer) must not keep the page from telling times. */
function isZone(name) {
  if (!name) return false;
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function cookie() {
  const pairs = (document.cookie ?? "").split("; ").map((pair) => pair.split("="));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}
