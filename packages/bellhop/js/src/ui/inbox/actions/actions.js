import { OTHER_USER } from "../../../net/api.js";
import { logFailure } from "../../../words/console-log.js";
import { failureWords } from "../../../words/failure-words.js";
import { focusKeeper } from "./focus.js";
import { INVERSE, doneWords, undoneWords } from "./words.js";

/** A request of the API names no more. */
const MOST_IDS = 200;

/** What is told of an ended session tells enough. */
const isOver = ({ status }) => status === 401 || status === OTHER_USER;

/**
 * What somebody does with the rows. It shows at once, is told once, and can be taken back; where it fails, all is as it
 * was. A second click on what is under way does nothing.
 */
export class Actions {
  #list;
  #page;
  #bar;
  #selection;
  #title;
  #mark;
  #refresh;
  #busy = new Map(); // what is under way, by the id of its row
  #waiting = []; // what goes on when something has been answered
  #latest = null; // settles when what was done last has been answered

  /**
   * @param {object} parts
   * @param {import("../list/list.js").List} parts.list
   * @param {import("../page.js").Page} parts.page
   * @param {import("./done-bar.js").DoneBar} parts.bar
   * @param {import("./selection.js").Selection} parts.selection
   * @param {HTMLElement | null} parts.title
   * @param {(action: string, what: object) => Promise<{rev: number, changed: number}>} parts.mark as Client.mark
   * @param {() => Promise<void>} parts.refresh settles once the list is as the server has it
   */
  constructor({ list, page, bar, selection, title, mark, refresh }) {
    this.#list = list;
    this.#page = page;
    this.#bar = bar;
    this.#selection = selection;
    this.#title = title;
    this.#mark = mark;
    this.#refresh = refresh;
  }

  /** @param {string} id of one row */
  async one(action, id) {
    await this.#do(action, { ids: [id] }, [id]);
  }

  /** All that are ticked. */
  async bulk(action) {
    const ids = this.#selection.ids.filter((id) => !this.#busy.has(id)).slice(0, MOST_IDS);
    if (ids.length === 0) return;
    const isDone = this.#do(action, { ids }, ids);
    this.#selection.clear(ids);
    await isDone;
  }

  /** All that the page's filter holds. @param {{through: number}} what with the filter */
  async all(action, what) {
    if (this.#busy.has("all")) return;
    this.#busy.set("all", action);
    const ids = this.#list.shown.filter(({ seq }) => seq <= what.through).map(({ id }) => id);
    await this.#do(action, what, ids);
    this.#busy.delete("all");
  }

  /** Takes back what was done last, as long as that is offered. */
  async undo() {
    const hadFocus = this.#bar.hasFocus;
    // Whoever is quick means what is under way, and not what was done before that.
    if (this.#latest !== null) await this.#latest;
    const { undo } = this.#bar;
    if (undo === null || this.#busy.has("undo")) return;
    this.#busy.set("undo", undo.action);
    this.#list.begin(undo.ids, this.#page.outcome(undo.action));
    try {
      const { changed } = await this.#mark(undo.action, { rev: undo.rev });
      await this.#refresh();
      this.#list.settle(undo.ids);
      this.#bar.show(undoneWords(changed, undo.count ?? changed));
      if (hadFocus) this.#focusOn(undo);
    } catch (error) {
      this.#list.settle(undo.ids);
      this.#failed(error, undo);
    } finally {
      this.#busy.delete("undo");
    }
  }

  #do(action, what, ids) {
    const latest = this.#attempt(action, what, ids).finally(() => {
      if (latest === this.#latest) this.#latest = null;
    });
    this.#latest = latest;
    return latest;
  }

  async #attempt(action, what, ids) {
    // A second click is the first once more; something else is meant for the row as it will be by then.
    while (what.ids && ids.some((id) => this.#busy.has(id))) {
      if (ids.some((id) => this.#busy.get(id) === action)) return;
      await this.#answered();
    }
    for (const id of ids) this.#busy.set(id, action);
    const items = (rows) => rows.map((id) => this.#list.element(id)).filter(Boolean);
    const keepFocus = focusKeeper(this.#title, items(this.#list.shown.map(({ id }) => id)), items(ids));
    // What is so already is not what an undo brings back.
    const outcome = this.#page.outcome(action);
    const different = ids.filter((id) => this.#list.differs(id, outcome));
    this.#list.begin(ids, outcome);
    keepFocus();
    try {
      const { rev, changed } = await this.#mark(action, what);
      // Whom it was about is known for sure only where they were named.
      if (!what.ids) await this.#refresh();
      this.#list.settle(ids);
      const undo = changed > 0 ? { action: INVERSE[action], rev, ids: different, count: changed } : null;
      this.#bar.show(doneWords(action, changed), undo);
    } catch (error) {
      this.#list.settle(ids);
      this.#failed(error);
    } finally {
      for (const id of ids) this.#busy.delete(id);
      for (const goOn of this.#waiting.splice(0)) goOn();
      keepFocus();
    }
  }

  /** Settles when something that is under way has been answered. */
  #answered() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param {object | null} undo which is offered still */
  #failed(error, undo = null) {
    logFailure("request failed", error);
    if (!isOver(error)) this.#bar.show(failureWords(error.status ?? 0, navigator.onLine), undo);
  }

  /** The button that was pressed is gone: on with what it has brought back. */
  #focusOn({ action, ids }) {
    const { activeElement: now } = document;
    if (now !== document.body && now?.checkVisibility?.()) return;
    const item = ids.map((id) => this.#list.element(id)).find((one) => one?.checkVisibility());
    const buttons = [...(item?.querySelectorAll("button[name=one]") ?? [])].filter((button) => button.checkVisibility());
    const again = buttons.find(({ value }) => value.startsWith(`${INVERSE[action]}:`)) ?? buttons[0];
    (again ?? this.#title)?.focus();
  }
}
