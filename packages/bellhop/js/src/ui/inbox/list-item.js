import { safeLink } from "../../words/safe-link.js";

/** One <li> of the list, whether the server rendered it or this page made it from the template. */

export const idOf = (item) => item.dataset.id;
export const seqOf = (item) => Number(item.dataset.seq);

export function setRead(item, read) {
  item.dataset.read = String(read);
}

/** @param {HTMLTemplateElement} template  @param {object} notification a frame, or a result of the API */
export function makeItem(template, notification) {
  const item = template.content.firstElementChild.cloneNode(true);
  const { id, seq, kind, message, body, url, created, read } = notification;
  Object.assign(item.dataset, { id, seq, kind });
  setRead(item, Boolean(read));
  const title = item.querySelector("[data-message]");
  title.textContent = message;
  const href = safeLink(url);
  if (href !== null) title.href = href;
  const text = item.querySelector("[data-body]");
  text.textContent = body ?? "";
  text.hidden = !body;
  item.querySelector("time").dateTime = created;
  item.querySelector("input[name=id]").value = id;
  return item;
}
