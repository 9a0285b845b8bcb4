/** The panel of the bell: what it shows, what follows while it is open, and what is done in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClient, makePanel, row, said } from "../../support/parts/panel.js";
import { said as announced } from "../../support/parts/said.js";

const asked = ({ asked: all }, name) => all.filter(([each]) => each === name);

async function opened(context, rows = [row(2), row(1, { read: true })], more = {}) {
  const client = Object.assign(new FakeClient(), { rows, unread: rows.filter(({ read }) => !read).length }, more);
  const made = await makePanel(context, client);
  made.panel.open();
  await made.calm();
  return made;
}

test("it shows the newest ten, has seen them then, and reads none", async (context) => {
  const rows = Array.from({ length: 12 }, (_, index) => row(12 - index));
  const { client, items, find } = await opened(context, rows);
  assert.deepEqual(asked(client, "list"), [["list", { limit: 10 }]]);
  assert.deepEqual(said(items()), rows.slice(0, 10).map(({ seq }) => `${seq} unread message ${seq}`));
  assert.deepEqual(asked(client, "markSeen"), [["markSeen", 12]]);
  assert.deepEqual(asked(client, "mark"), []);
  assert.equal(find("loading").hidden, true);
  assert.equal(find("all").getAttribute("href"), "/notifications/");
  assert.equal(find("preferences").getAttribute("href"), "/notifications/preferences/");
});

test("what comes while its tab is in the background is seen when that comes to the front, unless it was closed", async (context) => {
  const { client, panel, document, calm } = await opened(context);
  const turn = (hidden) => {
    document.hidden = hidden;
    document.fire("visibilitychange");
  };
  turn(true);
  client.tell("arrived", row(3));
  await calm();
  assert.deepEqual(asked(client, "markSeen"), [["markSeen", 2]]);
  turn(false);
  await calm();
  assert.deepEqual(asked(client, "markSeen"), [["markSeen", 2], ["markSeen", 3]]);
  panel.close();
  turn(true);
  turn(false);
  assert.equal(asked(client, "markSeen").length, 2);
});

test("it says that it loads, that there is nothing, and that nobody is signed in any more", async (context) => {
  const { client, panel, find, calm, items } = await makePanel(context);
  const standing = () => ["loading", "failed", "empty", "ended"].filter((name) => !find(name).hidden);
  panel.open();
  assert.deepEqual(standing(), ["loading"]);
  await calm();
  assert.deepEqual(standing(), ["empty"]);
  client.rows = [row(1)];
  client.tell("arrived", row(1));
  assert.deepEqual(standing(), []);
  client.hasEnded = true;
  client.tell("ended");
  assert.deepEqual(standing(), ["ended"]);
  assert.deepEqual(items(), []);
});

test("what cannot be loaded is said, and loaded when that is asked for", async (context) => {
  const { client, find, items, calm } = await opened(context, [row(1)], { fails: new Set(["list"]) });
  assert.equal(find("failed").hidden, false);
  assert.equal(find("empty").hidden, true);
  client.fails.clear();
  find("retry").fire("click");
  assert.equal(find("failed").hidden, true);
  await calm();
  assert.deepEqual(said(items()), ["1 unread message 1"]);
});

test("it follows what arrives, is read, is put away and is worded anew elsewhere", async (context) => {
  const { client, items, calm } = await opened(context);
  const change = (more) => ({ rev: (client.rev += 1), since: client.rev - 1, seq: 3, ...more });
  client.tell("arrived", row(3));
  assert.deepEqual(said(items()), ["3 unread message 3", "2 unread message 2", "1 read message 1"]);
  assert.deepEqual(asked(client, "markSeen").at(-1), ["markSeen", 3]);
  client.tell("changed", change({ read: ["id-3"], updated: [row(2, { message: "other words" })] }));
  assert.deepEqual(said(items()), ["3 read message 3", "2 unread other words", "1 read message 1"]);
  client.rows = [row(4), row(2), row(0)];
  client.tell("changed", change({ archived: ["id-3"], removed: ["id-1"] }));
  assert.deepEqual(said(items()), ["2 unread other words"]);
  await calm();
  assert.deepEqual(said(items()), ["4 unread message 4", "2 unread message 2", "0 unread message 0"]);
});

test("closed it hears nothing, and asks anew when it is opened again", async (context) => {
  const { client, panel, items, calm } = await opened(context);
  panel.close();
  client.tell("arrived", row(3));
  assert.equal(items().length, 2);
  assert.deepEqual(asked(client, "markSeen"), [["markSeen", 2]]);
  client.rows = [row(3)];
  panel.open();
  await calm();
  assert.deepEqual(said(items()), ["3 unread message 3"]);
});

test("what is put away in it keeps its place, and comes back", async (context) => {
  const { client, items, press, part, document } = await opened(context, [row(3), row(2), row(1)]);
  await press(1, "archive");
  assert.deepEqual(said(items()), ["3 unread message 3", "2 put away", "1 unread message 1"]);
  assert.equal(document.activeElement, part(1, "[data-do=undo]"));
  assert.ok(announced(document).includes("Archived"));
  client.rows = [row(3), row(2), row(1)];
  await press(1, "undo");
  assert.deepEqual(asked(client, "mark"), [
    ["mark", "archive", { ids: ["id-2"] }],
    ["mark", "unarchive", { ids: ["id-2"] }],
  ]);
  assert.deepEqual(said(items()), ["3 unread message 3", "2 unread message 2", "1 unread message 1"]);
});

test("what was put away in it is gone when it is opened again", async (context) => {
  const { panel, items, press, calm } = await opened(context);
  await press(0, "archive");
  panel.close();
  panel.open();
  await calm();
  assert.deepEqual(said(items()), ["1 read message 1"]);
});

test("what cannot be put away stays, and that is told", async (context) => {
  const { client, items, press } = await opened(context, [row(1)], { fails: new Set(["mark"]) });
  await press(0, "archive");
  assert.deepEqual(said(items()), ["1 unread message 1"]);
  assert.deepEqual(asked(client, "tellFailure"), [["tellFailure", "mark failed"]]);
});

test("a row is read and unread by one button, whose name changes and which keeps the focus", async (context) => {
  const { client, items, press, part, document } = await opened(context, [row(1)]);
  assert.equal(part(0, "[data-do=unread]").hidden, true);
  await press(0, "read");
  assert.deepEqual(said(items()), ["1 read message 1"]);
  assert.equal(part(0, "[data-do=read]").hidden, true);
  assert.equal(document.activeElement, part(0, "[data-do=unread]"));
  await press(0, "unread");
  assert.deepEqual(asked(client, "mark").map(([, action]) => action), ["read", "unread"]);
  assert.deepEqual(said(items()), ["1 unread message 1"]);
});

test("each button is named with its row", async (context) => {
  const { part } = await opened(context, [row(7)]);
  for (const action of ["read", "unread", "archive"]) {
    const button = part(0, `[data-do=${action}]`);
    assert.equal(button.getAttribute("aria-labelledby"), `${button.id} ${part(0, "[data-message]").id}`);
  }
});

test("all are read up to the newest that it knows, and it says how many", async (context) => {
  const { client, find, items, calm, document } = await opened(context, [row(5), row(4)], { unread: 31 });
  client.unread = 31;
  client.tell("unread", 31);
  assert.equal(find("mark-all").textContent, "Mark all 31 as read");
  find("mark-all").fire("click");
  await calm();
  assert.deepEqual(asked(client, "mark"), [["mark", "read", { through: 5 }]]);
  assert.deepEqual(said(items()), ["5 read message 5", "4 read message 4"]);
  assert.ok(announced(document).includes("31 notifications marked as read"));
  client.unread = 0;
  client.tell("unread", 0);
  assert.equal(find("mark-all").hidden, true);
});
