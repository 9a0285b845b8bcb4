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
  const unreadCount = new UnreadCount({ unread: 0, seq: 0, rev: 0 }, (count) => told.push(count));
  unreadCount.beat({ seq: 0, rev: 0, unread: 0 });
  unreadCount.notification(notification(1));
  unreadCount.notification(notification(1));
  assert.deepEqual(told, [1]);
});
