/** A second click of the mouse belongs to the first within so many milliseconds and pixels: the next row has moved under it. */
const DOUBLE_CLICK_MS = 400;
const DOUBLE_CLICK_PX = 8;

/** @returns {object} the fields of a filter that are there */
function filterIn(fields) {
  const named = ["view", "kind", "q"].map((name) => [name, fields.get(name)]);
  return Object.fromEntries(named.filter(([, value]) => value));
}

/**
 * The page's forms, sent without leaving the page. Without JavaScript the same forms post to the server and come back.
 * @param {HTMLElement} root holds them
 * @param {import("./actions.js").Actions} actions
 */
export function interceptForms(root, actions) {
  let pressed = { timeStamp: -Infinity };
  root.addEventListener("click", (event) => {
    // Of the keyboard, and of a script, detail is 0.
    const button = event.detail > 0 ? event.target.closest("button[name=one]") : null;
    if (button === null) return;
    const isElsewhere = Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > DOUBLE_CLICK_PX;
    const isSoon = event.timeStamp - pressed.timeStamp < DOUBLE_CLICK_MS;
    // The same button once more is that click once more: it has not moved.
    if (isSoon && !isElsewhere && button.value !== pressed.value) event.preventDefault();
    else pressed = { timeStamp: event.timeStamp, clientX: event.clientX, clientY: event.clientY, value: button.value };
  });
  root.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (form.matches("form[data-undo]")) {
      event.preventDefault();
      actions.undo();
    } else if (form.matches("form[data-mark-all]")) {
      event.preventDefault();
      const fields = new FormData(form);
      actions.all(fields.get("action") ?? "read", { through: Number(fields.get("through")), ...filterIn(fields) });
    } else if (form.matches("form[data-list-form]")) {
      event.preventDefault();
      if (submitter?.name === "bulk") actions.bulk(submitter.value);
      else if (submitter?.name === "one") actions.one(...submitter.value.split(":"));
    }
  });
}
