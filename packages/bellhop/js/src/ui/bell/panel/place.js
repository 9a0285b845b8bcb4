/** Pixels between the bell and its panel. */
const GAP = 6;

/**
 * Tells the panel's style where the bell is: at which edge of the lines it ends, and whether the panel goes below or
 * above it. That the panel stays within the window the style sees to (style.js); on a phone it is a sheet anyway.
 * @param {HTMLElement} panel
 * @param {HTMLElement} bell
 */
export function placeAt(panel, bell) {
  const { left, right, top, bottom } = bell.getBoundingClientRect();
  const isRtl = getComputedStyle(bell).direction === "rtl";
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const isAbove = top > height / 2;
  panel.dataset.side = isAbove ? "above" : "below";
  panel.style.setProperty("--_end", `${Math.round(isRtl ? width - left : right)}px`);
  panel.style.setProperty("--_edge", `${Math.round(Math.max(0, isAbove ? height - top : bottom) + GAP)}px`);
}

/** Keeps it there for as long as it is open. @returns {() => void} which ends that */
export function keepPlace(panel, bell) {
  const place = () => placeAt(panel, bell);
  place();
  window.addEventListener("resize", place);
  window.addEventListener("scroll", place, { capture: true, passive: true });
  return () => {
    window.removeEventListener("resize", place);
    window.removeEventListener("scroll", place, { capture: true });
  };
}
