/** Older ones, loaded below the list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../../../packages/bellhop/js/src/net/api.js";
import { open, row } from "../../support/parts/inbox.js";

const click = ({ find }, more = {}) => {
  let isPrevented = false;
  find("[data-older]").fire("click", { button: 0, preventDefault: () => (isPrevented = true), ...more });
  return isPrevented;
};

test("older ones come below the list, with its filter, and the focus goes on with the first of them", async (context) => {
  const page = open(context, { rows: [row(9), row(8)], older: "/?before=8", view: "unread" });
  page.find("[data-older]").focus();
  assert.equal(click(page), true);
  click(page);
  assert.deepEqual(page.asked.map(({ what }) => what), [[{ view: "unread", limit: 50, before: 8 }]]);
  await page.answer({ results: [row(7), row(6)], next: null });
  assert.deepEqual(page.ids(), ["id-9", "id-8", "id-7", "id-6"]);
  assert.equal(page.document.activeElement, page.items()[2]);
  assert.deepEqual(page.said(), ["2 more notifications"]);
  assert.equal(page.find("[data-older]").hidden, true);
  assert.deepEqual(page.window.history.state, { bellhop: { rows: 4 } });
});

for (const more of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }, { defaultPrevented: true }]) {
  test(`a click with ${JSON.stringify(more)} is the browser's`, (context) => {
    const page = open(context, { rows: [row(9)], older: "/?before=9" });
    assert.equal(click(page, more), false);
    assert.deepEqual(page.asked, []);
  });
}

test("older ones that cannot be had are told of, once, with a button that tries again", async (context) => {
  const page = open(context, { rows: [row(9)], older: "/?before=9" });
  click(page);
  await page.answer(new ApiError(503, ""));
  const failed = page.find("[data-load-failed]");
  assert.deepEqual([failed.hidden, page.said()], [false, ["Older notifications could not be loaded."]]);
  assert.deepEqual(page.ids(), ["id-9"]);
  failed.querySelector("button").focus();
  failed.querySelector("button").fire("click");
  assert.equal(page.document.activeElement, page.find("[data-older]"));
  await page.answer({ results: [row(8)], next: null });
  assert.deepEqual([failed.hidden, page.ids()], [true, ["id-9", "id-8"]]);
});

test("whoever comes back finds the list as long as they left it, and is told nothing", async (context) => {
  const page = open(context, { rows: [row(9)], older: "/?before=9" });
  page.window.history.state = { bellhop: { rows: 3 } };
  page.older.restore();
  assert.deepEqual(page.asked[0].what, [{ view: "inbox", limit: 2, before: 9 }]);
  await page.answer({ results: [row(8), row(7)], next: null });
  assert.deepEqual([page.ids(), page.said()], [["id-9", "id-8", "id-7"], []]);
});
