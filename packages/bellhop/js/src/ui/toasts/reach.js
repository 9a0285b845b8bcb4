import { focusedElement } from "./keep-clear.js";

/**
 * F6 leads to the newest toast, and from the toasts back to where one was.
 * @param {HTMLElement} stack
 * @returns {() => void} which goes back
 */
export function reachByKey(stack) {
  let from = null;
  const back = () => {
    if (from?.isConnected) from.focus();
    from = null;
  };
  document.addEventListener("keydown", (event) => {
    const { key, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (key !== "F6" || defaultPrevented || altKey || ctrlKey || metaKey || shiftKey) return;
    const newest = stack.lastElementChild;
    if (newest === null) return;
    event.preventDefault();
    if (stack.matches(":focus-within")) back();
    else {
      from = focusedElement();
      const link = newest.querySelector("[data-link]");
      (link.hidden ? newest.querySelector("[data-dismiss]") : link).focus();
    }
  });
  return back;
}
