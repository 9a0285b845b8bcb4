/** Which elements have no place of their own: the focus is nowhere in particular. */
const isNowhere = (element) => !element || element === document.body || element === document.documentElement;

/** @returns {Element | null} what has the focus, also within shadow roots */
export function focusedElement() {
  let { activeElement: element } = document;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return isNowhere(element) ? null : element;
}

const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * At which edge of the window the stack does not cover what has the focus (WCAG 2.4.11).
 * @param {"start" | "end"} edge where it is now
 * @param {DOMRect} stack  @param {DOMRect} focused  @param {number} height of the window
 * @returns {"start" | "end"} the same where neither is better
 */
export function edgeFor(edge, stack, focused, height) {
  const { left, right, top, bottom } = stack;
  const opposite = { left, right, top: height - bottom, bottom: height - top };
  if (!overlaps(stack, focused) || overlaps(opposite, focused)) return edge;
  return edge === "end" ? "start" : "end";
}

/**
 * Keeps the stack away from what has the focus, by the host's `data-edge`.
 * @param {HTMLElement} host  @param {HTMLElement} stack inside of it
 * @returns {() => void} to be called when the stack has grown or shrunk
 */
export function keepClear(host, stack) {
  let isDue = false;
  const check = () => {
    isDue = false;
    const focused = focusedElement();
    if (stack.childElementCount === 0) host.dataset.edge = "end";
    else if (focused !== null && !stack.contains(focused)) {
      const [covered, kept] = [stack.getBoundingClientRect(), focused.getBoundingClientRect()];
      host.dataset.edge = edgeFor(host.dataset.edge, covered, kept, document.documentElement.clientHeight);
    }
  };
  const checkSoon = () => {
    // By the next frame the page has scrolled to where the focus is.
    if (!isDue && stack.childElementCount > 0) requestAnimationFrame(check);
    isDue ||= stack.childElementCount > 0;
  };
  host.dataset.edge = "end";
  document.addEventListener("focusin", checkSoon);
  document.addEventListener("scroll", checkSoon, { capture: true, passive: true });
  return check;
}
