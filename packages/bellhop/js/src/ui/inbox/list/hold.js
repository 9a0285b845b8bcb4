/** Milliseconds after which the pointer has really left: on its way to a button it may cross a gap. */
const CALM_MS = 300;

/**
 * Tells whether somebody is at work in the list, so that nothing may move there: the pointer or the focus is in it, or
 * something in it is ticked or selected. To one that is scrolled nothing is added either: nobody would see it.
 */
export class Hold {
  #places;
  #list;
  #isTicked;
  #released;
  #timer = null;
  #canHover = matchMedia("(hover: hover)");

  /**
   * @param {HTMLElement[]} places where the pointer and the focus count
   * @param {HTMLElement} list
   * @param {() => boolean} isTicked
   * @param {() => void} released called a moment after the last of it has ended
   */
  constructor(places, list, isTicked, released) {
    this.#places = places;
    this.#list = list;
    this.#isTicked = isTicked;
    this.#released = released;
    for (const place of places) {
      for (const name of ["pointerleave", "focusout", "change"]) place.addEventListener(name, this.#look);
    }
  }

  /** Whether nothing may leave its place. */
  get isTouched() {
    const isAt = (place) => (this.#canHover.matches && place.matches(":hover")) || place.contains(document.activeElement);
    return this.#places.some(isAt) || this.#isTicked() || this.#isSelected;
  }

  /** Whether nothing may be added. */
  get isHeld() {
    return this.isTouched || this.#isScrolled;
  }

  listen() {
    window.addEventListener("scroll", this.#look);
    document.addEventListener("selectionchange", this.#look);
  }

  unlisten() {
    window.removeEventListener("scroll", this.#look);
    document.removeEventListener("selectionchange", this.#look);
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  get #isScrolled() {
    return this.#list.getBoundingClientRect().top < 0;
  }

  /** Text of the list, to be copied. */
  get #isSelected() {
    const selection = document.getSelection?.();
    return Boolean(selection) && !selection.isCollapsed && this.#list.contains(selection.anchorNode);
  }

  #look = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.isTouched) this.#released();
    }, CALM_MS);
  };
}
