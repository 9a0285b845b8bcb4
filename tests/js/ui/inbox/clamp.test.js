/** "Show more": offered where a text is cut off, and nowhere else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, row } from "../../support/parts/inbox.js";

function openWith(context, heights) {
  const page = open(context, { rows: heights.map((_, index) => row(heights.length - index, { body: "text" })) });
  page.items().forEach((item, index) => {
    const [clientHeight, scrollHeight] = heights[index];
    Object.assign(item.querySelector("[data-body]"), { clientHeight, scrollHeight });
  });
  page.clamp.measure();
  const buttons = page.items().map((item) => item.querySelector("[data-more]"));
  return { ...page, buttons };
}

test("it is there for a text that is cut off, and for no other", (context) => {
  const { buttons } = openWith(context, [[60, 400], [60, 60], [60, 61]]);
  assert.deepEqual(buttons.map(({ hidden }) => hidden), [false, true, true]);
});

test("it shows the rest, says so, and takes it back", (context) => {
  const { buttons, find, clamp } = openWith(context, [[60, 400]]);
  const [button] = buttons;
  const states = [0, 1].map(() => {
    find("[data-items]").fire("click", { target: button });
    return [button.getAttribute("aria-expanded"), button.textContent];
  });
  assert.deepEqual(states, [
    ["true", "Show less"],
    ["false", "Show more"],
  ]);
  find("[data-items]").fire("click", { target: button });
  Object.assign(find("[data-body]"), { clientHeight: 400 });
  clamp.measure();
  assert.equal(button.hidden, false, "the way back stays");
});
