import { t } from "../../../words/gettext.js";

/** What stands around the list and follows it: the link to older ones, what "all" means, and why nothing is listed. */
export class Edges {
  #section;
  #page;
  #hadAny;
  #isOver = false;

  /** @param {HTMLElement} section  @param {import("../page.js").Page} page */
  constructor(section, page) {
    this.#section = section;
    this.#page = page;
    this.#hadAny = section.querySelector("[data-testid=notification]") !== null;
  }

  /** @param {import("../list/list.js").List} list has changed */
  follow(list) {
    if (this.#isOver) return;
    const { shown } = list;
    this.#hadAny ||= shown.length > 0;
    this.#leadOn(list, shown);
    this.#cover(shown);
    this.#section.querySelector("[data-items]").hidden = list.isBare;
    const bulk = this.#section.querySelector("[data-bulk]");
    if (bulk) bulk.hidden = list.isBare;
    this.#showEmpty(list.isBare);
  }

  /** The button for everything makes sense while anything, on whichever page of the list, is unread. */
  unread(count) {
    const form = this.#section.querySelector("[data-mark-all]");
    const button = form?.querySelector("button");
    if (!button || this.#page.view === "archived") return;
    // Where nothing was unread the server has left it without words, and of a filter only it knows them.
    if (count > 0 && !this.#page.isNarrow && button.textContent.trim() === "") button.textContent = t("Mark all as read");
    form.hidden = count === 0 || button.textContent.trim() === "";
  }

  /** The server knows nothing above seq, so nothing above it is meant by "all". */
  endAt(seq) {
    const through = this.#through;
    if (through) through.value = String(Math.min(seq, Number(through.value)));
  }

  /** The session is over: nothing of it stays, until resume(). */
  clear() {
    this.#isOver = true;
    for (const place of this.#section.querySelectorAll("[data-empty]")) place.hidden = true;
    for (const name of ["data-older", "data-newer", "data-mark-all", "data-load-failed"]) {
      const place = this.#section.querySelector(`[${name}]`);
      if (place) place.hidden = true;
    }
  }

  resume() {
    this.#isOver = false;
  }

  get #through() {
    return this.#section.querySelector("[data-mark-all]")?.querySelector("input[name=through]");
  }

  /** The link to older ones goes on where the list now ends: the rendered one would skip some. */
  #leadOn({ hasOlder }, shown) {
    const older = this.#section.querySelector("[data-older]");
    if (!older) return;
    older.hidden = !hasOlder || shown.length === 0;
    if (older.hidden) return;
    older.setAttribute("href", this.#page.address({ before: shown.at(-1).seq }));
  }

  /** "All" means all that this page has shown, not what may be on its way. */
  #cover(shown) {
    const through = this.#through;
    if (through && this.#page.isNewest && shown.length > 0) through.value = String(Math.max(shown[0].seq, Number(through.value)));
  }

  #showEmpty(isEmpty) {
    const places = [...this.#section.querySelectorAll("[data-empty]")];
    const said = places.find((place) => !place.hidden)?.dataset.empty;
    const wanted = isEmpty ? this.#why(said) : undefined;
    for (const place of places) place.hidden = place.dataset.empty !== wanted;
  }

  /** @param {string | undefined} said by the server, who knows whether anything is archived */
  #why(said) {
    if (said !== undefined) return said;
    if (this.#page.isNarrow) return "filter";
    if (this.#page.view === "archived") return "archive";
    return this.#page.view === "unread" || this.#hadAny ? "caught-up" : "first";
  }
}
