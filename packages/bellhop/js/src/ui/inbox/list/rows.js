/** So many that are not shown are remembered: an undo brings them back without a request. */
const KEPT = 200;

const newestFirst = (a, b) => b.seq - a.seq;

/** As it is shown: what a request of this page asks for counts as done until the server has said otherwise. */
const shownAs = (row) => ({ ...row, ...row.own });

/**
 * What the list knows of its notifications: each as the server told of it last, and what this page has asked to be
 * changed and has no answer to. Knows no DOM.
 */
export class Rows {
  #all = new Map();

  get(id) {
    return this.#all.get(id);
  }

  /** @returns {object[]} those that are in the list for the server, whatever this page has asked for */
  get held() {
    return [...this.#all.values()].filter(({ isListed }) => isListed);
  }

  /** @returns {object[]} those to be shown, newest first */
  get shown() {
    return [...this.#all.values()].map(shownAs).filter(({ isListed }) => isListed).sort(newestFirst);
  }

  /** @param {object} notification which belongs into the list, as the server has it now */
  put(notification) {
    const before = this.#all.get(notification.id);
    const now = { ...before, ...notification, read: Boolean(notification.read), thread: notification.thread ?? "" };
    this.#all.set(notification.id, { own: null, ...now, isListed: true, why: undefined });
  }

  setRead(id, read) {
    this.#all.get(id).read = read;
  }

  /** New words of one that is known. */
  reword(notification) {
    const row = this.#all.get(notification.id);
    const { seq, read, own, isListed } = row;
    this.#all.set(row.id, { ...row, ...notification, seq, read, own, isListed });
  }

  /** @param {string} [why] it belongs into the list no longer */
  drop(id, why) {
    const row = this.#all.get(id);
    if (row !== undefined) Object.assign(row, { isListed: false, why });
  }

  /** Whether it is not yet as that outcome has it. */
  differs(id, outcome) {
    const row = this.#all.get(id);
    return row !== undefined && Object.entries(outcome).some(([name, value]) => row[name] !== value);
  }

  /** This page has asked for a change of these. */
  begin(ids, own) {
    for (const id of ids) {
      const row = this.#all.get(id);
      if (row) row.own = { ...row.own, ...own };
    }
  }

  /** The server has answered: what it has told of them counts. */
  settle(ids) {
    for (const id of ids) {
      const row = this.#all.get(id);
      if (row) row.own = null;
    }
  }

  /** Forgets what has been gone for long. @param {(id: string) => boolean} isNeeded */
  forget(isNeeded) {
    const idle = [...this.#all.values()].filter(({ id, own, isListed }) => !own && !isListed && !isNeeded(id));
    for (const { id } of idle.sort(newestFirst).slice(KEPT)) this.#all.delete(id);
  }

  clear() {
    this.#all.clear();
  }
}
