/** Fields in which a letter is a letter; check boxes and buttons are none. */
const TEXTS = "textarea,select,input,[contenteditable]";
const NO_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset"]);

const isTyping = (target) => {
  const field = target.closest?.(TEXTS);
  return Boolean(field) && !NO_TEXT.has(field.type) && field.getAttribute("contenteditable") !== "false";
};

/**
 * Single keys for whoever has the inbox before them: never while they type, with another key, or in a dialog, and not at
 * all where they are switched off.
 */
export class Keys {
  #commands;
  #isOn;

  /**
   * @param {() => boolean} isOn
   * @param {Record<string, () => boolean | void>} commands by key; false: the key is not for us after all
   */
  constructor(isOn, commands) {
    this.#isOn = isOn;
    this.#commands = commands;
  }

  listen() {
    document.addEventListener("keydown", this.#press);
  }

  unlisten() {
    document.removeEventListener("keydown", this.#press);
  }

  #press = (event) => {
    const { key, target } = event;
    if (!Object.hasOwn(this.#commands, key)) return;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(target) || target.closest?.("dialog") || document.querySelector("dialog[open]")) return;
    // The help can be had, and with it the switch, though the keys are off.
    if (key !== "?" && !this.#isOn()) return;
    if (this.#commands[key]() !== false) event.preventDefault();
  };
}
