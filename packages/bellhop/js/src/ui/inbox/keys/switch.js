const KEY = "bellhop:keys";

/** Whether this browser's person wants the keys: kept in it, over all pages. */
export class KeysSwitch {
  #isOn = true;
  #storage;

  /** @param {() => Storage} storage a function, because in some browsers the mere access throws */
  constructor(storage) {
    this.#storage = storage;
  }

  get isOn() {
    try {
      this.#isOn = this.#storage().getItem(KEY) !== "off";
    } catch {
      // Blocked: what was chosen counts as long as the page.
    }
    return this.#isOn;
  }

  set(isOn) {
    this.#isOn = isOn;
    try {
      this.#storage().setItem(KEY, isOn ? "on" : "off");
    } catch {
      // As above.
    }
  }
}
