/** Of what was missed the list has the newest; how many more there were is never said too high. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { missedIn } from "../../../packages/bellhop/js/src/state/missed.js";
import { notification } from "../support/fakes.js";

const newest = [100, 99, 98, 97, 96].map((seq) => notification(seq, { read: seq === 98 }));

test("what the list has of it comes oldest first, and what came since is left to the socket", () => {
  const { results, skipped } = missedIn({ results: newest, unread: 4 }, 96, 99);
  assert.deepEqual(
    results.map(({ seq }) => seq),
    [97, 98, 99],
  );
  assert.equal(skipped, 0);
});

test("what was put away, read or deleted meanwhile was not missed", () => {
  assert.equal(missedIn({ results: newest, unread: 4 }, 0, 100).skipped, 0);
  assert.equal(missedIn({ results: [], unread: 0 }, 0, 100).skipped, 0);
});

test("of older ones than the list gives there are as many as are unread, and no more than there are numbers for", () => {
  const { skipped, seq } = missedIn({ results: newest, unread: 24 }, 0, 100);
  assert.deepEqual([skipped, seq], [20, 95]);
  assert.equal(missedIn({ results: newest, unread: 500 }, 90, 100).skipped, 5);
  assert.equal(missedIn({ results: newest, unread: 500 }, 98, 100).skipped, 0);
  assert.equal(missedIn({ results: newest, unread: 500 }, 10, 20).skipped, 10);
});
