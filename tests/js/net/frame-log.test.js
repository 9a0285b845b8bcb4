/** What a tab tells another one that comes later: what that has not heard, as true as it is by now. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameLog } from "../../../packages/bellhop/js/src/net/tabs/frame-log.js";
import { notification, ready } from "../support/fakes.js";

const state = (rev, more) => ({ type: "state", since: rev - 1, rev, seq: 9, unread: 1, seen: 0, ...more });

function begin() {
  const log = new FrameLog({ seq: 2, rev: 4 });
  log.add({ ...ready(2, 4, 1), seen: 2, user_key: "key" });
  return log;
}
const told = (log, position) => log.since(position)?.map(({ type, seq, rev }) => (type === "state" ? `rev ${rev}` : seq));

test("what leads on from there, in its order, and nothing where that is all", () => {
  const log = begin();
  for (const frame of [notification(3), state(5), notification(4), { type: "beat", seq: 4, rev: 5, unread: 3 }]) log.add(frame);
  assert.deepEqual(told(log, { seq: 2, rev: 4 }), [3, "rev 5", 4]);
  assert.deepEqual(told(log, { seq: 3, rev: 5 }), [4]);
  assert.deepEqual(told(log, { seq: 4, rev: 5 }), []);
});

test("who is further behind than it goes is told that it does not know", () => {
  const log = begin();
  assert.equal(log.since({ seq: 1, rev: 4 }), null);
  assert.equal(log.since({ seq: 2, rev: 3 }), null);
  for (let seq = 3; seq <= 300; seq += 1) log.add(notification(seq));
  assert.equal(log.since({ seq: 2, rev: 4 }), null);
  assert.equal(told(log, { seq: 100, rev: 4 }).length, 200);
  log.restart({ seq: 500, rev: 9 });
  assert.equal(log.since({ seq: 300, rev: 9 }), null);
  assert.deepEqual(log.since({ seq: 500, rev: 9 }), []);
});

test("nobody is told of what is gone, nor of what is read as if it were not, nor in words of before", () => {
  const log = begin();
  for (const seq of [3, 4, 5, 6]) log.add(notification(seq));
  log.add(state(5, { read: ["id-3"], archived: ["id-4"], removed: ["id-5"], updated: [notification(6, { message: "anew" })] }));
  const [three, six, ...rest] = log.since({ seq: 2, rev: 4 });
  assert.deepEqual([three.read, six.message, rest.length], [true, "anew", 1]);
});

test("where the server stands is what it said last, and what has come since", () => {
  const log = begin();
  log.add(notification(3));
  log.add(notification(4, { read: true }));
  assert.deepEqual([log.standing.seq, log.standing.unread, log.standing.user_key], [4, 2, "key"]);
  log.add({ type: "beat", seq: 3, rev: 4, unread: 9 }); // counted before the last one came
  assert.equal(log.standing.unread, 2);
  log.add({ type: "beat", seq: 4, rev: 6, unread: 1, seen: 4 });
  assert.deepEqual([log.standing.unread, log.standing.rev, log.standing.seen], [1, 6, 4]);
});
