/** What comes and goes in the list, and that nothing moves under a hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, row } from "../../support/parts/inbox.js";

const three = [row(3), row(2), row(1)];
const words = ({ find }) => find("[data-pill]").textContent;

test("what arrives stands above the others, named by its own id and seq, in its words", (context) => {
  const page = open(context, { rows: three });
  page.list.add(row(4, { message: "new", body: "and more", url: "/new" }));
  assert.deepEqual(page.ids(), ["id-4", "id-3", "id-2", "id-1"]);
  const [item] = page.items();
  const [title, archive] = ["a[data-message]", "button[value=archive:id-4]"].map((selector) => item.querySelector(selector));
  assert.deepEqual([title.textContent, title.getAttribute("href"), title.id], ["new", "/new", "bellhop-4"]);
  assert.equal(archive.getAttribute("aria-labelledby"), "bellhop-4-a bellhop-4");
  assert.equal(item.querySelector("input[name=id]").value, "id-4");
  assert.equal(item.querySelector("[data-permalink]").getAttribute("href"), "/id-4/");
  assert.equal(item.querySelector("time").textContent, "10:00");
  assert.equal(page.find("[data-pill]").hidden, true);
});

test("what arrives while somebody points at the list waits behind the pill, and moves nothing", (context) => {
  const page = open(context, { rows: three });
  page.point();
  page.list.add(row(4));
  page.list.add(row(5));
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
  assert.deepEqual([page.find("[data-pill]").hidden, words(page)], [false, "2 new"]);
  page.find("[data-pill]").fire("click");
  assert.deepEqual(page.ids(), ["id-5", "id-4", "id-3", "id-2", "id-1"]);
  assert.equal(page.find("[data-pill]").hidden, true);
  assert.equal(page.document.activeElement, page.items()[0]);
});

test("what waits comes by itself a moment after the pointer has left, and not while the focus is there", (context) => {
  const page = open(context, { rows: three });
  page.hold.listen();
  const form = page.find("form[data-list-form]");
  page.items()[1].querySelector("a").focus();
  page.list.add(row(4));
  form.fire("pointerleave");
  page.clock.pass(10_000);
  assert.equal(page.ids().length, 3);
  page.document.activeElement = page.document.body;
  form.fire("focusout");
  page.clock.pass(300);
  assert.deepEqual(page.ids(), ["id-4", "id-3", "id-2", "id-1"]);
});

test("what waits is not shown in words that are old, and not at all once it was withdrawn", (context) => {
  const page = open(context, { rows: three });
  page.point();
  page.list.add(row(4));
  page.list.add(row(5));
  page.list.apply({ removed: ["id-5"], updated: [row(4, { message: "better" })] });
  assert.equal(words(page), "1 new");
  page.list.release();
  assert.deepEqual(page.ids(), ["id-4", "id-3", "id-2", "id-1"]);
  assert.equal(page.items()[0].querySelector("[data-message]").textContent, "better");
});

test("to a list that is scrolled, or in which something is ticked, nothing is added", (context) => {
  const page = open(context, { rows: three });
  const items = page.find("[data-items]");
  items.box = { top: -200 };
  page.list.add(row(4));
  assert.equal(words(page), "1 new");
  items.box = { top: 0 };
  page.items()[0].querySelector("input[name=id]").checked = true;
  page.list.settleDown();
  assert.equal(page.ids().length, 3);
});

test("a row that was archived elsewhere keeps its place as long as somebody points at the list, and says why", (context) => {
  const page = open(context, { rows: three });
  page.point();
  page.items()[1].box = { height: 80 };
  page.list.apply({ archived: ["id-2"] });
  page.list.apply({ removed: ["id-3"] });
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
  const [withdrawn, archived] = page.items().map((item) => item.querySelector("[data-left-words]")?.textContent);
  assert.deepEqual([withdrawn, archived], ["Withdrawn", "Archived elsewhere"]);
  assert.equal(page.items()[1].style.minBlockSize, "80px");
  assert.equal(page.items()[1].querySelector("button[name=one]").checkVisibility(), false);
  page.point(false);
  page.list.settleDown();
  assert.deepEqual(page.ids(), ["id-1"]);
});

test("the focus that was in a row which leaves stays in its place", (context) => {
  const page = open(context, { rows: three });
  const item = page.items()[1];
  item.querySelector("a").focus();
  page.list.apply({ archived: ["id-2"] });
  assert.equal(page.document.activeElement, item);
  assert.equal(page.ids().length, 3);
});

test("a row that comes back before anybody has left takes its place again as it was", (context) => {
  const page = open(context, { rows: three });
  page.point();
  page.list.apply({ archived: ["id-2"] });
  page.list.reconcile({ results: three, seq: 3, next: null }, new Set(["id-1", "id-3"]));
  const item = page.items()[1];
  assert.equal(item.dataset.left, undefined);
  assert.equal(item.querySelector("[data-left-words]"), null);
  assert.equal(item.querySelector("button[name=one]").checkVisibility(), true);
});

test("what was loaded below the list while an answer was on its way is no gap, and stays", (context) => {
  const page = open(context, { rows: [row(9), row(8)], older: "/?before=8" });
  page.list.append({ results: [row(7), row(6)], next: null });
  page.list.reconcile({ results: [row(9), row(8)], seq: 9, next: "more" }, new Set(["id-9", "id-8"]));
  assert.deepEqual(page.ids(), ["id-9", "id-8", "id-7", "id-6"]);
  assert.equal(page.find("[data-older]").hidden, true);
});

test("what arrived while an answer was on its way, and is not in it although that goes further down, is gone", (context) => {
  const page = open(context, { rows: [] });
  page.list.add(row(1));
  page.list.reconcile({ results: [row(2)], seq: 2, next: null }, new Set());
  assert.deepEqual(page.ids(), ["id-2"]);
});

test("the link to older ones goes on where the list ends, with the page's filter", (context) => {
  const page = open(context, { rows: three, older: "/?before=1", view: "unread", kind: "message" });
  page.list.apply({ archived: ["id-1"] });
  assert.equal(page.find("[data-older]").getAttribute("href"), "/?view=unread&kind=message&before=2");
});

for (const [page, wanted] of [
  [{}, "caught-up"],
  [{ view: "unread" }, "caught-up"],
  [{ kind: "message" }, "filter"],
  [{ q: "order" }, "filter"],
]) {
  test(`where nothing is left of ${JSON.stringify(page)} it says ${wanted}, and nothing else`, (context) => {
    const { list, section } = open(context, { rows: [row(1)], ...page });
    list.apply({ archived: ["id-1"] });
    const said = section.querySelectorAll("[data-empty]").filter(({ hidden }) => !hidden);
    assert.deepEqual(said.map(({ dataset }) => dataset.empty), [wanted]);
    list.add(row(2));
    assert.deepEqual(section.querySelectorAll("[data-empty]").filter(({ hidden }) => !hidden), []);
  });
}

test("an older page of the list takes nothing that arrives", (context) => {
  const page = open(context, { rows: three, newest: false });
  page.list.add(row(4));
  assert.deepEqual(page.ids(), ["id-3", "id-2", "id-1"]);
});
