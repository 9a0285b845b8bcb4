/** The document of the home page as the server's templates make it, as far as the page's modules look. */
import { element } from "./dom.js";

const input = (name, value = "") => element("input", { name, value });

function item({ id = "", seq = "", kind = "message", read = false, message = "", body = "", created = "" } = {}) {
  return element(
    "li",
    { dataset: { id, seq, kind, read: String(read) } },
    element("a", { dataset: { message: "" }, textContent: message }),
    element("p", { dataset: { body: "" }, textContent: body, hidden: body === "" }),
    element("time", { dateTime: created }),
    element("form", { dataset: { mark: "" } }, input("id", id)),
  );
}

function toast() {
  return element(
    "div",
    {},
    element("p", { dataset: { testid: "toast-message" } }),
    element("p", { dataset: { body: "" } }),
    element("a", { dataset: { link: "" }, hidden: true }),
    element("button", { dataset: { dismiss: "" } }),
  );
}

function inbox({ rows, older, through, newest }) {
  return element(
    "section",
    { id: "inbox", dataset: { url: "/", newest: String(newest) } },
    element("p", { dataset: { unread: "" } }),
    element("form", { dataset: { mark: "", markAll: "" } }, input("action", "read"), input("through", through)),
    element("ol", { dataset: { items: "" } }, ...rows.map(item)),
    element("div", { dataset: { empty: "" } }),
    element("a", { dataset: { older: "" }, hidden: older === "", href: older }),
    element("template", { content: { firstElementChild: item() } }),
  );
}

/**
 * @param {object} page
 * @param {{userKey: string, csrfToken: string, since: number, seq: number, rev: number, unread: number}} page.data of #bell-data
 * @param {object[]} page.rows of the list, newest first, with the fields of a notification
 * @param {string} page.older address of the older ones, "" without any
 * @param {number} page.through what "mark all as read" covers
 * @param {boolean} [page.newest] whether the list begins with the newest notification
 * @param {string} [page.title]
 * @returns {FakeElement} the document, with `activeElement` as a browser has it
 */
export function makeDocument({ data, rows, older, through, newest = true, title = "Page" }) {
  const texts = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
  const body = element(
    "body",
    {},
    element("div", { id: "bell-data", dataset: texts }),
    element("a", { dataset: { testid: "bell" } }, element("b", { dataset: { testid: "bell-count" } })),
    element("p", { dataset: { testid: "connection" } }, element("b", { dataset: { word: "" } })),
    element("details", { dataset: { menu: "" } }, element("summary")),
    element("div", { id: "toasts", dataset: { listUrl: "/" } }),
    element("template", { id: "toast-template", content: { firstElementChild: toast() } }),
    element("p", { id: "signed-out", hidden: true }),
    inbox({ rows, older, through, newest }),
  );
  const more = { body, activeElement: body, title, hidden: false };
  return Object.assign(element("document", {}, body), more);
}

/** @param {(toast: FakeElement) => void} put called with each toast below the others, not with the summary */
export function watchToasts(document, put) {
  const region = document.querySelector("#toasts");
  const append = region.append.bind(region);
  region.append = (toast) => {
    put(toast);
    append(toast);
  };
}

export class FakeFormData {
  constructor(form) {
    this.get = (name) => form.querySelector(`input[name=${name}]`)?.value ?? null;
  }
}

/** A click on a button of the item with that id; without an id, on "mark all as read". */
export function press(document, action, id) {
  const section = document.querySelector("#inbox");
  const isAll = id === undefined;
  // Not by a selector: each is compiled once and kept, and ids are many.
  const item = isAll ? section : look(document).items.find(({ dataset }) => dataset.id === id);
  const target = item?.querySelector(isAll ? "form[data-mark-all]" : "form[data-mark]");
  if (target) section.fire("submit", { target, submitter: isAll ? null : { value: action } });
}

/** What a person sees of the list and the bell. */
export function look(document) {
  const section = document.querySelector("#inbox");
  return {
    items: section.querySelector("[data-items]").children,
    words: section.querySelector("[data-unread]").textContent,
    bell: document.querySelector("[data-testid=bell-count]").textContent,
    title: document.title,
    older: section.querySelector("[data-older]"),
    isSignedOut: !document.querySelector("#signed-out").hidden,
  };
}
