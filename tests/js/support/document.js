/** The document of the home page as the server's templates make it, as far as the page's modules look. */
import { FakeElement, element } from "./dom.js";

const ADDRESSES = { api: "/api/notifications/", socket: "/ws/notifications/" };
const input = (name, value = "") => element("input", { name, value });

function item({ id = "", seq = "", kind = "message", read = false, message = "", body = "", created = "" } = {}) {
  return element(
    "li",
    { dataset: { id, seq, kind, read: String(read) } },
    element("span", { dataset: { icon: "" } }),
    element("a", { dataset: { message: "" }, textContent: message }),
    element("p", { dataset: { body: "" }, textContent: body, hidden: body === "" }),
    element("time", { dateTime: created }),
    element("form", { dataset: { mark: "" } }, input("id", id)),
  );
}

function inbox({ data: { userKey, seq, rev, unread }, rows, older, through, newest }) {
  const told = { url: "/", newest: String(newest), bellhopUser: userKey, seq: String(seq), rev: String(rev), unread: String(unread) };
  return element(
    "bellhop-inbox",
    { id: "bellhop-inbox", ...ADDRESSES, dataset: told },
    element("p", { dataset: { unread: "" }, textContent: unread === 0 ? "All caught up" : `${unread} unread` }),
    element("form", { dataset: { mark: "", markAll: "" } }, input("action", "read"), input("through", through)),
    element("ol", { dataset: { items: "" } }, ...rows.map(item)),
    element("div", { dataset: { empty: "" } }),
    element("a", { dataset: { older: "" }, hidden: older === "", href: older }),
    element("template", { content: { firstElementChild: item() } }),
  );
}

/**
 * @param {object} page
 * @param {{userKey: string, seq: number, rev: number, unread: number}} page.data of the inbox, as it was rendered
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
  const item = isAll ? section : look(document).items.find(({ dataset }) => dataset.id === id);
  const target = item?.querySelector(isAll ? "form[data-mark-all]" : "form[data-mark]");
  if (target) section.fire("submit", { target, submitter: isAll ? null : { value: action } });
}

/** What a person sees of the list, the bell and the toasts. */
export function look(document) {
  const section = document.querySelector("bellhop-inbox");
  const bells = document.querySelectorAll("bellhop-bell");
  const counts = bells.map(({ shadowRoot }) => shadowRoot?.querySelector("[data-testid=bell-count]").textContent ?? "");
  return {
    items: section?.querySelector("[data-items]").children ?? [],
    words: section?.querySelector("[data-unread]").textContent,
    bell: [...new Set(counts)].join(" and "),
    title: document.title,
    older: section?.querySelector("[data-older]"),
    isSignedOut: !document.querySelector("#signed-out").hidden,
    toasts: document.querySelector("bellhop-toasts") === null ? [] : toastRegion(document).children,
  };
}
