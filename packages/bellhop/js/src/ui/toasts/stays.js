/** How long a toast stays that nobody touches, and how often that is looked at, in milliseconds. */
export const STAY_MS = 8_000;
const TICK_MS = 500;

/** How long each toast still stays: one slow clock for all, which stands still while somebody reads or cannot see the page. */
export class Stays {
  #region;
  #over;
  #left = new Map(); // toast element → ms it still has
  #ticker = null;
  #canHover = matchMedia("(hover: hover)");

  /** @param {HTMLElement} region that holds the toasts  @param {(toast: HTMLElement) => void} over called when one has had its time */
  constructor(region, over) {
    this.#region = region;
    this.#over = over;
  }

  /** The toasts that are up, oldest first. */
  get all() {
    return [...this.#left.keys()];
  }

  /** Lets one stay so long from now. */
  set(toast, ms = STAY_MS) {
    this.#left.set(toast, ms);
    this.#tick();
  }

  /** Lets one stay that long at least. */
  raise(toast) {
    if (this.#left.get(toast) < STAY_MS) this.#left.set(toast, STAY_MS);
  }

  delete(toast) {
    this.#left.delete(toast);
  }

  #tick() {
    this.#ticker ??= setInterval(() => {
      if (this.#isHeld()) return;
      for (const [toast, left] of [...this.#left]) {
        if (left <= TICK_MS) this.#over(toast);
        else this.#left.set(toast, left - TICK_MS);
      }
      if ([...this.#left.values()].some(Number.isFinite)) return;
      clearInterval(this.#ticker);
      this.#ticker = null;
    }, TICK_MS);
  }

  #isHeld() {
    if (document.hidden || this.#region.matches(":focus-within")) return true;
    // On a touch screen :hover sticks to what was tapped last.
    return this.#canHover.matches && this.#region.matches(":hover");
  }
}
