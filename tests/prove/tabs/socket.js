/** A WebSocket with a Host of its own choice, which Node's has not. As a browser: tasks in order, 1006 for a lost link. */
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import { Frames, TEXT, CLOSE, PING, encode } from "./wire.js";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** How long a browser waits for the other side to finish the closing handshake. */
const CLOSING_MS = 2_000;

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

export class SocketClient {
  readyState = CONNECTING;
  #request;
  #stream = null;
  #code = 1006;
  #why = {};
  #handlers;
  #tasks = [];
  #isLeft = false; // by close(): nothing is said any more

  /**
   * @param {http.RequestOptions} target
   * @param {object} handlers each in a task of its own, one after the other
   * @param {() => void} handlers.opened
   * @param {(text: string) => void} handlers.arrived a text frame, as it comes and whoever still listens
   * @param {(text: string) => void} handlers.said the same, for the page; not after close()
   * @param {(code: number, why: object) => void} handlers.closed once, last; why holds `status` or `error`
   */
  constructor(target, handlers) {
    this.#handlers = handlers;
    const key = randomBytes(16).toString("base64");
    const accept = createHash("sha1").update(key + GUID).digest("base64");
    const headers = { ...target.headers, Upgrade: "websocket", Connection: "Upgrade" };
    Object.assign(headers, { "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key });
    this.#request = http.request({ ...target, headers });
    this.#request.on("error", (error) => this.#over({ error: error.code ?? error.message }));
    this.#request.on("response", (response) => {
      response.on("error", () => {});
      this.#over({ status: response.statusCode });
      this.#request.destroy();
    });
    this.#request.on("upgrade", (response, stream, head) => {
      if (response.headers["sec-websocket-accept"] === accept) {
        this.#opened(stream, head);
        return;
      }
      this.#over({ error: "wrong answer to the handshake" });
      stream.destroy();
    });
    this.#request.end();
  }

  close() {
    this.#isLeft = true;
    if (this.readyState === CONNECTING) {
      this.#over({ error: "given up by the page" });
      this.#request.destroy();
    } else if (this.readyState === OPEN) {
      this.#finish(Buffer.alloc(0));
    }
  }

  #opened(stream, head) {
    if (this.readyState !== CONNECTING) {
      stream.destroy();
      return;
    }
    this.#stream = stream;
    this.readyState = OPEN;
    this.#task(() => this.#handlers.opened());
    const frames = new Frames((opcode, payload) => this.#heard(opcode, payload));
    stream.setNoDelay(true);
    stream.on("error", (error) => (this.#why = { error: error.code ?? error.message }));
    stream.on("close", () => this.#over(this.#why));
    stream.on("data", (chunk) => {
      if (!frames.read(chunk)) this.#fail();
    });
    stream.on("end", () => stream.end());
    if (head.length > 0 && !frames.read(head)) this.#fail();
  }

  #heard(opcode, payload) {
    if (opcode === PING) this.#stream.write(encode(0xa, payload));
    if (opcode === CLOSE && this.readyState !== CLOSED) {
      this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      if (this.readyState === OPEN) this.#finish(payload.subarray(0, 2));
    }
    if (opcode !== TEXT) return;
    const text = payload.toString();
    this.#handlers.arrived(text);
    this.#task(() => {
      if (!this.#isLeft) this.#handlers.said(text);
    });
  }

  #fail() {
    this.#code = 1006;
    this.#why = { error: "malformed frame" };
    this.#stream.destroy();
  }

  #finish(payload) {
    this.readyState = CLOSING;
    const stream = this.#stream;
    stream.write(encode(CLOSE, payload));
    const timer = setTimeout(() => stream.destroy(), CLOSING_MS);
    stream.on("close", () => clearTimeout(timer));
  }

  #over(why) {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.#task(() => this.#handlers.closed(this.#code, why));
  }

  /** In a browser each event is a task of its own: what the one before left to promises is done by then. */
  #task(work) {
    this.#tasks.push(work);
    if (this.#tasks.length === 1) setImmediate(() => this.#next());
  }

  #next() {
    try {
      this.#tasks[0]();
    } finally {
      this.#tasks.shift();
      if (this.#tasks.length > 0) setImmediate(() => this.#next());
    }
  }
}
