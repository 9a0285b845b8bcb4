import { safeLink } from "../words/safe-link.js";
import { make } from "./make.js";

/**
 * Puts a kind's own picture into the place of its sign, which the style hides as long as one is there; takes it out
 * where there is none. One that cannot be had gives way to the sign.
 * @param {HTMLElement | null} place
 * @param {unknown} icon address
 * @returns {boolean} whether anything changed
 */
export function showIcon(place, icon) {
  const src = safeLink(icon);
  const before = place?.querySelector("img") ?? null;
  if (!place || (before?.getAttribute("src") ?? null) === src) return false;
  before?.remove();
  if (src === null) return true;
  const picture = make("img", { src, alt: "", width: 20, height: 20 });
  picture.addEventListener("error", () => picture.remove());
  place.append(picture);
  return true;
}
