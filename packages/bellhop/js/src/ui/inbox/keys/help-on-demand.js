import { logFailure } from "../../../words/console-log.js";
import { loadOnDemand } from "../../load-on-demand.js";

/** The dialog that tells the keys, whose file is loaded when somebody asks for it. */
export class HelpOnDemand {
  #switch;
  #address;
  #help = null;
  #isWanted = false;

  /**
   * @param {import("./switch.js").KeysSwitch} keysSwitch
   * @param {string | null} address of the file, as the page has it
   */
  constructor(keysSwitch, address) {
    this.#switch = keysSwitch;
    this.#address = address;
  }

  async open() {
    this.#isWanted = true;
    try {
      const makeHelp = await loadOnDemand("help", this.#address);
      this.#help ??= makeHelp(this.#switch);
      if (this.#isWanted) this.#help.open();
    } catch (error) {
      logFailure("no help for the keys", error);
    }
  }

  /** Also one that is still to come. */
  close() {
    this.#isWanted = false;
    this.#help?.close();
  }
}
