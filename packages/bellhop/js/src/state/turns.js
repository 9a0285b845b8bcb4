/** Works through what comes, one after the other, in the order in which it came: some of it waits for HTTP. */
export class Turns {
  #last = Promise.resolve();
  #isHeld = false;
  #failed;

  /** @param {(error: Error) => void} failed told of what a work throws; the next goes on */
  constructor(failed) {
    this.#failed = failed;
  }

  /** @param {() => unknown} work whose promise, if it yields one, is waited for */
  add(work) {
    this.#last = this.#last.then(work).catch(this.#failed);
  }

  /** What comes from now on waits so many ms, however long what is under way still takes. */
  hold(ms) {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const isOver = new Promise((resolve) => setTimeout(resolve, ms));
    this.add(() => isOver);
    this.add(() => {
      this.#isHeld = false;
    });
  }
}
