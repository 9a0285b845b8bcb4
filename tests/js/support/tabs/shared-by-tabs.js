/** What the tabs of one browser share, as browsers have it, and nothing else does: Web Locks and BroadcastChannel. */

const abortError = () => Object.assign(new Error("aborted"), { name: "AbortError" });

/** One browser's; each tab gets managers and channels of its own, which go with it. */
export class SharedByTabs {
  loses = 0; // so many of the next messages do not come
  #held = new Map(); // name → {tab, callback, reject, isOver}
  #queues = new Map(); // name → requests that wait
  #channels = new Set();
  #later;

  /** @param {(work: () => void) => void} [later] runs a task of its own, as a browser between two others */
  constructor(later = queueMicrotask) {
    this.#later = later;
  }

  /** Who holds that lock. */
  holder(name) {
    return this.#held.get(name)?.tab;
  }

  /** What one tab has of it, to be put among its globals. `enter` runs what comes to that tab. */
  of(tab, enter = (work) => work()) {
    const shared = this;
    const task = (work) => this.#later(() => enter(work));
    const locks = {
      request: (name, options, callback) => this.#request(tab, task, name, options, callback),
      query: async () => ({ held: [...this.#held.keys()].map((name) => ({ name })) }),
    };
    class BroadcastChannel {
      onmessage = null;
      constructor(name) {
        Object.assign(this, { name, tab, task });
        shared.#channels.add(this);
      }
      postMessage(message) {
        // As bytes: no tab has an object of another.
        const text = JSON.stringify(message);
        for (const other of shared.#channels) {
          if (other === this || other.name !== this.name) continue;
          if (shared.loses > 0) {
            shared.loses -= 1;
            continue;
          }
          other.task(() => shared.#channels.has(other) && other.onmessage?.({ data: JSON.parse(text) }));
        }
      }
      close() {
        shared.#channels.delete(this);
      }
    }
    return { locks, BroadcastChannel };
  }

  /** The tab is gone, without a word: what it held is free, what it waited for is another's. */
  close(tab) {
    for (const channel of [...this.#channels]) if (channel.tab === tab) this.#channels.delete(channel);
    for (const queue of this.#queues.values()) {
      for (const request of queue.slice()) if (request.tab === tab) queue.splice(queue.indexOf(request), 1);
    }
    for (const [name, held] of [...this.#held]) if (held.tab === tab) this.#free(name, held);
  }

  #request(tab, task, name, { steal = false, signal }, callback) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError());
        return;
      }
      const request = { tab, task, callback, resolve, reject };
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      signal?.addEventListener("abort", () => {
        if (!queue.includes(request)) return;
        queue.splice(queue.indexOf(request), 1);
        task(() => reject(abortError()));
      });
      const held = this.#held.get(name);
      if (steal && held !== undefined) {
        this.#held.delete(name);
        held.isOver = true;
        held.task(() => held.reject(abortError()));
      }
      if (steal) queue.unshift(request);
      else queue.push(request);
      this.#grant(name);
    });
  }

  #grant(name) {
    const queue = this.#queues.get(name) ?? [];
    if (this.#held.has(name) || queue.length === 0) return;
    const request = queue.shift();
    const { tab, task, callback, resolve, reject } = request;
    const held = { tab, task, reject, isOver: false };
    this.#held.set(name, held);
    task(() => {
      if (held.isOver) return;
      Promise.resolve(callback({ name })).then((value) => {
        this.#free(name, held);
        resolve(value);
      }, reject);
    });
  }

  #free(name, held) {
    if (held.isOver) return;
    held.isOver = true;
    if (this.#held.get(name) === held) this.#held.delete(name);
    this.#grant(name);
  }
}
