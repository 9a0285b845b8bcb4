/** Headings of days in the viewer's zone, and threads under the newest of theirs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, headingOf } from "../../../../packages/bellhop/js/src/ui/inbox/list/days.js";
import { element } from "../../support/dom.js";
import { open, row, withGlobals } from "../../support/parts/inbox.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");

/** @returns {string[]} "heading: ids", of a thread the older ones in brackets */
function laid({ section }) {
  return section.querySelectorAll("section").map((day) => {
    const entries = day.querySelector("[role=list]").children.map((entry) => {
      const rows = entry.querySelectorAll("[data-testid=notification]").map(({ dataset }) => dataset.id);
      return entry.dataset.id ?? `[${rows.join(" ")}]`;
    });
    return `${day.querySelector("h2").textContent}: ${entries.join(" ")}`;
  });
}

test("a moment lies on another day in another zone", () => {
  assert.equal(dayOf("2026-11-22T23:30:00Z", "UTC"), "2026-11-22");
  assert.equal(dayOf("2026-11-22T23:30:00Z", "Europe/Berlin"), "2026-11-23");
  assert.equal(dayOf("2026-11-22T02:00:00Z", "America/New_York"), "2026-11-21");
  assert.equal(dayOf("nonsense", "UTC"), "");
});

for (const [day, words] of [
  ["2026-11-22", "Today"],
  ["2026-11-21", "Yesterday"],
  ["2026-11-20", "Friday, November 20"],
  ["2025-12-31", "Wednesday, December 31, 2025"],
  ["", ""],
]) {
  test(`the heading of ${day || "no day"} is "${words}"`, (context) => {
    withGlobals(context, { document: element("document") });
    assert.equal(headingOf(day, NOW, "UTC"), words);
  });
}

test("yesterday is yesterday over a change of clocks, too", (context) => {
  withGlobals(context, { document: element("document") });
  // The night has 25 hours, and the one before a noon that is 23 hours from the next.
  assert.equal(headingOf("2026-10-24", Date.parse("2026-10-25T23:30:00+01:00"), "Europe/Berlin"), "Yesterday");
  assert.equal(headingOf("2026-03-28", Date.parse("2026-03-29T00:30:00+01:00"), "Europe/Berlin"), "Yesterday");
});

test("a list that the server rendered in another zone is grouped anew, and its rows stay the same elements", (context) => {
  const rows = [row(2, { created: "2026-11-22T01:00:00Z" }), row(1, { created: "2026-11-21T23:00:00Z" })];
  const page = open(context, { rows });
  assert.deepEqual(laid(page), ["Today: id-2", "Yesterday: id-1"]);
  const before = page.items();
  page.items()[1].querySelector("time").dateTime = "2026-11-22T00:00:00Z";
  page.list.reconcile({ results: [rows[0], { ...rows[1], created: "2026-11-22T00:00:00Z" }], seq: 2, next: null }, new Set());
  assert.deepEqual(laid(page), ["Today: id-2 id-1"]);
  assert.deepEqual(page.items(), before);
});

test("a day without rows has no heading, and a new day gets one with its own id", (context) => {
  const page = open(context, { rows: [row(1, { created: "2026-11-20T10:00:00Z" })] });
  page.list.add(row(2));
  const [today] = page.section.querySelectorAll("section");
  assert.deepEqual(laid(page), ["Today: id-2", "Friday, November 20: id-1"]);
  assert.equal(today.querySelector("[role=list]").getAttribute("aria-labelledby"), today.querySelector("h2").id);
  page.list.apply({ removed: ["id-1"] });
  assert.deepEqual(laid(page), ["Today: id-2"]);
});

test("one thread of one day stands under its newest, says how many more it has, and no other thread is in it", (context) => {
  const page = open(context, { rows: [row(3, { thread: "a" }), row(2, { thread: "b" }), row(1, { thread: "a" })] });
  assert.deepEqual(laid(page), ["Today: id-3 [id-1] id-2"]);
  const details = page.find("details");
  assert.equal(details.querySelector("summary").textContent, "1 earlier update");
  details.open = true;
  page.list.add(row(4, { thread: "a" }));
  assert.deepEqual(laid(page), ["Today: id-4 [id-3 id-1] id-2"]);
  assert.equal(page.find("details"), details, "what somebody has opened stays open");
  assert.equal(details.querySelector("summary").textContent, "2 earlier updates");
  page.list.apply({ archived: ["id-3", "id-4"] });
  assert.deepEqual(laid(page), ["Today: id-2 id-1"]);
  assert.equal(page.find("details"), null);
});

test("rows without a thread are not one thread, and a thread does not reach over midnight", (context) => {
  const page = open(context, { rows: [row(3), row(2, { thread: "a" }), row(1, { thread: "a", created: "2026-11-21T10:00:00Z" })] });
  page.list.add(row(4));
  assert.deepEqual(laid(page), ["Today: id-4 id-3 id-2", "Yesterday: id-1"]);
});
