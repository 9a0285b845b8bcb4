import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFrame } from "../../../packages/bellhop/js/src/net/frames.js";
import { notification, ready } from "../support/fakes.js";

const parse = (frame) => parseFrame(JSON.stringify(frame));

for (const frame of [
  ready(4, 2, 1),
  { type: "beat", seq: 4, rev: 2, unread: 1 },
  { type: "resync", seq: 900 },
  notification(3),
  { type: "notification", kind: "message", message: "hi" },
  { type: "state", rev: 3, unread: 0, read: ["a"] },
  { type: "state", rev: 3, unread: 0, through: 7 },
  { type: "state", rev: 3, unread: 0, reload: true },
  { type: "state", rev: 3, unread: 0, updated: [notification(3), notification(4, { icon: "/a.svg", count: 7 })] },
  { ...ready(), something: "newer" },
]) {
  test(`accepts ${JSON.stringify(frame)}`, () => assert.deepEqual(parse(frame), frame));
}

for (const text of [
  "",
  "{",
  "null",
  "7",
  '"ready"',
  "[]",
  "{}",
  '{"type": 7}',
  '{"type": "toString"}',
  '{"type": "presence", "seq": 1}',
  '{"type": "ready"}',
  '{"type": "ready", "seq": "4", "rev": 1, "unread": 0}',
  '{"type": "ready", "seq": -1, "rev": 1, "unread": 0}',
  '{"type": "notification", "seq": 1, "id": "a"}',
  '{"type": "notification", "seq": 1, "message": "no id"}',
  '{"type": "notification", "seq": 1.5, "id": "a", "message": "x"}',
  '{"type": "notification", "seq": 1e300, "id": "a", "message": "x"}',
  '{"type": "state", "rev": 1, "unread": 0, "read": "a"}',
  '{"type": "state", "rev": 1, "unread": 0, "removed": [7]}',
  '{"type": "state", "rev": 1, "unread": 0, "updated": "a"}',
  '{"type": "state", "rev": 1, "unread": 0, "updated": [null]}',
  '{"type": "state", "rev": 1, "unread": 0, "updated": [{"id": "a", "seq": 1}]}',
  '{"type": "state", "rev": 1, "unread": 0, "updated": [{"id": "a", "message": "no seq"}]}',
  '{"type": "resync", "seq": null}',
]) {
  test(`ignores ${text || "an empty text"}`, () => assert.equal(parseFrame(text), null));
}

test("ignores what is no text", () => {
  assert.equal(parseFrame(new ArrayBuffer(2)), null);
  assert.equal(parseFrame(undefined), null);
});
