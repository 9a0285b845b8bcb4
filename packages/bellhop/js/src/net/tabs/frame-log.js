import { FRAME } from "../contract.js";

/** Frames that are kept for tabs that come later. */
const KEPT = 200;

/**
 * What a tab has heard of the server: where that stands, and the last frames, as true as they are by now. It tells a tab
 * that comes later what that has not heard.
 */
export class FrameLog {
  #standing = null;
  #frames = [];
  #floor;

  /** @param {{seq: number, rev: number}} position from where on it hears everything */
  constructor(position) {
    this.#floor = position;
  }

  /** Where the server stood last, as its `ready` says it; null until it has said so. */
  get standing() {
    return this.#standing;
  }

  /** A frame that was news. */
  add(frame) {
    if (frame.type === FRAME.NOTIFICATION) this.#arrived(frame);
    else this.#stands(frame);
    if (frame.type === FRAME.STATE) this.#change(frame);
    const isKept = frame.type === FRAME.STATE || (frame.type === FRAME.NOTIFICATION && Number.isInteger(frame.seq));
    if (isKept) this.#frames.push(frame);
    if (this.#frames.length > KEPT) this.#forget(this.#frames.shift());
  }

  /** From here on it hears everything: what was before is for nobody. */
  restart(position) {
    this.#frames = [];
    this.#floor = position;
  }

  /** @returns {object[] | null} the frames that lead on from that position; null: it does not know them all any more */
  since({ seq, rev }) {
    if (seq < this.#floor.seq || rev < this.#floor.rev) return null;
    return this.#frames.filter((frame) => (frame.type === FRAME.STATE ? frame.rev > rev : frame.seq > seq));
  }

  #stands({ type, seq, rev, unread, seen, user_key }) {
    const before = this.#standing;
    if (type === FRAME.READY) this.#standing = { type, seq, rev, unread, seen, user_key };
    // Counted before something that is here already.
    else if (before === null || rev < before.rev || seq < before.seq) return;
    else this.#standing = { ...before, seq, rev, unread, seen: seen ?? before.seen };
  }

  #arrived({ seq, read }) {
    const before = this.#standing;
    if (before === null || !(seq > before.seq)) return;
    this.#standing = { ...before, seq, unread: before.unread + (read ? 0 : 1) };
  }

  /** Whoever comes later is not told of what is gone, nor in words of before. */
  #change({ read = [], unread_ids: unread = [], archived = [], removed = [], updated = [] }) {
    const gone = new Set([...archived, ...removed]);
    const reads = new Map([...read.map((id) => [id, true]), ...unread.map((id) => [id, false])]);
    const words = new Map(updated.map((now) => [now.id, now]));
    this.#frames = this.#frames
      .filter((frame) => frame.type === FRAME.STATE || !gone.has(frame.id))
      .map((frame) => {
        if (frame.type === FRAME.STATE) return frame;
        const now = words.get(frame.id) ?? frame;
        return { ...now, type: FRAME.NOTIFICATION, seq: frame.seq, read: reads.get(frame.id) ?? now.read };
      });
  }

  #forget(frame) {
    if (frame.type === FRAME.STATE) this.#floor = { ...this.#floor, rev: Math.max(this.#floor.rev, frame.rev) };
    else this.#floor = { ...this.#floor, seq: Math.max(this.#floor.seq, frame.seq) };
  }
}
