/** A tab: loads its page, again when that fails, and reports. */
import { Page } from "./page.js";
import { readPage } from "./rendered.js";

const LOAD_MS = 30_000;
const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 8_000;

export class Tab {
  #gateway;
  #device;
  #isHidden;
  #tell;
  #page = null;
  #retry = null;
  #run = 0; // number of the current load: the answer to an earlier one is not for us
  #sockets = 0;

  /** @param {boolean} isHidden it is in the background  @param {(event: string, fields: object) => void} tell */
  constructor({ gateway, device, isHidden, tell }) {
    this.#gateway = gateway;
    this.#device = device;
    this.#isHidden = isHidden;
    this.#tell = tell;
  }

  /** As somebody who presses reload, until the page is there: the old one stays until an answer comes. */
  load() {
    this.#stop();
    this.#attempt(0);
  }

  close() {
    this.#stop();
    this.#leave();
  }

  press(action, id) {
    this.#page?.press(action, id);
  }

  get screen() {
    return { loaded: this.#page !== null, rows: [], ...this.#page?.screen };
  }

  #stop() {
    clearTimeout(this.#retry);
    this.#run += 1;
  }

  #leave() {
    this.#page?.leave();
    this.#page = null;
  }

  async #attempt(count) {
    const run = this.#run;
    const started = performance.now();
    const headers = { Accept: "text/html", "Accept-Language": "en" };
    let answer = {};
    let failed;
    try {
      answer = await this.#gateway.request(this.#device, "/", { headers, signal: AbortSignal.timeout(LOAD_MS) });
    } catch (error) {
      failed = { error: error.code ?? error.message };
    }
    if (run !== this.#run) return;
    this.#leave();
    const { status, location, text } = answer;
    const rendered = status === 200 ? readPage(text) : null;
    if (rendered !== null) {
      this.#arrive(rendered, (performance.now() - started) / 1000);
    } else if (status === 200 || location?.includes("/login")) {
      this.#tell("signed-out", { by: status === 200 ? "landing" : "redirect" });
    } else {
      const delay = Math.round(Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** count) * (0.5 + Math.random() / 2));
      this.#tell("load-failed", { ...(failed ?? { status }), delay });
      this.#retry = setTimeout(() => this.#attempt(count + 1), delay);
    }
  }

  #arrive(rendered, took) {
    const { seq, rev, unread, since } = rendered.data;
    const rows = rendered.rows.map(({ id, seq, read, message }) => ({ id, seq, read, message }));
    this.#tell("loaded", { seq, rev, unread, rows, took });
    if (since !== undefined) this.#tell("began", { since });
    const nextSocket = () => (this.#sockets += 1);
    this.#page = new Page(rendered, {
      gateway: this.#gateway,
      device: this.#device,
      isHidden: this.#isHidden,
      tell: this.#tell,
      nextSocket,
    });
    this.#page.start();
  }
}
