import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ListSync } from "../../../packages/bellhop/js/src/state/list-sync.js";
import { settle } from "../support/fakes.js";

/** A page rendered at seq 10, rev 4. `world.seq` and `world.rev` are the server's. */
function begin() {
  const world = { fetches: 0, seq: 10, rev: 4, fail: false, waiting: [] };
  world.listSync = new ListSync({
    seq: 10,
    rev: 4,
    fetchList: async () => {
      world.fetches += 1;
      const { seq, rev } = world;
      if (world.hold) await new Promise((resolve) => world.waiting.push(resolve));
      if (world.fail) throw new Error("network");
      return { seq, rev };
    },
    applyList: () => world.applied?.(),
  });
  return world;
}

/** How often the list was fetched once everything that `act` caused is done. */
async function fetches(world, act) {
  act(world.listSync);
  await settle();
  return world.fetches;
}

test("from the moment the list is applied on, an older answer is not applied on top", async () => {
  const world = begin();
  world.rev = 6;
  const answers = [];
  world.applied = () => queueMicrotask(() => answers.push(world.listSync.answered({ rev: 5, changed: 1 })));
  await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 6 }));
  assert.deepEqual(answers, [false]);
});

describe("ready and beat", () => {
  test("nothing is fetched while the server is where the page is", async () => {
    const world = begin();
    assert.equal(await fetches(world, (listSync) => listSync.ready({ seq: 10, rev: 4 })), 0);
    assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 4 })), 0);
    assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 9, rev: 3 })), 0);
  });

  test("at ready a higher rev is fetched, unless the socket is about to tell the changes", async () => {
    const to = (told) => (listSync) => listSync.ready({ seq: 10, rev: 6, told });
    for (const [told, times] of [[undefined, 1], [6, 1], [5, 0], [4, 0]]) {
      const world = begin();
      world.rev = 6;
      assert.equal(await fetches(world, to(told)), times, `told up to ${told}`);
      // What was told does not join on to this list (rev 4), or it does.
      const next = (listSync) => listSync.changed({ since: told, seq: 10, rev: 6 });
      if (told !== undefined) assert.equal(await fetches(world, next), told === 5 ? 1 : times);
    }
  });

  test("at ready a higher seq is no news: the socket is about to tell", async () => {
    assert.equal(await fetches(begin(), (listSync) => listSync.ready({ seq: 12, rev: 4 })), 0);
  });

  for (const [what, beat] of [
    ["rev", { seq: 10, rev: 5 }],
    ["seq", { seq: 11, rev: 4 }],
  ]) {
    test(`a beat with a higher ${what} than the list's is fetched once`, async () => {
      const world = begin();
      Object.assign(world, beat);
      assert.equal(await fetches(world, (listSync) => listSync.beat(beat)), 1);
      assert.equal(await fetches(world, (listSync) => listSync.beat(beat)), 1);
    });
  }

  for (const [what, ready] of [
    ["rev", { seq: 10, rev: 1 }],
    ["seq", { seq: 5, rev: 4 }],
  ]) {
    test(`a lower ${what} at ready means another database: fetched`, async () => {
      const world = begin();
      Object.assign(world, ready);
      assert.equal(await fetches(world, (listSync) => listSync.ready(ready)), 1);
      assert.equal(await fetches(world, (listSync) => listSync.beat(ready)), 1);
      assert.equal(world.listSync.arrived(ready.seq + 1), true);
    });
  }
});

describe("notifications", () => {
  test("the next one is news and costs nothing", async () => {
    const world = begin();
    assert.equal(world.listSync.arrived(11), true);
    assert.equal(world.listSync.arrived(12), true);
    assert.equal(await fetches(world, () => {}), 0);
  });

  test("one that the list was fetched after is no news: it may have been put away since", () => {
    assert.equal(begin().listSync.arrived(10), false);
  });

  test("one that leaves others out has the list fetched", async () => {
    const world = begin();
    world.seq = 13;
    assert.equal(await fetches(world, (listSync) => assert.equal(listSync.arrived(13), true)), 1);
    assert.equal(world.listSync.arrived(12), false);
  });
});

describe("changes of others", () => {
  test("one that follows on the list's rev is applied and not fetched again", async () => {
    const world = begin();
    assert.equal(world.listSync.changed({ since: 4, seq: 10, rev: 6 }), true);
    assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 6 })), 0);
  });

  test("one that the list has already would take it back, and is left out", () => {
    const { listSync } = begin();
    listSync.changed({ since: 4, seq: 10, rev: 6 });
    assert.equal(listSync.changed({ since: 4, seq: 10, rev: 5 }), false);
  });

  for (const [what, frame] of [
    ["that leaves changes out", { since: 5, seq: 10, rev: 6 }],
    ["about a notification that has not arrived", { since: 4, seq: 11, rev: 5 }],
    ["that says reload", { since: 4, seq: 10, rev: 5, reload: true }],
  ]) {
    test(`one ${what} has the list fetched`, async () => {
      const world = begin();
      Object.assign(world, { seq: frame.seq, rev: frame.rev });
      assert.equal(await fetches(world, (listSync) => listSync.changed(frame)), 1);
    });
  }
});

