/** What is pressed inside of a row is for that, and not for the row. */
const isOnRow = (row) => row !== null && document.activeElement === row;

const isTrue = (text) => text === "true";

/**
 * What the keys do.
 * @param {object} parts
 * @param {HTMLElement} parts.section
 * @param {import("./rows.js").RowFocus} parts.rows
 * @param {import("../actions/actions.js").Actions} parts.actions
 * @param {import("../actions/selection.js").Selection} parts.selection
 * @param {{open: () => void}} parts.help
 * @returns {Record<string, () => boolean | void>} by key
 */
export function commandsOf({ section, rows, actions, selection, help }) {
  const act = (actionOf) => () => {
    const row = rows.current;
    if (row === null || row.dataset.left !== undefined) return false;
    actionOf(row);
    return true;
  };
  return {
    j: () => rows.move(1),
    k: () => rows.move(-1),
    Enter: () => {
      const row = rows.current;
      const link = isOnRow(row) ? row.querySelector("a[data-message]") : null;
      if (!link?.getAttribute("href")) return false;
      link.click();
      return true;
    },
    e: act(({ dataset }) => actions.one(isTrue(dataset.archived) ? "unarchive" : "archive", dataset.id)),
    u: act(({ dataset }) => actions.one(isTrue(dataset.read) ? "unread" : "read", dataset.id)),
    x: act((row) => selection.toggle(row)),
    z: () => actions.undo(),
    "/": () => {
      const field = section.querySelector("input[type=search]");
      field?.focus();
      return field !== null;
    },
    "?": () => help.open(),
  };
}
