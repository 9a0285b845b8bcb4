import { FRAME } from "../contract.js";
import { Delivery } from "../delivery.js";
import { FrameLog } from "./frame-log.js";

/** Before every tab: a frame that is told again, to one that is known to need it. */
const START = Object.freeze({ seq: 0, rev: 0 });

/**
 * What one tab makes of the frames that one of them hears for all: what is news to it, what it has missed of them, and
 * what it can tell a tab that comes later.
 */
export class TabDelivery {
  #delivery;
  #log;
  #emit;
  #ask;
  #isNew = false; // it has not been told where the server stands

  /**
   * @param {{seq: number, rev: number}} from what was delivered, and up to which changes were told, before
   * @param {(name: string, detail: object) => void} emit
   * @param {() => void} ask it has missed something
   */
  constructor(from, emit, ask) {
    this.#delivery = new Delivery(from);
    this.#log = new FrameLog(from);
    this.#emit = emit;
    this.#ask = ask;
  }

  get position() {
    return this.#delivery.position;
  }

  /** From now on another tab tells it, which it has asked where the server stands. */
  follow() {
    this.#isNew = true;
  }

  /** @param {{seq: number, rev: number}} at where the tab that holds the socket was before this frame */
  take(frame, at) {
    const isUnsaved = frame.type === FRAME.NOTIFICATION && !Number.isInteger(frame.seq);
    const { seq, rev } = this.position;
    const isBehind = at.seq > seq || at.rev > rev;
    if (frame.type === FRAME.READY) this.#isNew = false;
    // Nobody tells an unsaved one again; all else comes with the answer.
    else if (!isUnsaved && (this.#isNew || (isBehind && frame.type !== FRAME.RESYNC))) {
      this.#ask();
      return;
    }
    this.#deliver(frame);
    if (frame.type !== FRAME.READY) return;
    // The server went back, and this tab is further than the one that holds the socket, which is told no resync.
    if (frame.seq < seq && at.seq <= frame.seq) this.#deliver({ type: FRAME.RESYNC, seq: frame.seq });
    else if (isBehind) this.#ask();
  }

  /** What to tell a tab that is at that position. */
  answerTo(position) {
    return { standing: this.#log.standing, frames: this.#log.since(position), at: this.position };
  }

  /** The answer has come. */
  welcomed({ standing, frames, at }) {
    const { seq, rev } = this.position;
    if (this.#isNew) this.take(standing, START);
    if (frames !== null) {
      for (const frame of frames) this.take(frame, START);
      return;
    }
    // It is more than is kept: as the server says it then.
    if (at.seq > seq) this.#deliver({ type: FRAME.RESYNC, seq: at.seq });
    if (at.rev > rev) this.#deliver({ ...standing, type: FRAME.STATE, since: rev, reload: true });
  }

  #deliver(frame) {
    const before = this.position;
    const news = this.#delivery.take(frame);
    if (news === null) return;
    const now = this.position;
    const isBreak = frame.type === FRAME.RESYNC || frame.reload || now.seq < before.seq || now.rev < before.rev;
    if (frame.type !== FRAME.RESYNC) this.#log.add(frame);
    if (isBreak) this.#log.restart(now);
    this.#emit(...news);
  }
}
