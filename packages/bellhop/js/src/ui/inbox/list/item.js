import { safeLink } from "../../../words/safe-link.js";
import { showIcon } from "../../kind-icon.js";

/** One row of the list, whether the server rendered it or this page made it from the template. */

/** What stands in the template wherever a row has its id, and its seq. */
const NO_ID = "00000000-0000-0000-0000-000000000000";
const SEQ_IN_ID = /\bbellhop-0\b/g;

/** @returns {object} what a row says: the notification, as an answer of the API would have it */
export function readItem(item) {
  const { id, seq, kind, read, thread = "", count } = item.dataset;
  const [title, body, picture] = ["[data-message]", "[data-body]", "img"].map((selector) => item.querySelector(selector));
  return {
    ...{ id, seq: Number(seq), kind, thread, read: read === "true" },
    ...{ message: title.textContent, url: title.getAttribute("href"), body: body.textContent },
    ...{ icon: picture?.getAttribute("src"), count, created: item.querySelector("time").dateTime },
  };
}

export function setState(item, { read }) {
  if (item.dataset.read !== String(read)) item.dataset.read = String(read);
}

/** Makes a row say what a notification says by now, and touches nothing that it says already. */
export function setWords(item, { message, body, url, icon, count }) {
  const title = item.querySelector("[data-message]");
  if (title.textContent !== message) title.textContent = message;
  const href = safeLink(url);
  if (href !== null) title.setAttribute("href", href);
  else title.removeAttribute("href");
  const text = item.querySelector("[data-body]");
  if (text.textContent !== (body ?? "")) text.textContent = body ?? "";
  text.hidden = !body;
  showIcon(item.querySelector("[data-icon]"), icon);
  if (count === undefined) delete item.dataset.count;
  else item.dataset.count = String(count);
}

/**
 * @param {HTMLTemplateElement} template
 * @param {object} notification a frame, or a result of the API
 * @param {import("../page.js").Page} page
 */
export function makeItem(template, notification, page) {
  const item = template.content.firstElementChild.cloneNode(true);
  const { id, seq, kind, created, thread } = notification;
  const archived = String(page.view === "archived");
  Object.assign(item.dataset, { id, seq, kind, archived, thread: thread ?? "" });
  setState(item, notification);
  setWords(item, notification);
  item.querySelector("time").dateTime = created;
  name(item, id, seq);
  return item;
}

/** The parts of a row are named by its id and its seq: a button by its own words and the row's. */
function name(item, id, seq) {
  for (const part of item.querySelectorAll("input,button,a")) {
    for (const attribute of ["value", "href", "id", "aria-labelledby", "aria-describedby"]) {
      const given = part.getAttribute(attribute);
      if (given) part.setAttribute(attribute, given.replaceAll(NO_ID, id).replaceAll(SEQ_IN_ID, `bellhop-${seq}`));
    }
  }
}
