import { TOAST_LIMIT } from "../../state/toast-queue.js";

/** On a phone four toasts would cover the page, and where it is enlarged to four times its size two would. */
const PHONE_LIMIT = 2;
const SHORT_LIMIT = 1;

/** How many toasts the window has room for, besides the one that sums up the rest. */
export class Limit {
  #isPhone = matchMedia("(max-width: 40rem)");
  #isShort = matchMedia("(max-height: 30rem)");

  get count() {
    if (this.#isShort.matches) return SHORT_LIMIT;
    return this.#isPhone.matches ? PHONE_LIMIT : TOAST_LIMIT;
  }
}

/** Whether a toast is of a notification of high importance. */
export const isOfHigh = ({ dataset }) => dataset.importance === "high";

/** @returns {HTMLElement} of toasts, oldest first, the one that gives way: the oldest, and one of high importance last */
export function firstToGo(toasts) {
  const others = toasts.filter((toast) => !isOfHigh(toast));
  const candidates = others.length > 0 ? others : toasts;
  // Not the one under somebody's hand, if there is another.
  return candidates.find((toast) => !toast.matches(":hover, :focus-within")) ?? candidates[0];
}
