import { badgeText } from "./words.js";

const PREFIX = /^\((?:\d+|99\+)\) /;

/** What was put in front of titles of this document: a snapshot of a page brings it back. Others' "(3) " stays. */
const ours = new Set();

/** Puts the count in front of the document's title, or takes it away. */
export function showInTitle(count) {
  const [before = ""] = PREFIX.exec(document.title) ?? [];
  const title = ours.has(before) ? document.title.slice(before.length) : document.title;
  const prefix = count === 0 ? "" : `(${badgeText(count)}) `;
  if (prefix) ours.add(prefix);
  if (document.title !== prefix + title) document.title = prefix + title;
}
