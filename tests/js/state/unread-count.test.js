import assert from "node:assert/strict";
import { test } from "node:test";
import { UnreadCount } from "../../../packages/bellhop/js/src/state/bell-unread-count.js";
import { notification } from "../support/fakes.js";

const begin = () => new UnreadCount({ unread: 2, seq: 10, rev: 4 });

test("it starts with the page's count", () => assert.equal(begin().count, 2));

test("a new unread notification counts one", () => {
  const unreadCount = begin();
  unreadCount.notification(notification(11));
  assert.equal(unreadCount.count, 3);
});

test("one that is caught up was counted by the server already", () => {
  const unreadCount = begin();
  unreadCount.ready({ seq: 15, rev: 4, unread: 7 });
  for (let seq = 11; seq <= 15; seq += 1) unreadCount.notification(notification(seq));
  assert.equal(unreadCount.count, 7);
});

test("a read one and an unsaved one do not count", () => {
  const unreadCount = begin();
  unreadCount.notification(notification(11, { read: true }));
  unreadCount.notification({ type: "notification", message: "hi" });
  assert.equal(unreadCount.count, 2);
});

test("a beat corrects the count", () => {
  const unreadCount = begin();
  unreadCount.beat({ seq: 10, rev: 4, unread: 5 });
  assert.equal(unreadCount.count, 5);
});

test("a beat that was counted before what has already arrived is ignored", () => {
  const unreadCount = begin();
  unreadCount.notification(notification(11));
  unreadCount.beat({ seq: 10, rev: 4, unread: 2 });
  assert.equal(unreadCount.count, 3);
});

test("an answer older than a change that was already applied is ignored", () => {
  const unreadCount = begin();
  unreadCount.state({ rev: 6, unread: 0 });
  unreadCount.state({ rev: 5, unread: 1 });
  unreadCount.beat({ seq: 10, rev: 5, unread: 1 });
  assert.equal(unreadCount.count, 0);
});

test("ready is believed even where it goes back", () => {
  const unreadCount = begin();
  unreadCount.ready({ seq: 3, rev: 1, unread: 1 });
  assert.equal(unreadCount.count, 1);
  unreadCount.notification(notification(4));
  assert.equal(unreadCount.count, 2);
});

test("it tells of changes, and only of changes", () => {
  const told = [];
  const count = new UnreadCount({ seq: 10, rev: 4, unread: 2, seen: 8 }, (now) => told.push(now));
  count.ready({ seq: 10, rev: 4, unread: 2, seen: 8 });
  count.state({ rev: 5, unread: 2, seen: 10 });
  count.state({ rev: 6, unread: 1, seen: 10 });
  count.notification({ seq: 11, read: false });
  assert.deepEqual(told, [{ seen: 10 }, { unread: 1 }, { unread: 2 }]);
});

test("what was seen goes on from the latest word, and back only with a server that does", () => {
  const count = new UnreadCount({ seq: 10, rev: 4, unread: 2, seen: 8 });
  count.state({ rev: 5, unread: 2, seen: 10 });
  count.beat({ seq: 10, rev: 4, unread: 2, seen: 8 });
  assert.equal(count.seen, 10);
  count.beat({ seq: 10, rev: 5, unread: 2 }); // of an older server
  assert.equal(count.seen, 10);
  count.ready({ seq: 3, rev: 2, unread: 1, seen: 3 });
  assert.equal(count.seen, 3);
});
