/** Frames of a WebSocket as bytes (RFC 6455): from a server's stream, and to it. */
import { randomBytes } from "node:crypto";

export const TEXT = 0x1;
export const CLOSE = 0x8;
export const PING = 0x9;

/** More than any frame of the contract; a wrong length must not make a tab wait for gigabytes. */
const LIMIT = 16 * 1024 * 1024;

/** @returns {Buffer} one whole frame, masked as a client must; control frames and short texts only */
export function encode(opcode, payload) {
  if (payload.length > 125) throw new RangeError("only short frames are sent");
  const mask = randomBytes(4);
  const masked = payload.map((byte, index) => byte ^ mask[index % 4]);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]);
}

/** Cuts the stream into messages. */
export class Frames {
  #rest = Buffer.alloc(0);
  #opcode = 0;
  #parts = [];
  #found;

  /** @param {(opcode: number, payload: Buffer) => void} found called with each whole message */
  constructor(found) {
    this.#found = found;
  }

  /** @returns {boolean} false: the server breaks the protocol */
  read(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 2) {
      const [first, second] = this.#rest;
      let [start, length] = [2, second];
      if (second > 127 || first & 0x70) return false; // masked, or extensions that nobody asked for
      if (second === 126) [start, length] = [4, this.#rest.length < 4 ? Infinity : this.#rest.readUInt16BE(2)];
      if (second === 127) [start, length] = [10, this.#rest.length < 10 ? Infinity : this.#long()];
      if (length > LIMIT) return length === Infinity;
      if (this.#rest.length < start + length) return true;
      const payload = this.#rest.subarray(start, start + length);
      this.#rest = this.#rest.subarray(start + length);
      this.#take(first, payload);
    }
    return true;
  }

  #long() {
    return Number(this.#rest.readBigUInt64BE(2));
  }

  #take(first, payload) {
    const opcode = first & 0xf;
    if (opcode >= CLOSE) {
      this.#found(opcode, payload);
      return;
    }
    if (opcode !== 0) this.#opcode = opcode;
    this.#parts.push(payload);
    if (!(first & 0x80)) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#found(this.#opcode, whole);
  }
}
