import { safeLink } from "../../words/safe-link.js";
import { showIcon } from "../kind-icon.js";

/** One item of the list, whether the server rendered it or this page made it from the template. */

export const idOf = (item) => item.dataset.id;
export const seqOf = (item) => Number(item.dataset.seq);

export function setRead(item, read) {
  item.dataset.read = String(read);
}

/** Makes an item say what a notification says by now, and touches nothing that it says already. */
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

/** @param {HTMLTemplateElement} template  @param {object} notification a frame, or a result of the API */
export function makeItem(template, notification) {
  const item = template.content.firstElementChild.cloneNode(true);
  const { id, seq, kind, created, read } = notification;
  Object.assign(item.dataset, { id, seq, kind });
  setRead(item, Boolean(read));
  setWords(item, notification);
  item.querySelector("time").dateTime = created;
  item.querySelector("input[name=id]").value = id;
  return item;
}
