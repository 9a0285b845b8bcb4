/** A server small enough to be told what to do: pages as the templates have them, sockets, and the API's summary. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { ready } from "./fakes.js";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const row = ({ id, seq, read = false, message }) => `<li class="bellhop-item" data-testid="notification"
  data-id="${id}" data-seq="${seq}" data-kind="message" data-read="${read}">
  <p><a data-message href="/x?a=1&amp;b=2">${message}</a></p>
  <p class="bellhop-item-body" data-body hidden></p>
  <time datetime="2026-11-22T10:00:00Z"></time></li>`;

const html = ({ user, seq, rows }) => `<!doctype html><title>Notifications · Bellhop</title>
  <bellhop-inbox class="bellhop-inbox" api="/api/notifications/" socket="/ws/notifications/" data-url="/" data-newest="true"
  data-bellhop-user="${user}" data-seq="${seq}" data-rev="0" data-unread="0">
  <input type="hidden" name="through" value="${seq}"><ol>${rows.map(row).join("")}</ol>
  <a class="bellhop-older" data-older href="" hidden></a>
  <template>${row({ id: "", seq: "", message: "" })}</template></bellhop-inbox>`;

function frame(opcode, payload) {
  const long = payload.length > 125;
  const head = long ? [0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff] : [0x80 | opcode, payload.length];
  return Buffer.concat([Buffer.from(head), payload]);
}

export class FakeGateway {
  seq = 0;
  rows = [];
  answer = null; // instead of the page: {status, location}
  links = []; // {user, url, headers, stream}, oldest first
  requests = []; // {path, headers, method, body}, the whole body once it is answered
  #server = createServer((request, response) => this.#serve(request, response));

  async start() {
    this.#server.on("upgrade", (request, stream) => this.#accept(request, stream));
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.address = `127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    for (const { stream } of this.links) stream.destroy();
    this.#server.close();
  }

  /** Sends to all tabs of a user. */
  says(user, frames) {
    const bytes = Buffer.concat([frames].flat().map((one) => frame(0x1, Buffer.from(JSON.stringify(one)))));
    for (const link of this.links) if (link.user === user) link.stream.write(bytes);
  }

  ends(user, code) {
    const payload = Buffer.from([code >> 8, code & 0xff]);
    for (const link of this.links.filter((one) => one.user === user)) link.stream.end(frame(0x8, payload));
  }

  #serve(request, response) {
    const { url: path, headers, method } = request;
    const noted = { path, headers, method, body: "" };
    this.requests.push(noted);
    request.on("data", (chunk) => (noted.body += chunk));
    request.on("end", () => this.#respond(path, headers, response));
  }

  #respond(path, headers, response) {
    const user = /sessionid=(\w+)/.exec(headers.cookie)?.[1];
    if (path.startsWith("/api/")) {
      const standing = { seq: this.seq, rev: 0, unread: 0, since: 0 };
      response.end(JSON.stringify({ ...standing, results: [], next: null, user_key: user, csrf_token: "fresh" }));
    } else if (this.answer !== null) {
      response.writeHead(this.answer.status, { Location: this.answer.location ?? "" }).end();
    } else {
      response.setHeader("Set-Cookie", "csrftoken=fresh; Path=/; SameSite=Lax");
      response.end(html({ user, seq: this.seq, rows: this.rows }));
    }
  }

  #accept({ url, headers }, stream) {
    const accept = createHash("sha1").update(headers["sec-websocket-key"] + GUID).digest("base64");
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    stream.write([...lines, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
    stream.on("error", () => {});
    stream.on("data", () => {});
    stream.on("close", () => this.links.splice(this.links.indexOf(link), 1));
    const user = /sessionid=(\w+)/.exec(headers.cookie)?.[1];
    const link = { user, url, headers, stream };
    this.links.push(link);
    stream.write(frame(0x1, Buffer.from(JSON.stringify(ready(this.seq)))));
  }
}
