/** The document of the home page as the server's templates make it, as far as the page's modules look. */
import { FakeElement, element } from "../dom.js";

const ADDRESSES = { api: "/api/notifications/", socket: "/ws/notifications/" };
const input = (name, value = "") => element("input", { name, value });

const NO_ID = "00000000-0000-0000-0000-000000000000";
const VERBS = ["read", "unread", "archive", "unarchive"];

/** A row as templates/bellhop/inbox/item.html has it; without one the pattern that the script clones. */
function item({ id = NO_ID, seq = 0, kind = "message", read = false, message = "", body = "", created = "", thread = "", archived = false } = {}) {
  const name = `bellhop-${seq}`;
  const verbs = VERBS.map((verb) => {
    const own = `${name}-${verb[0]}`;
    return element("button", { name: "one", value: `${verb}:${id}`, id: own, "aria-labelledby": `${own} ${name}` });
  });
  return element(
    "div",
    { role: "listitem", dataset: { testid: "notification", id, seq: String(seq), kind, read: String(read), archived: String(archived), thread } },
    element("input", { type: "checkbox", name: "id", value: id, "aria-labelledby": name }),
    element("span", { dataset: { icon: "" } }),
    element("a", { id: name, dataset: { message: "" }, textContent: message }),
    element("p", { dataset: { body: "" }, textContent: body, hidden: body === "" }),
    element("button", { type: "button", dataset: { more: "" }, hidden: true }),
    element("a", { dataset: { permalink: "" }, href: `/${id}/` }, element("time", { dateTime: created })),
    ...verbs,
  );
}

const day = (iso, ...rows) =>
  element("section", { dataset: { day: iso } }, element("h2", { id: `bellhop-day-${iso}` }), element("div", { role: "list" }, ...rows));

const thread = () =>
  element(
    "div",
    { role: "listitem" },
    element("details", { dataset: { thread: "" } }, element("summary"), element("div", { role: "list" })),
  );

const pattern = (name, content) => element("template", { dataset: { [name]: "" }, content: { firstElementChild: content } });

const button = (name, value) => element("button", { name, value });

/** The list as the server renders it: under the headings of days. */
function days(rows) {
  const found = new Map();
  for (const row of rows) {
    const iso = row.created.slice(0, 10);
    found.set(iso, [...(found.get(iso) ?? []), item(row)]);
  }
  return [...found].map(([iso, items]) => day(iso, ...items));
}

function inbox({ data: { userKey, seq, rev, unread, seen = 0, since, csrf }, rows, older, through, newest, view = "inbox", kind = "", q = "" }) {
  const standing = { seq: String(seq), rev: String(rev), unread: String(unread), seen: String(seen) };
  const told = { url: "/", view, kind, q, newest: String(newest), bellhopUser: userKey, ...standing };
  // What spares it the summary.
  if (csrf !== undefined) Object.assign(told, { since: String(since), csrf });
  const empty = (name) => element("div", { dataset: { empty: name }, hidden: true });
  const tab = (name) => element("a", { dataset: { view: name } }, element("span", { dataset: { count: "" }, textContent: "0" }));
  return element(
    "bellhop-inbox",
    { id: "bellhop-inbox", ...ADDRESSES, dataset: told },
    element("div", { dataset: { standing: "" }, hidden: true }, element("span", { dataset: { standingText: "" } })),
    element(
      "div",
      { dataset: { done: "" }, hidden: true },
      element("span", { dataset: { doneText: "" } }),
      element("form", { dataset: { undo: "" }, hidden: true }, input("action"), input("rev"), element("button")),
    ),
    element("h1", { id: "bellhop-inbox-title" }),
    element("p", { dataset: { unread: "" }, textContent: unread === 0 ? "All caught up" : `${unread} unread` }),
    element("nav", { dataset: { views: "" } }, tab("inbox"), tab("unread"), tab("archived")),
    element("form", { dataset: { search: "" } }, element("input", { type: "search", name: "q" })),
    element("nav", { dataset: { kinds: "" } }, element("a", { dataset: { kindChip: "" } }), element("a", { dataset: { kindChip: "message" } })),
    element("form", { dataset: { markAll: "" } }, input("action", "read"), input("through", String(through)), input("view", view), input("kind", kind), input("q", q), element("button")),
    element(
      "form",
      { dataset: { listForm: "" } },
      element(
        "div",
        { dataset: { bulk: "" } },
        element("input", { type: "checkbox", dataset: { selectAll: "" } }),
        element("span", { dataset: { selectedCount: "" } }),
        ...VERBS.map((verb) => button("bulk", verb)),
      ),
      element("button", { type: "button", dataset: { pill: "" }, hidden: true }),
      element("div", { dataset: { items: "" } }, ...days(rows)),
    ),
    ...["first", "caught-up", "filter", "archive"].map(empty),
    element("div", { dataset: { loadFailed: "" }, hidden: true }),
    element("a", { dataset: { older: "" }, hidden: older === "", href: older }),
    pattern("item", item()),
    pattern("day", day("")),
    pattern("thread", thread()),
  );
}

