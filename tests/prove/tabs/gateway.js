/** HTTP as a browser speaks it, to a gateway whose own name is not the one in the address bar. */
import http from "node:http";
import { SharedByTabs } from "../../js/support/tabs/shared-by-tabs.js";
import { SocketClient } from "./socket.js";

/** What one browser profile keeps: cookies and localStorage, shared by its tabs, as are its locks and channels. */
export class Device {
  #cookies = new Map();
  storage = new Map();
  shared = new SharedByTabs((work) => setImmediate(work));

  /** Takes over a whole Cookie header in place of all that was kept. */
  replace(header) {
    this.#cookies.clear();
    for (const pair of header.split(/;\s*/)) if (pair) this.#set(pair);
  }

  /** @param {string[]} [lines] Set-Cookie headers of an answer */
  store(lines = []) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(/;\s*/);
      const given = new Map(attributes.map((text) => [text.split("=")[0].toLowerCase(), text.replace(/^[^=]*=?/, "")]));
      const maxAge = given.get("max-age");
      const isOver = maxAge === undefined ? Date.parse(given.get("expires")) <= Date.now() : Number(maxAge) <= 0;
      this.#set(pair);
      if (isOver) this.#cookies.delete(pair.split("=")[0]);
    }
  }

  #set(pair) {
    this.#cookies.set(pair.split("=")[0], pair.replace(/^[^=]*=?/, ""));
  }

  /** Both the Cookie header and document.cookie: HttpOnly is not kept, the page looks for its token alone. */
  get cookie() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

export class Gateway {
  #host;
  #port;
  #public;

  /** @param {string} address host:port to connect to  @param {string} publicUrl the site's own address */
  constructor(address, publicUrl) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#host = hostname;
    this.#port = Number(port || 80);
    this.#public = new URL(publicUrl);
  }

  get location() {
    const { protocol, host, origin } = this.#public;
    return { protocol, host, origin };
  }

  /**
   * A connection for each request: a browser's are kept, and one that died is replaced without a word.
   * @param {Device} device
   * @returns {Promise<{status: number, location: string | undefined, text: string}>} rejects without a whole answer
   */
  request(device, path, { method = "GET", headers = {}, body, signal } = {}) {
    const own = method === "GET" ? {} : { Origin: this.#public.origin };
    return new Promise((resolve, reject) => {
      const request = http.request({
        ...this.#target(device, path, { ...headers, ...own }),
        method,
        signal,
      });
      request.on("error", reject);
      request.on("response", (response) => {
        device.store(response.headers["set-cookie"]);
        const chunks = [];
        response.on("error", reject);
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          const { statusCode: status, headers: answered } = response;
          resolve({ status, location: answered.location, text: Buffer.concat(chunks).toString() });
        });
      });
      request.end(body);
    });
  }

  /**
   * A form, as somebody who fills it in: the page that has it first, for its token.
   * @returns {Promise<number>} status of the answer, whose cookies the device has by then
   */
  async submit(device, path, fields) {
    await this.request(device, path);
    const token = /(?:^|; )csrftoken=([^;]*)/.exec(device.cookie)?.[1] ?? "";
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token }).toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Referer: `${this.#public.origin}${path}` };
    return (await this.request(device, path, { method: "POST", headers, body })).status;
  }

  /** @returns {SocketClient} on its way; the handlers are SocketClient's */
  socket(device, url, handlers) {
    const { pathname, search } = new URL(url);
    return new SocketClient(
      this.#target(device, pathname + search, { Origin: this.#public.origin }),
      handlers,
    );
  }

  #target(device, path, headers) {
    const { cookie } = device;
    const all = { Host: this.#public.host, "User-Agent": "Mozilla/5.0 (tab)", ...headers };
    if (cookie !== "") all.Cookie = cookie;
    return { host: this.#host, port: this.#port, path, headers: all, agent: false };
  }
}
