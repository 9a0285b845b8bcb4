/** Where the keyboard goes on when a row leaves, or the button that was pressed. */

const isSeen = (element) => element?.checkVisibility?.() ?? false;

const verbOf = (button) => button.value.split(":")[0];

/**
 * @param {HTMLElement} title which takes the focus where nothing else can
 * @param {HTMLElement[]} items the rows before the action, in their order
 * @param {HTMLElement[]} meant those which it is about
 * @returns {() => void} moves the focus, once the list is as it is after the action, unless that has moved on by itself
 */
export function focusKeeper(title, items, meant) {
  const { activeElement: focused } = document;
  const item = meant.find((one) => one.contains(focused));
  const last = items.indexOf(meant.at(-1));
  const others = (list) => list.filter((one) => !meant.includes(one));
  const next = [...others(items.slice(last + 1)), ...others(items.slice(0, Math.max(0, last))).reverse()];
  let placed = focused;
  return () => {
    const { activeElement: now } = document;
    if (focused === document.body || (now !== document.body && isSeen(now))) return;
    // It could have stayed where it was: somebody has left the list, and is not called back.
    if (now === document.body && placed.isConnected && isSeen(placed)) return;
    const stays = item !== undefined && item.isConnected && item.dataset.left === undefined && isSeen(item);
    const row = stays ? item : next.find((one) => one.isConnected && one.dataset.left === undefined && isSeen(one));
    placed = placeIn(row, focused, item) ?? title ?? placed;
    placed.focus();
  };
}

/** The same of another row: its button of that verb, its check box, or the row itself. */
function placeIn(row, focused, item) {
  if (row === undefined) return null;
  if (focused === item) {
    row.setAttribute("tabindex", "-1");
    return row;
  }
  if (focused.name === "id" || focused.name === "bulk") return row.querySelector("input[name=id]");
  const buttons = [...row.querySelectorAll("button[name=one]")].filter(isSeen);
  const same = buttons.find((button) => focused.name === "one" && verbOf(button) === verbOf(focused));
  return same ?? buttons[0] ?? row.querySelector("[data-message]");
}
