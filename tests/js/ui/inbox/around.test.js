/** What stands around the list: counts, kinds, the line that tells why nothing comes, and what was seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { followKind } from "../../../../packages/bellhop/js/src/ui/inbox/around/kinds.js";
import { ApiError } from "../../../../packages/bellhop/js/src/net/api.js";
import { settle } from "../../support/fakes.js";
import { open, row } from "../../support/parts/inbox.js";

const counted = ({ section }) =>
  section.querySelector("nav").querySelectorAll("[data-count]").map(({ textContent }) => textContent).join(" ");

test("counts follow what is certain, and none is no number", (context) => {
  const page = open(context, { rows: [row(1)] });
  page.counts.hear({ inbox: 2, archived: 0 });
  page.counts.unread(1);
  page.counts.add("inbox", 1);
  assert.equal(counted(page), "3 1 ");
  page.counts.add("inbox", -2);
  page.counts.add("archived", 2);
  assert.equal(counted(page), "1 1 2");
  assert.deepEqual(page.asked, []);
});

test("from a hundred on nobody counts by themselves, and the server is asked once however much happens", async (context) => {
  const page = open(context, { rows: [row(1)] });
  page.counts.hear({ inbox: 100, archived: 3 });
  page.counts.add("inbox", 1);
  assert.equal(counted(page), "99+ 0 3");
  page.counts.add("inbox", -1);
  for (let times = 0; times < 9; times += 1) page.counts.doubt();
  page.clock.pass(2_000);
  assert.deepEqual(page.asked.map(({ what }) => what), [[{ limit: 1, counts: true }]]);
  await page.answer({ ...page.at, counts: { inbox: 98, archived: 3 } });
  assert.equal(counted(page), "98 0 3");
});

test("of what the list holds it is certain where it was, and nobody is asked", (context) => {
  const page = open(context, { rows: [row(3), row(2), row(1)] });
  page.counts.hear({ inbox: 3, archived: 4 });
  page.counts.follow({ archived: ["id-1"], removed: ["id-2"], unarchived: ["id-3"] }, () => true, "inbox");
  assert.equal(counted(page), "1 0 5");
  page.counts.follow({ archived: ["id-1"], removed: ["id-2"], unarchived: ["id-3"] }, () => true, "archived");
  assert.equal(counted(page), "2 0 3");
  page.clock.pass(60_000);
  assert.deepEqual(page.asked, []);
});

for (const frame of [{ archived: ["id-9"] }, { unarchived: ["id-9"] }, { removed: ["id-9"] }]) {
  test(`of one that it does not hold the server is asked: ${Object.keys(frame)}`, (context) => {
    const page = open(context, { rows: [row(1)] });
    page.counts.hear({ inbox: 3, archived: 4 });
    page.counts.follow(frame, (id) => id === "id-1", "inbox");
    page.clock.pass(2_000);
    assert.equal(page.asked.length, 1);
    assert.equal(counted(page), "3 0 4");
  });
}

test("counts of another moment than the list are not shown: what lies between would be counted twice", async (context) => {
  const page = open(context, { rows: [row(1)] });
  page.counts.hear({ inbox: 2, archived: 0 });
  page.counts.doubt();
  page.clock.pass(2_000);
  await page.answer({ ...page.at, rev: 1, counts: { inbox: 1, archived: 1 } });
  assert.equal(counted(page), "2 0 ");
  page.clock.pass(2_000);
  page.at.rev = 1;
  await page.answer({ ...page.at, counts: { inbox: 1, archived: 1 } });
  assert.equal(counted(page), "1 0 1");
  page.clock.pass(60_000);
  assert.deepEqual(page.asked, []);
});

test("a list that was fetched meanwhile has brought its counts, and nobody is asked", (context) => {
  const page = open(context, { rows: [row(1)] });
  page.counts.doubt();
  page.counts.hear({ inbox: 1, archived: 0 });
  page.clock.pass(60_000);
  assert.deepEqual(page.asked, []);
});

test("a page that nobody sees asks for no counts until somebody looks", (context) => {
  const page = open(context, { rows: [row(1)] });
  page.document.hidden = true;
  page.counts.doubt();
  page.clock.pass(60_000);
  assert.deepEqual(page.asked, []);
  page.document.hidden = false;
  page.counts.look();
  page.clock.pass(2_000);
  assert.equal(page.asked.length, 1);
});

test("what is unread is told in words, and the button for all goes with the last", (context) => {
  const page = open(context, { rows: [row(1)] });
  const said = (count) => {
    page.counts.unread(count);
    page.edges.unread(count);
    return [page.find("p").textContent, page.find("form[data-mark-all]").hidden];
  };
  assert.deepEqual([2, 0, 1].map(said), [["2 unread", false], ["All caught up", true], ["1 unread", false]]);
});

test("the first of a kind brings its link, and the second none", (context) => {
  const page = open(context, { rows: [row(1)], view: "unread" });
  for (const kind of ["order_shipped", "order_shipped", "message"]) followKind(page.section, page.page, kind);
  const chips = page.section.querySelectorAll("[data-kind-chip]");
  assert.deepEqual(chips.map(({ dataset }) => dataset.kindChip), ["", "message", "order_shipped"]);
  assert.deepEqual([chips[2].href, chips[2].textContent], ["/?view=unread&kind=order_shipped", "Order shipped"]);
});

const AT = Date.parse("2026-11-22T18:25:00Z");
const line = ({ find }) => (find("[data-standing]").hidden ? null : find("[data-standing-text]").textContent);

test("offline is told at once, with the time as of which the page is, and back online once", (context) => {
  const page = open(context);
  page.standing.set({ state: "offline", since: AT });
  page.standing.set({ state: "offline", since: AT });
  assert.equal(line(page), "You are offline. This is as of 18:25.");
  page.standing.set({ state: "open", since: null });
  page.standing.set({ state: "open", since: null });
  assert.equal(line(page), null);
  assert.deepEqual(page.said(), ["You are offline. This is as of 18:25.", "Back online."]);
});

test("a link that is lost and found within two seconds is not told", (context) => {
  const page = open(context);
  page.standing.set({ state: "waiting", since: AT });
  page.clock.pass(1_900);
  page.standing.set({ state: "connecting", since: AT });
  page.standing.set({ state: "open", since: null });
  page.clock.pass(60_000);
  assert.deepEqual([line(page), page.said()], [null, []]);
});

test("one that stays lost is told once, over all attempts, and then that the server does not answer", (context) => {
  const page = open(context);
  for (let attempts = 0; attempts < 5; attempts += 1) {
    page.standing.set({ state: "waiting", since: AT });
    page.clock.pass(1_000);
    page.standing.set({ state: "connecting", since: AT });
  }
  assert.equal(line(page), "Reconnecting… This is as of 18:25.");
  page.standing.set({ state: "away", since: AT });
  page.standing.set({ state: "connecting", since: AT });
  assert.match(line(page), /^The server does not answer\. This is as of 18:25/);
  assert.equal(page.said().length, 2);
  page.standing.set({ state: "signed-out", since: null });
  assert.equal(line(page), null);
  assert.equal(page.said().length, 2);
});

test("a tab in the background says nothing", (context) => {
  const page = open(context);
  page.document.hidden = true;
  page.standing.set({ state: "offline", since: AT });
  assert.deepEqual([line(page) === null, page.said()], [false, []]);
});

test("the newest page of the inbox that is in front counts as seen, up to what is shown", async (context) => {
  const page = open(context, { rows: [row(3)] });
  page.seen.look();
  page.clock.pass(4_500);
  assert.deepEqual(page.asked.map(({ name, what }) => [name, what]), [["seen", [3]]]);
  await page.answer({});
  page.point();
  page.list.add(row(4));
  page.clock.pass(4_500);
  assert.deepEqual(page.asked, [], "what waits behind the pill was not seen");
  page.list.release();
  page.clock.pass(4_500);
  assert.deepEqual(page.asked[0].what, [4]);
  await page.answer(new ApiError(503, ""));
  page.seen.look();
  page.clock.pass(4_500);
  assert.deepEqual(page.asked[0].what, [4], "again: nobody has heard it");
});

test("of several devices that are looked at one says that it was seen, and the others hear of it", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  const page = open(context, { rows: [row(3)] });
  page.seen.look();
  page.clock.pass(1_400);
  assert.deepEqual(page.asked, [], "not all at the same moment");
  page.seen.hear(3);
  page.clock.pass(1_100);
  assert.deepEqual(page.asked, []);
});

for (const [what, more] of [
  ["in the background", {}],
  ["of older ones", { newest: false }],
  ["of the archive", { view: "archived" }],
  ["of one kind", { kind: "message" }],
  ["of a search", { q: "message" }],
]) {
  test(`a page ${what} counts as nothing seen`, (context) => {
    const page = open(context, { rows: [row(3)], ...more });
    page.document.hidden = what === "in the background";
    page.seen.look();
    page.clock.pass(60_000);
    assert.deepEqual(page.asked, []);
  });
}

test("what another device has seen is not told again", async (context) => {
  const page = open(context, { rows: [row(3)] });
  page.seen.hear(3);
  page.seen.look();
  page.clock.pass(60_000);
  await settle();
  assert.deepEqual(page.asked, []);
});
