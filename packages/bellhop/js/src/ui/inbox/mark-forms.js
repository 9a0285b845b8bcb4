/**
 * The list's forms, sent without leaving the page. Without JavaScript the same forms post to the server
 * and come back.
 */

/**
 * @param {HTMLElement} root holds the forms
 * @param {object} options
 * @param {(action: string, what: {ids: string[]} | {through: number}) => Promise<void>} options.mark
 * @param {(error: Error) => void} options.failed
 */
export function interceptForms(root, { mark, failed }) {
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-mark]")) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return; // a second click while the first is on its way
    form.ariaBusy = "true";
    const fields = new FormData(form);
    const action = event.submitter?.value || fields.get("action");
    const id = fields.get("id");
    const through = Number(fields.get("through"));
    // Taken now: the state frame of this very change may clear the list before the answer is here.
    const keepFocus = focusKeeper(form);
    try {
      await mark(action, id ? { ids: [id] } : { through });
      keepFocus();
    } catch (error) {
      failed(error);
    } finally {
      form.ariaBusy = null;
    }
  });
}

/** A button that vanishes takes the keyboard's place with it: returns what puts that back, nearby. */
function focusKeeper(form) {
  if (!form.contains(document.activeElement)) return () => {};
  const item = form.closest("[data-id]");
  const items = item?.parentElement;
  const index = item ? [...items.children].indexOf(item) : -1;
  return () => {
    const focused = document.activeElement;
    if (focused !== document.body && focused.checkVisibility()) return; // it has moved on by itself
    const place = form.isConnected ? form : items?.children[Math.min(index, items.childElementCount - 1)];
    const button = [...(place?.querySelectorAll("button") ?? [])].find((candidate) => candidate.checkVisibility());
    (button ?? document.getElementById("bellhop-inbox-title"))?.focus();
  };
}
