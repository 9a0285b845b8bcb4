import assert from "node:assert/strict";
import { test } from "node:test";
import { ReconnectBackoff } from "../../../packages/bellhop/js/src/net/reconnect-backoff.js";

const ceilings = (backoff, count) => Array.from({ length: count }, () => backoff.next());

test("ceilings double from half a second and stop at thirty seconds", () => {
  const backoff = new ReconnectBackoff({ random: () => 1 });
  assert.deepEqual(ceilings(backoff, 9), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test("jitter is full: a delay may be anything from nothing to its ceiling", () => {
  assert.equal(new ReconnectBackoff({ random: () => 0 }).next(), 0);
  assert.equal(new ReconnectBackoff({ random: () => 0.5 }).next(), 250);
});

test("a reset starts again from the bottom", () => {
  const backoff = new ReconnectBackoff({ random: () => 1 });
  ceilings(backoff, 5);
  backoff.reset();
  assert.equal(backoff.next(), 500);
});

test("a slow delay is never short and never beyond the cap", () => {
  assert.equal(new ReconnectBackoff({ random: () => 0 }).slow(), 15000);
  assert.equal(new ReconnectBackoff({ random: () => 1 }).slow(), 30000);
});

test("ten thousand failures do not overflow", () => {
  const backoff = new ReconnectBackoff({ random: () => 1 });
  assert.equal(ceilings(backoff, 10000).at(-1), 30000);
});
