/** Where the toasts stand, and how the keyboard comes to them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeFor } from "../../../../packages/bellhop/js/src/ui/toasts/keep-clear.js";
import { reachByKey } from "../../../../packages/bellhop/js/src/ui/toasts/reach.js";
import { element } from "../../support/dom.js";

const rect = (left, top, right, bottom) => ({ left, top, right, bottom });
const [stack, above] = [rect(600, 500, 1000, 800), rect(600, 0, 1000, 300)];

test("the stack goes to the other edge from what has the focus, and stays where that is no better", () => {
  const height = 800;
  assert.equal(edgeFor("end", stack, rect(650, 600, 700, 640), height), "start");
  assert.equal(edgeFor("start", above, rect(650, 100, 700, 140), height), "end");
  // Beside it, above it, and as tall as the window.
  assert.equal(edgeFor("end", stack, rect(100, 600, 600, 640), height), "end");
  assert.equal(edgeFor("end", stack, rect(650, 100, 700, 500), height), "end");
  assert.equal(edgeFor("end", stack, rect(0, 0, 1000, 800), height), "end");
  // It does not go back by itself: nothing jumps about.
  assert.equal(edgeFor("start", above, rect(650, 600, 700, 640), height), "start");
});

function page(context) {
  const before = Object.getOwnPropertyDescriptor(globalThis, "document");
  const field = Object.defineProperty(element("input"), "isConnected", { value: true });
  const document = Object.assign(element("document"), { body: element("body"), activeElement: field });
  Object.defineProperty(globalThis, "document", { value: document, configurable: true, writable: true });
  context.after(() => (before ? Object.defineProperty(globalThis, "document", before) : delete globalThis.document));
  const toast = (hasLink) =>
    element("div", {}, Object.assign(element("a", { dataset: { link: "" } }), { hidden: !hasLink }), element("button", { dataset: { dismiss: "" } }));
  const stack = element("section", {}, toast(true), toast(false));
  const back = reachByKey(stack);
  const press = (key, more = {}) => {
    let isTaken = false;
    document.fire("keydown", { key, preventDefault: () => (isTaken = true), ...more });
    return isTaken;
  };
  return { document, field, stack, back, press };
}

test("F6 leads to the newest toast, and from there to where one was", (context) => {
  const { document, field, stack, press } = page(context);
  assert.equal(press("F6"), true);
  assert.equal(document.activeElement, stack.children[1].querySelector("[data-dismiss]"));
  assert.equal(press("F6"), true);
  assert.equal(document.activeElement, field);
  stack.children[1].remove();
  press("F6");
  assert.equal(document.activeElement, stack.children[0].querySelector("[data-link]"));
});

test("without toasts, with another key beside it, and where the page has taken it, F6 is not ours", (context) => {
  const { document, field, stack, press } = page(context);
  assert.equal(press("F6", { ctrlKey: true }), false);
  assert.equal(press("F6", { defaultPrevented: true }), false);
  assert.equal(press("F7"), false);
  for (const toast of [...stack.children]) toast.remove();
  assert.equal(press("F6"), false);
  assert.equal(document.activeElement, field);
});
