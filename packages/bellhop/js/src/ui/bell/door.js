import { logFailure } from "../../words/console-log.js";
import { STATE } from "../../net/connection.js";
import { loadOnDemand } from "../load-on-demand.js";

/**
 * What the bell's button does: it opens the panel, whose file is loaded when somebody is about to want it. Where there
 * is none, and where nobody is signed in, it leads to the page.
 */
export class Door {
  #parts;
  #panel = null;
  #loading = null;

  /** @param {{host: HTMLElement, root: ShadowRoot, button: HTMLButtonElement}} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.button.addEventListener("click", (event) => this.#clicked(event));
    for (const name of ["pointerenter", "focus"]) parts.button.addEventListener(name, () => this.#prepare());
  }

  /** The bell leaves the page. */
  close() {
    this.#panel?.close();
  }

  /** @param {import("../../client/client.js").Client} client that the panel shows */
  of(client) {
    this.#parts.client = client;
  }

  /** Loads the file, so that it is there when the button is pressed. A failure is told then. */
  #prepare() {
    if (this.#parts.client.state === STATE.SIGNED_OUT) return;
    this.#loading ??= loadOnDemand("panel", this.#parts.host.getAttribute("panel"));
    this.#loading.catch(() => (this.#loading = null));
  }

  async #clicked(event) {
    const { client, button } = this.#parts;
    const isOver = client.state === STATE.SIGNED_OUT;
    // Once there is a panel, the button opens and closes it by itself, as popovertarget does.
    if (this.#panel !== null && !isOver) return;
    // Otherwise by this very press the browser would close again what is opened here.
    event.preventDefault();
    if (isOver || button.ariaBusy === "true") this.#follow();
    else await this.#load();
  }

  async #load() {
    const { button } = this.#parts;
    button.ariaBusy = "true";
    this.#prepare();
    try {
      const makePanel = await this.#loading;
      this.#panel ??= makePanel(this.#parts);
      if (this.#parts.host.isConnected) this.#panel.open();
    } catch (error) {
      logFailure("no panel", error);
      this.#follow();
    } finally {
      button.ariaBusy = null;
    }
  }

  #follow() {
    location.assign(this.#parts.host.getAttribute("href") ?? "");
  }
}
