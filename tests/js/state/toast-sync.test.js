/** Toasts follow what changes: by frames, and where frames were missed, by the list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ToastSync } from "../../../packages/bellhop/js/src/state/toast-sync.js";
import { notification } from "../support/fakes.js";

/** Toasts of these seqs are up; `world.answers` are what the API says, in turn: an Error, or results. */
function begin(seqs, { rev = 5 } = {}) {
  const world = { up: new Map(seqs.map((seq) => [`id-${seq}`, notification(seq)])), asked: [], answers: [] };
  world.sync = new ToastSync({
    rev,
    toasts: {
      told: () => [...world.up.values()],
      forget: (isMeant) => [...world.up.values()].filter(isMeant).forEach(({ id }) => world.up.delete(id)),
      reword: (all) => all.forEach((one) => world.up.has(one.id) && world.up.set(one.id, one)),
    },
    fetchList: async (params) => {
      world.asked.push(params);
      const answer = world.answers.shift();
      if (answer instanceof Error) throw answer;
      return { results: answer, next: world.answers.length > 0 ? "?more" : null };
    },
  });
  Object.defineProperty(world, "words", { get: () => [...world.up.values()].map(({ message }) => message) });
  return world;
}

const state = (since, rev, more) => ({ type: "state", since, rev, unread: 0, ...more });
const now = (seq, more) => notification(seq, { message: `now ${seq}`, ...more });

test("what a frame tells is done, and nobody is asked", async () => {
  const world = begin([1, 2, 3, 4]);
  const change = { read: ["id-1"], archived: ["id-9"], removed: ["id-2"], updated: [now(3), now(8)] };
  await world.sync.changed(state(5, 6, change), false);
  assert.deepEqual(world.words, ["now 3", "message 4"]);
  assert.deepEqual(world.asked, []);
});

test("a frame that comes once more changes nothing back", async () => {
  const world = begin([1]);
  await world.sync.changed(state(5, 6, { updated: [notification(1, { message: "first" })] }), false);
  await world.sync.changed(state(6, 7, { updated: [notification(1, { message: "second" })] }), false);
  await world.sync.changed(state(5, 6, { updated: [notification(1, { message: "first" })] }), false);
  assert.deepEqual(world.words, ["second"]);
});

test("after a reload, and after a gap, the list says what became of each", async () => {
  for (const frame of [state(5, 900, { reload: true }), state(7, 900)]) {
    const world = begin([4, 2, 6]);
    world.answers = [[now(2), now(3), now(6, { read: true })]];
    await world.sync.changed(frame, false);
    assert.deepEqual(world.asked, [{ after: 1, limit: 200 }]);
    assert.deepEqual(world.words, ["now 2"]);
  }
});

test("what lies beyond one page of the list is asked for by itself", async () => {
  const world = begin([2, 900]);
  world.answers = [[now(2), now(201)], [now(900)]];
  await world.sync.changed(state(5, 6, { reload: true }), false);
  assert.deepEqual(
    world.asked.map(({ after }) => after),
    [1, 899],
  );
  assert.deepEqual(world.words, ["now 2", "now 900"]);
});

test("without a toast nobody is asked", async () => {
  const world = begin([]);
  await world.sync.changed(state(5, 6, { reload: true }), false);
  await world.sync.beat({ rev: 99 });
  assert.deepEqual(world.asked, []);
});

test("a beat that is ahead of what was told asks once", async () => {
  const world = begin([1]);
  world.answers = [[now(1)]];
  for (const rev of [5, 6, 6]) await world.sync.beat({ rev });
  assert.equal(world.asked.length, 1);
  assert.deepEqual(world.words, ["now 1"]);
  // And a state frame of then is still heard: it may be about one that came since.
  world.up.set("id-2", notification(2));
  await world.sync.changed(state(5, 6, { updated: [now(2)] }), false);
  assert.deepEqual(world.words, ["now 1", "now 2"]);
});

test("an answer that failed is asked for again by the next beat, and by the next ready", async () => {
  for (const again of ["beat", "ready"]) {
    const world = begin([1]);
    world.answers = [new Error("away")];
    await world.sync.changed(state(5, 6, { reload: true }), false);
    assert.deepEqual(world.words, ["message 1"]);
    world.answers = [[]];
    await world.sync[again]({ seq: 1, rev: 6 });
    assert.deepEqual(world.words, []);
  }
});

test("what a change has overtaken is looked at again by the next beat, however many beats came before it", async () => {
  const world = begin([1]);
  await world.sync.changed(state(5, 6, { seq: 2, updated: [now(2)] }), true);
  await world.sync.beat({ rev: 6 });
  assert.deepEqual(world.asked, []);
  world.up.set("id-2", notification(2)); // with the words of before
  world.sync.arrived(notification(2));
  world.answers = [[notification(1), now(2)]];
  await world.sync.beat({ rev: 6 });
  assert.deepEqual(world.words, ["message 1", "now 2"]);
});

test("after a restored backup what it does not have is gone, and the rest says what it said then", async () => {
  const world = begin([1, 2, 3]);
  world.answers = [[now(1), now(2)]];
  await world.sync.ready({ seq: 2, rev: 3 });
  assert.deepEqual(world.words, ["now 1", "now 2"]);
  await world.sync.changed(state(3, 4, { removed: ["id-1"] }), false);
  assert.deepEqual(world.words, ["now 2"]);
});
