/** What somebody does with the rows: at once, told once, taken back, and as it was where it fails. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../../../packages/bellhop/js/src/net/api.js";
import { open, row } from "../../support/parts/inbox.js";

const three = [row(3), row(2), row(1)];
const done = (changed, rev = 7) => ({ rev, changed });
const bar = ({ find }) => (find("[data-done]").hidden ? null : find("[data-done-text]").textContent);
const canUndo = ({ find }) => !find("form[data-undo]").hidden;
const label = ({ document }) => document.activeElement.value ?? document.activeElement.id;

test("an archived row leaves at once, the same verb of the next has the focus, and it is said once", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-2");
  assert.deepEqual(page.ids(), ["id-3", "id-1"]);
  assert.equal(label(page), "archive:id-1");
  assert.deepEqual(page.said(), []);
  assert.deepEqual(page.asked[0].what, ["archive", { ids: ["id-2"] }]);
  await page.answer(done(1));
  assert.deepEqual([bar(page), canUndo(page), page.said()], ["Archived 1.", true, ["Archived 1."]]);
});

test("after the last row the focus goes to the one before, and after the only one to the title", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-1");
  assert.equal(label(page), "archive:id-2");
  page.press("archive", "id-2");
  page.press("archive", "id-3");
  assert.equal(label(page), "bellhop-inbox-title");
});

test("a row that stays keeps the focus, on the verb that takes it back", (context) => {
  const page = open(context, { rows: three });
  const item = page.items()[0];
  const button = (verb) => item.querySelector(`button[value=${verb}:id-3]`);
  page.press("read", "id-3");
  assert.equal(item.dataset.read, "true");
  assert.equal(page.document.activeElement, button("read"), "without a style it is still to be seen");
});

test("a second click on what is under way asks nothing again", async (context) => {
  const page = open(context, { rows: three });
  page.press("read", "id-2");
  page.press("read", "id-2");
  assert.equal(page.asked.length, 1);
  await page.answer(done(1));
  assert.equal(page.asked.length, 0);
});

test("something else that is meant for a row that is under way is asked for after that", async (context) => {
  const page = open(context, { rows: three });
  const verbs = () => page.asked.map(({ what: [verb] }) => verb);
  page.press("read", "id-2");
  page.press("archive", "id-2");
  assert.deepEqual(verbs(), ["read"]);
  await page.answer(done(1));
  assert.deepEqual(verbs(), ["archive"]);
  assert.deepEqual(page.ids(), ["id-3", "id-1"]);
});

test("where it fails the row comes back as it was, and one sentence says so, without an undo", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-2");
  await page.answer(new ApiError(503, ""));
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
  assert.equal(page.items()[1].querySelector("[data-message]").textContent, "message 2");
  assert.equal(page.said().length, 1);
  assert.deepEqual([bar(page), canUndo(page)], [page.said()[0], false]);
});

test("where the session is over nothing more is said than that", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-2");
  await page.answer(new ApiError(401, ""));
  assert.deepEqual([bar(page), page.said()], [null, []]);
});

test("undo asks for the inverse of that very change, brings the rows back at once, and is said", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-2");
  await page.answer(done(1, 9));
  page.list.apply({ archived: ["id-2"] });
  page.submit("form[data-undo]");
  page.submit("form[data-undo]");
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
  assert.deepEqual(page.asked.map(({ what }) => what), [["unarchive", { rev: 9 }]]);
  await page.answer(done(1, 10));
  page.list.reconcile({ results: three, seq: 3, next: null }, new Set());
  await page.refreshed();
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
  assert.deepEqual([bar(page), canUndo(page), page.said().at(-1)], ["Undone.", false, "Undone."]);
});

test("an undo that fails is still offered, and one that has nothing left to undo says so", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-2");
  await page.answer(done(1, 9));
  page.list.apply({ archived: ["id-2"] });
  page.submit("form[data-undo]");
  await page.answer(new ApiError(0, ""));
  assert.deepEqual([page.ids(), canUndo(page)], [["id-3", "id-1"], true]);
  page.submit("form[data-undo]");
  await page.answer(done(0));
  await page.refreshed();
  assert.deepEqual([page.ids(), bar(page)], [["id-3", "id-1"], "There was nothing left to undo."]);
});

test("the bar goes after ten seconds, in which nobody points at it", async (context) => {
  const page = open(context, { rows: three });
  page.press("archive", "id-2");
  await page.answer(done(1));
  page.clock.pass(9_000);
  page.find("[data-done]").states = new Set(["hover"]);
  page.clock.pass(60_000);
  assert.equal(bar(page), "Archived 1.");
  page.find("[data-done]").states = null;
  page.clock.pass(1_000);
  assert.equal(bar(page), null);
  assert.equal(page.bar.undo, null);
});

test("of all that are ticked only those that were not so already come back", async (context) => {
  const page = open(context, { rows: [row(3), row(2, { read: true }), row(1)] });
  const boxes = page.items().map((item) => item.querySelector("input[name=id]"));
  boxes[0].checked = boxes[1].checked = true;
  page.find("form[data-list-form]").fire("change", { target: boxes[1] });
  assert.equal(page.find("[data-selected-count]").textContent, "2 selected");
  page.submit("form[data-list-form]", { name: "bulk", value: "read" });
  assert.deepEqual(page.asked[0].what, ["read", { ids: ["id-3", "id-2"] }]);
  assert.equal(page.find("[data-selected-count]").textContent, "");
  await page.answer(done(1));
  assert.deepEqual(page.bar.undo.ids, ["id-3"]);
});

test("select all ticks all and no placeholder, and some of them are some", (context) => {
  const page = open(context, { rows: three });
  const all = page.find("[data-select-all]");
  const box = page.items()[0].querySelector("input[name=id]");
  page.point();
  page.list.apply({ archived: ["id-2"] });
  all.checked = true;
  page.find("form[data-list-form]").fire("change", { target: all });
  assert.deepEqual([page.selection.ids, all.indeterminate], [["id-3", "id-1"], false]);
  box.checked = false;
  page.find("form[data-list-form]").fire("change", { target: box });
  assert.deepEqual([all.checked, all.indeterminate], [false, true]);
});

test("with the shift key all in between are ticked", (context) => {
  const page = open(context, { rows: [row(4), ...three] });
  const boxes = page.items().map((item) => item.querySelector("input[name=id]"));
  for (const [index, shiftKey] of [[0, false], [2, true]]) {
    boxes[index].checked = true;
    page.find("form[data-list-form]").fire("click", { target: boxes[index], shiftKey });
  }
  assert.deepEqual(page.selection.ids, ["id-4", "id-3", "id-2"]);
});

test("all means what the page's filter holds up to what it has shown, and can be undone", async (context) => {
  const page = open(context, { rows: three, kind: "message", view: "unread" });
  page.submit("form[data-mark-all]");
  page.submit("form[data-mark-all]");
  assert.deepEqual(page.asked.map(({ what }) => what), [["read", { through: 3, view: "unread", kind: "message" }]]);
  assert.deepEqual(page.ids(), []);
  await page.answer(done(3));
  page.list.reconcile({ results: [], seq: 3, next: null }, new Set(["id-1", "id-2", "id-3"]));
  await page.refreshed();
  assert.deepEqual([page.ids(), bar(page)], [[], "Marked 3 as read."]);
  page.submit("form[data-undo]");
  assert.deepEqual(page.asked[0].what, ["unread", { rev: 7 }]);
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
});

test("the second click of a double click does not do the same to the row that has moved there", (context) => {
  const page = open(context, { rows: three });
  const click = (id, timeStamp) => {
    let isPrevented = false;
    const target = page.items().flatMap((item) => item.querySelectorAll("button")).find(({ value }) => value === `archive:${id}`);
    page.section.fire("click", { target, detail: 1, timeStamp, preventDefault: () => (isPrevented = true) });
    return isPrevented;
  };
  assert.deepEqual([click("id-3", 1_000), click("id-2", 1_200), click("id-2", 1_500)], [false, true, false]);
});
