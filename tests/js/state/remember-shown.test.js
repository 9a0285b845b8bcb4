import assert from "node:assert/strict";
import { test } from "node:test";
import { ShownMark } from "../../../packages/bellhop/js/src/state/remember-shown.js";

function storage(entries = {}) {
  const map = new Map(Object.entries(entries));
  return { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => map.set(key, value), map };
}

test("what was shown is remembered over a reload", () => {
  const store = storage();
  new ShownMark("7-1", () => store).raise(12);
  assert.equal(new ShownMark("7-1", () => store).seq, 12);
});

test("another account in the same browser knows nothing of it", () => {
  const store = storage();
  new ShownMark("7-1", () => store).raise(12);
  assert.equal(new ShownMark("7-2", () => store).seq, 0);
});

test("the mark never falls by itself", () => {
  const mark = new ShownMark("7-1", () => storage());
  mark.raise(12);
  mark.raise(3);
  assert.equal(mark.seq, 12);
});

test("a tab that is behind does not pull back what another tab has stored", () => {
  const store = storage();
  const [ahead, behind] = [new ShownMark("7-1", () => store), new ShownMark("7-1", () => store)];
  ahead.raise(20);
  behind.raise(12);
  assert.equal(new ShownMark("7-1", () => store).seq, 20);
});

test("a reset goes down, for the next page too", () => {
  const store = storage();
  const mark = new ShownMark("7-1", () => store);
  mark.raise(900);
  mark.reset(5);
  assert.equal(new ShownMark("7-1", () => store).seq, 5);
});

for (const value of ["", "x", "-3", "1.5", "1e400", "null"]) {
  test(`a stored ${JSON.stringify(value)} counts as nothing shown`, () => {
    assert.equal(new ShownMark("7-1", () => storage({ "bellhop:shown:7-1": value })).seq, 0);
  });
}

test("what an older page or another program stored is no seq, and is replaced", () => {
  const store = storage({ "bellhop:shown:7-1": "Infinity" });
  new ShownMark("7-1", () => store).raise(3);
  assert.equal(new ShownMark("7-1", () => store).seq, 3);
});

test("storage that cannot be reached is done without", () => {
  const mark = new ShownMark("7-1", () => {
    throw new Error("SecurityError");
  });
  mark.raise(3);
  assert.equal(mark.seq, 3);
});

test("storage that is full is done without", () => {
  const full = storage();
  full.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  const mark = new ShownMark("7-1", () => full);
  mark.raise(3);
  assert.equal(mark.seq, 3);
});
