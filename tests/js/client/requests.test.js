/** What a request of this browser's is told to have changed, before the server tells it to all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Requests } from "../../../packages/bellhop/js/src/client/requests.js";

function begin({ key = "key", seen = 5, fails } = {}) {
  const world = { told: [], asked: [], ended: 0 };
  const answer = async (...asked) => {
    world.asked.push(asked);
    if (fails) throw Object.assign(new Error("no"), { status: fails });
    return { rev: 2, changed: 1 };
  };
  const api = Object.fromEntries(["list", "mark", "markSeen", "preferences", "setPreferences"].map((name) => [name, answer]));
  const person = { seen, changed: (change) => world.told.push(change), heard: () => world.told.push("heard") };
  world.requests = new Requests(api, (as) => (as === key ? person : null), () => (world.ended += 1));
  return world;
}

const told = async (action, what, as = "key") => {
  const { requests, told } = begin();
  await requests.mark(action, what, as);
  return told;
};

test("marks by id are told by the name of a state frame, reading up to a seq as such", async () => {
  assert.deepEqual(await told("read", { ids: ["a"] }), [{ read: ["a"] }]);
  assert.deepEqual(await told("unread", { ids: ["a"] }), [{ unread_ids: ["a"] }]);
  assert.deepEqual(await told("archive", { ids: ["a"] }), [{ archived: ["a"] }]);
  assert.deepEqual(await told("unarchive", { ids: ["a"] }), [{ unarchived: ["a"] }]);
  assert.deepEqual(await told("read", { through: 9 }), [{ through: 9 }]);
  assert.deepEqual(await told("read", { through: 9, view: "unread", kind: "", q: "" }), [{ through: 9 }]);
});

test("what only the server knows the extent of is told as that", async () => {
  for (const [action, what] of [
    ["unread", { through: 9 }],
    ["archive", { through: 9 }],
    ["read", { through: 9, kind: "order" }],
    ["read", { through: 9, q: "word" }],
    ["read", { through: 9, view: "archived" }],
    ["unarchive", { rev: 3 }],
    ["read", { rev: 3 }],
  ]) {
    assert.deepEqual(await told(action, what), [{ reload: true }]);
  }
});

test("nothing is told of somebody else's, and what was seen is not said again", async () => {
  assert.deepEqual(await told("read", { ids: ["a"] }, "other"), []);
  const { requests, asked } = begin();
  await requests.markSeen(5, "key");
  await requests.markSeen(6, "key");
  assert.deepEqual(asked, [[6, "key"]]);
});

test("an answer by which the session is over, or another's, ends it; any other does not", async () => {
  for (const [fails, ended] of [[401, 1], [409, 1], [503, 0], [0, 0]]) {
    const world = begin({ fails: fails || 500 });
    await assert.rejects(world.requests.setPreferences({}, "key"));
    await assert.rejects(world.requests.list({}, "other"));
    assert.equal(world.ended, ended);
  }
});
