/** Stands for notifications that nobody was sent: `skipped` of them, none above `seq`. */
const isGap = ({ skipped }) => skipped !== undefined;

/**
 * What the toast that sums up the rest tells of: notifications without a toast of their own, as long as they are unread
 * and there. Of each it keeps what tells that, and not its words. Knows no DOM.
 */
export class Crowd {
  #all = [];

  /** How many it tells of. */
  get size() {
    return this.#all.reduce((sum, one) => sum + (isGap(one) ? one.skipped : 1), 0);
  }

  /** Those of them that are known. */
  get known() {
    return this.#all.filter((one) => !isGap(one));
  }

  /** @param {object[]} notifications or gaps, `{skipped, seq}` */
  add(notifications) {
    this.#all.push(...notifications.map(({ id, seq, skipped }) => ({ id, seq, skipped })));
  }

  /** @param {(notification: object) => boolean} isMeant those are told of no longer */
  forget(isMeant) {
    this.#all = this.#all.filter((one) => !isMeant(one));
  }

  /** So many are unread that have no toast: beside those that are known, gaps can hold no more. */
  limit(unread) {
    let left = Math.max(0, unread - this.known.length);
    for (const gap of this.#all.filter(isGap)) {
      gap.skipped = Math.min(gap.skipped, left);
      left -= gap.skipped;
    }
    this.forget(({ skipped }) => skipped === 0);
  }

  clear() {
    this.#all = [];
  }
}
