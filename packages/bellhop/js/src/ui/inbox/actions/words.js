import { n, t } from "../../../words/gettext.js";

/** What takes an action back. */
export const INVERSE = { read: "unread", unread: "read", archive: "unarchive", unarchive: "archive" };

/** @returns {string} what a request of this page has done, as the server says it too (http/inbox/done.py) */
export function doneWords(action, count) {
  if (count === 0) return t("Nothing was changed.");
  if (action === "read") return n("Marked {count} as read.", "Marked {count} as read.", count);
  if (action === "unread") return n("Marked {count} as unread.", "Marked {count} as unread.", count);
  if (action === "archive") return n("Archived {count}.", "Archived {count}.", count);
  return n("Moved {count} to the inbox.", "Moved {count} to the inbox.", count);
}

/** @returns {string} what has become of an undo */
export function undoneWords(count, wanted) {
  if (count === 0) return t("There was nothing left to undo.");
  if (count < wanted) return n("Undone for {count}; the rest has changed since.", "Undone for {count}; the rest has changed since.", count);
  return t("Undone.");
}