/**
 * @param {object} page
 * @param {{userKey: string, seq: number, rev: number, unread: number, seen?: number, since?: number, csrf?: string}} page.data
 *   of the inbox, as it was rendered
 * @param {object[]} page.rows of the list, newest first, with the fields of a notification
 * @param {string} page.older address of the older ones, "" without any
 * @param {number} page.through what "mark all as read" covers
 * @param {boolean} [page.newest] whether the list begins with the newest notification
 * @param {string} [page.title]
 * @param {number} [page.bells]
 * @param {boolean} [page.hasInbox] false: a page that does not say for whom it was rendered
 * @returns {FakeElement} the document, with `activeElement` as a browser has it
 */
export function makeDocument({ newest = true, title = "Page", bells = 1, hasInbox = true, ...page }) {
  const body = element(
    "body",
    {},
    ...Array.from({ length: bells }, () => element("bellhop-bell", { ...ADDRESSES, href: "/", "title-count": "" })),
    element("p", { id: "signed-out", dataset: { bellhopSignedOut: "" }, hidden: true }),
    ...(hasInbox ? [inbox({ ...page, newest })] : []),
  );
  const documentElement = element("html", {}, body);
  const more = { body, documentElement, activeElement: body, title, hidden: false };
  return Object.assign(element("document", {}, documentElement), more, {
    hasFocus: () => true,
    createElement: (tag) => new FakeElement(tag),
    createElementNS: (_, tag) => new FakeElement(tag),
    dispatchEvent(event) {
      let isPrevented = false;
      this.fire(event.type, { type: event.type, detail: event.detail, preventDefault: () => (isPrevented = true) });
      return !isPrevented;
    },
  });
}

/** The region of the document's toasts, which the page's script has made. */
const toastRegion = (document) => document.querySelector("bellhop-toasts").shadowRoot.children[0];

/**
 * @param {(toast: FakeElement) => void} put called with each toast that goes below the others
 * @param {(summary: FakeElement) => void} [sumUp] called with the one that sums up the rest
 */
export function watchToasts(document, put, sumUp = () => {}) {
  const region = toastRegion(document);
  const [append, prepend] = [region.append.bind(region), region.prepend.bind(region)];
  region.append = (toast) => {
    put(toast);
    append(toast);
  };
  region.prepend = (summary) => {
    sumUp(summary);
    prepend(summary);
  };
}

export class FakeFormData {
  constructor(form) {
    this.get = (name) => form.querySelector(`input[name=${name}]`)?.value ?? null;
  }
}

export class FakeStyleSheet {
  replaceSync() {}
}

/** A click on a button of the item with that id; without an id, on "mark all as read". */
export function press(document, action, id) {
  const section = document.querySelector("bellhop-inbox");
  const isAll = id === undefined;
  // Not by a selector: each is compiled once and kept, and ids are many.
  const isThere = isAll || look(document).items.some(({ dataset }) => dataset.id === id);
  const target = isThere ? section?.querySelector(isAll ? "form[data-mark-all]" : "form[data-list-form]") : null;
  if (target) section.fire("submit", { target, submitter: isAll ? null : { name: "one", value: `${action}:${id}` } });
}

/** What a person sees of the list, the bell and the toasts. */
export function look(document) {
  const section = document.querySelector("bellhop-inbox");
  const bells = document.querySelectorAll("bellhop-bell");
  const counts = bells.map(({ shadowRoot }) => shadowRoot?.querySelector("[data-testid=bell-count]").textContent ?? "");
  return {
    items: section?.querySelectorAll("[data-testid=notification]") ?? [],
    words: section?.querySelector("[data-unread]").textContent,
    bell: [...new Set(counts)].join(" and "),
    title: document.title,
    older: section?.querySelector("[data-older]"),
    isSignedOut: !document.querySelector("#signed-out").hidden,
    toasts: document.querySelector("bellhop-toasts") === null ? [] : toastRegion(document).children,
  };
}
