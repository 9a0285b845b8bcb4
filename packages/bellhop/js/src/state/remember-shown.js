const PREFIX = "bellhop:shown:";

/** An older page or another program may have written it: a value that is not a seq is not a mark. */
function seqIn(text) {
  const seq = Number(text);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}

/**
 * The highest seq that this browser has shown to this user, in whichever tab, kept over reloads so that nothing is shown
 * twice. Where storage is blocked or full it lives as long as the page: repeats after a reload
 * are then bounded by the session's own mark.
 */
export class ShownMark {
  #key;
  #storage;
  #seq = 0;

  /** @param {() => Storage} storage a function, because in some browsers the mere access throws */
  constructor(userKey, storage) {
    this.#key = PREFIX + userKey;
    try {
      this.#storage = storage();
      this.#seq = this.#stored();
    } catch {
      this.#storage = null;
    }
  }

  get seq() {
    return this.#seq;
  }

  /** @returns {number} the highest seq that any page of this browser has shown by now */
  reread() {
    this.#seq = Math.max(this.#seq, this.#stored());
    return this.#seq;
  }

  raise(seq) {
    if (seq <= this.#seq) return;
    this.#seq = seq;
    // Another tab may be further on already; its mark must not go back.
    if (seq > this.#stored()) this.#store(seq);
  }

  /** After a `resync`: to go on from seq, also where that is lower. */
  reset(seq) {
    this.#seq = seq;
    this.#store(seq);
  }

  #stored() {
    try {
      return seqIn(this.#storage?.getItem(this.#key));
    } catch {
      return 0;
    }
  }

  #store(seq) {
    try {
      this.#storage?.setItem(this.#key, String(seq));
    } catch {
      // Full or forbidden: the mark in memory serves this page.
    }
  }
}