describe("changes of our own", () => {
  test("ours explains one step: applied, not fetched", async () => {
    const world = begin();
    assert.equal(world.listSync.answered({ rev: 5, changed: 1 }), true);
    assert.equal(await fetches(world, () => {}), 0);
  });

  test("more steps than ours mean others: fetched too", async () => {
    const world = begin();
    world.rev = 8;
    assert.equal(await fetches(world, (listSync) => assert.equal(listSync.answered({ rev: 8, changed: 1 }), true)), 1);
  });

  test("an answer that comes after a later change is left out: it would undo that", () => {
    const { listSync } = begin();
    listSync.changed({ since: 4, seq: 10, rev: 6 });
    assert.equal(listSync.answered({ rev: 5, changed: 1 }), false);
  });

  test("one that only the server knows the extent of has the list fetched, and is not applied", async () => {
    const world = begin();
    world.rev = 5;
    const answered = (listSync) => assert.equal(listSync.answered({ seq: 10, rev: 5, changed: 3 }, { reload: true }), false);
    assert.equal(await fetches(world, answered), 1);
  });

  test("one up to a seq that has not arrived has the list fetched: that one comes as it was before", async () => {
    const world = begin();
    Object.assign(world, { seq: 11, rev: 5 });
    const answered = (through) => (listSync) => listSync.answered({ seq: 11, rev: 5, changed: 1 }, { through });
    assert.equal(await fetches(begin(), answered(10)), 0);
    assert.equal(await fetches(world, answered(11)), 1);
  });

  test("one of a notification that another tab has had, and this one not, has the list fetched: it comes as it was", async () => {
    const world = begin();
    Object.assign(world, { seq: 11, rev: 5 });
    assert.equal(await fetches(world, (listSync) => listSync.answered({ seq: 11, rev: 5, changed: 1 }, { read: ["id-11"] })), 1);
  });

  test("one that changed nothing explains no step", async () => {
    const world = begin();
    world.rev = 5;
    assert.equal(await fetches(world, (listSync) => assert.equal(listSync.answered({ rev: 5, changed: 0 }), false)), 1);
  });
});

describe("an answer to what was seen", () => {
  const seen = (answer) => (listSync) => assert.equal(listSync.answered(answer, { isSeen: true }), false);

  for (const changed of [0, 1]) {
    test(`fetches nothing, where it has changed ${changed} and others have changed something: that is on its way`, async () => {
      const world = begin();
      world.rev = 6;
      assert.equal(await fetches(world, seen({ rev: 6, changed })), 0);
      assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 6 })), 1);
    });
  }

  test("is a step that is known, where it is the next one", async () => {
    const world = begin();
    world.rev = 5;
    assert.equal(await fetches(world, seen({ rev: 5, changed: 1 })), 0);
    assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 5 })), 0);
  });
});

describe("fetching", () => {
  test("a failed one is tried again at the next beat, not before", async () => {
    const world = begin();
    world.fail = true;
    assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 5 })), 1);
    Object.assign(world, { fail: false, rev: 5 });
    assert.equal(await fetches(world, (listSync) => listSync.beat({ seq: 10, rev: 5 })), 2);
  });

  test("needs that arise during one are met by one more", async () => {
    const world = begin();
    world.hold = true;
    for (let times = 0; times < 3; times += 1) world.listSync.refresh();
    world.hold = false;
    world.waiting.pop()();
    assert.equal(await fetches(world, () => {}), 2);
  });

  test("a need that arises at any moment of another's end is met by a fetch that begins after it", async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const world = begin();
      world.hold = true;
      world.listSync.refresh();
      world.hold = false;
      world.waiting.pop()();
      for (let turn = 0; turn < turns; turn += 1) await null;
      const before = world.fetches;
      world.listSync.refresh();
      await settle();
      assert.ok(world.fetches > before, `lost after ${turns} turns`);
    }
  });

  test("an answer that a later change has overtaken is fetched again at once", async () => {
    const world = begin();
    world.hold = true;
    world.listSync.refresh();
    world.listSync.changed({ since: 4, seq: 10, rev: 5 });
    Object.assign(world, { hold: false, rev: 5 });
    world.waiting.pop()();
    assert.equal(await fetches(world, () => {}), 2);
  });
});
