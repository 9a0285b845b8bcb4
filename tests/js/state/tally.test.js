import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "../../../packages/bellhop/src/bellhop/static/bellhop/state/unread-count.js";
import { notification } from "../support/fakes.js";

const begin = () => new Tally({ unread: 2, seq: 10, rev: 4 });

test("it starts with the page's count", () => assert.equal(begin().count, 2));

test("a new unread notification counts one", () => {
  const tally = begin();
  tally.notification(notification(11));
  assert.equal(tally.count, 3);
});

test("one that is caught up was counted by the server already", () => {
  const tally = begin();
  tally.ready({ seq: 15, rev: 4, unread: 7 });
  for (let seq = 11; seq <= 15; seq += 1) tally.notification(notification(seq));
  assert.equal(tally.count, 7);
});

test("a read one and an unsaved one do not count", () => {
  const tally = begin();
  tally.notification(notification(11, { read: true }));
  tally.notification({ type: "notification", message: "hi" });
  assert.equal(tally.count, 2);
});

test("a beat corrects the count", () => {
  const tally = begin();
  tally.beat({ seq: 10, rev: 4, unread: 5 });
  assert.equal(tally.count, 5);
});

test("a beat that was counted before what has already arrived is ignored", () => {
  const tally = begin();
  tally.notification(notification(11));
  tally.beat({ seq: 10, rev: 4, unread: 2 });
  assert.equal(tally.count, 3);
});

test("an answer older than a change that was already applied is ignored", () => {
  const tally = begin();
  tally.state({ rev: 6, unread: 0 });
  tally.state({ rev: 5, unread: 1 });
  tally.beat({ seq: 10, rev: 5, unread: 1 });
  assert.equal(tally.count, 0);
});

test("ready is believed even where it goes back", () => {
  const tally = begin();
  tally.ready({ seq: 3, rev: 1, unread: 1 });
  assert.equal(tally.count, 1);
  tally.notification(notification(4));
  assert.equal(tally.count, 2);
});

test("it tells of changes, and only of changes", () => {
  const told = [];
  const tally = new Tally({ unread: 0, seq: 0, rev: 0 }, (count) => told.push(count));
  tally.beat({ seq: 0, rev: 0, unread: 0 });
  tally.notification(notification(1));
  tally.notification(notification(1));
  assert.deepEqual(told, [1]);
});
