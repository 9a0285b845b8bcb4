import assert from "node:assert/strict";
import { test } from "node:test";
import { ToastQueue } from "../../../packages/bellhop/js/src/state/toast-queue.js";
import { Clock, notification } from "../support/fakes.js";

function begin() {
  const clock = new Clock();
  const world = { clock, toasts: [], more: 0, mark: 0 };
  world.queue = new ToastQueue({
    show: ({ message }) => world.toasts.push(message),
    more: (notifications) => (world.more += notifications.length),
    shown: (seq) => (world.mark = seq ?? world.mark),
    shownUpTo: () => world.mark,
    timers: clock,
  });
  return world;
}

const messages = (...seqs) => seqs.map((seq) => `message ${seq}`);

test("a single notification is shown at once", () => {
  const world = begin();
  world.queue.push(notification(1));
  assert.deepEqual(world.toasts, messages(1));
  assert.equal(world.mark, 1);
});

test("what was deleted while it waits gets no toast, and is no reason to hold the mark", () => {
  const world = begin();
  for (const seq of [1, 2, 3]) world.queue.push(notification(seq));
  world.queue.forget(({ id }) => ["id-2", "id-9"].includes(id));
  world.clock.pass(300);
  assert.deepEqual(world.toasts, messages(1, 3));
  assert.equal(world.mark, 3);
});

test("a single one that was missed is shown at once too", () => {
  const world = begin();
  world.queue.catchUp(5);
  world.queue.push(notification(5));
  assert.deepEqual(world.toasts, messages(5));
});

test("150 that were missed become the newest four and one summary", () => {
  const world = begin();
  world.queue.catchUp(150);
  for (let seq = 1; seq <= 150; seq += 1) world.queue.push(notification(seq));
  assert.deepEqual(world.toasts, messages(147, 148, 149, 150));
  assert.equal(world.more, 146);
  assert.equal(world.mark, 150);
});

test("what was missed and comes with a hole at its end is shown all the same", () => {
  const world = begin();
  world.queue.catchUp(9);
  world.queue.push(notification(3));
  world.queue.push(notification(4));
  assert.deepEqual(world.toasts, []);
  world.clock.pass(250);
  assert.deepEqual(world.toasts, messages(3, 4));
});

test("nothing is marked as shown before it is", () => {
  const world = begin();
  world.queue.catchUp(9);
  world.queue.push(notification(3));
  assert.equal(world.mark, 0);
});

test("a live burst shows its first at once and sums up the crowd behind it", () => {
  const world = begin();
  for (let seq = 1; seq <= 11; seq += 1) world.queue.push(notification(seq));
  assert.deepEqual(world.toasts, messages(1));
  world.clock.pass(250);
  assert.deepEqual(world.toasts, messages(1, 8, 9, 10, 11));
  assert.equal(world.more, 6);
});

test("after a burst the next one is shown at once again", () => {
  const world = begin();
  world.queue.push(notification(1));
  world.clock.pass(250);
  world.queue.push(notification(2));
  assert.deepEqual(world.toasts, messages(1, 2));
});

test("what was read on another device gets no toast, but counts as shown", () => {
  const world = begin();
  world.queue.push(notification(1, { read: true }));
  assert.deepEqual(world.toasts, []);
  assert.equal(world.mark, 1);
  assert.equal(world.more, 0);
});

test("an unsaved message is shown and marks nothing", () => {
  const world = begin();
  world.queue.push({ type: "notification", kind: "message", message: "hi" });
  assert.deepEqual(world.toasts, ["hi"]);
  assert.equal(world.mark, 0);
});

test("the order is kept when a live message arrives amid a catch-up", () => {
  const world = begin();
  world.queue.catchUp(3);
  world.queue.push(notification(1));
  world.queue.push(notification(2));
  world.queue.push(notification(3));
  world.queue.push(notification(4));
  world.clock.pass(250);
  assert.deepEqual(world.toasts, messages(1, 2, 3, 4));
});

test("in a crowd those of high importance get their toasts before all others, in the order in which they came", () => {
  const world = begin();
  world.queue.catchUp(9);
  for (let seq = 1; seq <= 9; seq += 1) {
    world.queue.push(notification(seq, { importance: [2, 3].includes(seq) ? "high" : undefined }));
  }
  assert.deepEqual(world.toasts, messages(2, 3, 8, 9));
  assert.equal(world.more, 5);
});

test("of more of high importance than there is room for the newest are shown", () => {
  const world = begin();
  world.queue.catchUp(9);
  for (let seq = 1; seq <= 9; seq += 1) {
    world.queue.push(notification(seq, { importance: seq < 7 ? "high" : "low" }));
  }
  assert.deepEqual(world.toasts, messages(3, 4, 5, 6));
  assert.equal(world.more, 5);
});

test("what waits says the new words when its time comes, and gets a toast for them only if it would have had one", () => {
  const world = begin();
  world.queue.push(notification(1));
  for (const seq of [2, 3, 4]) world.queue.push(notification(seq, { read: seq === 4 }));
  world.queue.forget(({ id }) => id === "id-3");
  world.queue.reword([2, 3, 4, 9].map((seq) => notification(seq, { message: `new ${seq}` })));
  assert.deepEqual(
    world.queue.waiting.map(({ message }) => message),
    ["new 2"],
  );
  world.clock.pass(300);
  assert.deepEqual(world.toasts, ["message 1", "new 2"]);
  assert.equal(world.mark, 4);
});

test("what comes while the screen is another's waits, and is shown together when it is this page's", () => {
  const world = begin();
  world.queue.hold();
  for (const seq of [1, 2, 3]) world.queue.push(notification(seq));
  world.clock.pass(1_000);
  assert.deepEqual([world.toasts, world.mark], [[], 0]);
  world.mark = 1;
  world.queue.release();
  assert.deepEqual([world.toasts, world.mark], [messages(2, 3), 3]);
});

test("what another tab has shown is shown no more, with what has no number; what is read meanwhile neither", () => {
  const world = begin();
  world.queue.hold();
  for (const seq of [1, 2, 3]) world.queue.push(notification(seq));
  world.queue.push({ type: "notification", kind: "message", message: "hi" });
  world.queue.shownElsewhere(1);
  world.queue.forget(({ seq }) => seq === 2);
  world.queue.release();
  assert.deepEqual(world.toasts, messages(3));
});

test("a burst that is being gathered when the screen is lost waits", () => {
  const world = begin();
  for (const seq of [1, 2]) world.queue.push(notification(seq));
  world.queue.hold();
  world.clock.pass(1_000);
  assert.deepEqual([world.toasts, world.mark], [messages(1), 1]);
  world.queue.release();
  assert.deepEqual(world.toasts, messages(1, 2));
});

test("of thousands that wait only the newest are kept, and all are counted", () => {
  const world = begin();
  let told = 0;
  const queue = new ToastQueue({
    show: () => (told += 1),
    more: (all) => all.forEach(({ skipped = 1 }) => (told += skipped)),
    shown: (seq) => (world.mark = seq),
    timers: world.clock,
  });
  queue.hold();
  for (let seq = 1; seq <= 1_000; seq += 1) queue.push(notification(seq));
  assert.equal(queue.waiting.length, 200);
  queue.release();
  assert.deepEqual([told, world.mark], [1_000, 1_000]);
});
