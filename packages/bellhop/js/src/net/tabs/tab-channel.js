/** What the tabs of one browser tell each other. Where that cannot be, nobody is told, and nobody hears. */
export class TabChannel {
  #channel = null;

  /**
   * @param {typeof BroadcastChannel | undefined} BroadcastChannel
   * @param {string} name
   * @param {(message: object) => void} heard called with what other tabs say
   */
  constructor(BroadcastChannel, name, heard) {
    try {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => heard(data);
    } catch {
      // Missing, or forbidden to this page.
    }
  }

  get isOpen() {
    return this.#channel !== null;
  }

  /** @param {object} message of what JSON can hold */
  say(message) {
    this.#channel?.postMessage(message);
  }

  close() {
    if (this.#channel === null) return;
    this.#channel.onmessage = null;
    this.#channel.close();
    this.#channel = null;
  }
}
