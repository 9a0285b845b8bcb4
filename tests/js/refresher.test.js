import assert from "node:assert/strict";
import { test } from "node:test";
import { Refresher } from "../../services/web/static/bellhop/refresher.js";
import { settle } from "./fakes.js";

function begin(rev = 4) {
  const world = { fetches: 0, rev, fail: false, waiting: [] };
  world.refresher = new Refresher({
    rev,
    fetchList: async () => {
      world.fetches += 1;
      if (world.hold) await new Promise((resolve) => world.waiting.push(resolve));
      if (world.fail) throw new Error("network");
      return { rev: world.rev };
    },
  });
  return world;
}

test("nothing is fetched while the server's rev is the page's", async () => {
  const world = begin();
  world.refresher.ready(4);
  world.refresher.beat(4);
  world.refresher.beat(3);
  await settle();
  assert.equal(world.fetches, 0);
});

test("a higher rev is fetched once", async () => {
  const world = begin();
  world.rev = 5;
  world.refresher.beat(5);
  await settle();
  world.refresher.beat(5);
  await settle();
  assert.equal(world.fetches, 1);
});

test("a change that a state frame brought is not fetched again", async () => {
  const world = begin();
  world.refresher.applied(5);
  world.refresher.beat(5);
  await settle();
  assert.equal(world.fetches, 0);
});

test("our own change explains one step, and no more", async () => {
  const world = begin();
  world.refresher.answered(5);
  await settle();
  assert.equal(world.fetches, 0);
  world.rev = 8;
  world.refresher.answered(8);
  await settle();
  assert.equal(world.fetches, 1);
});

test("a lower rev at ready means another database: fetched", async () => {
  const world = begin();
  world.rev = 1;
  world.refresher.ready(1);
  await settle();
  world.refresher.beat(1);
  await settle();
  assert.equal(world.fetches, 1);
});

test("a failed fetch is tried again at the next beat, not before", async () => {
  const world = begin();
  world.fail = true;
  world.refresher.beat(5);
  await settle();
  assert.equal(world.fetches, 1);
  world.fail = false;
  world.rev = 5;
  world.refresher.beat(5);
  await settle();
  assert.equal(world.fetches, 2);
});

test("needs that arise during a fetch are met by one more", async () => {
  const world = begin();
  world.hold = true;
  world.refresher.refresh();
  world.refresher.refresh();
  world.refresher.refresh();
  world.hold = false;
  world.waiting.pop()();
  await settle();
  assert.equal(world.fetches, 2);
});
