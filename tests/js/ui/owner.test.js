/** The page of one person whose browser somebody else has signed in with, and what becomes of a deleted notification. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "../support/fakes.js";
import { World } from "../support/world.js";

/** @param {(world: World) => Promise<void>} tell begins with an open page and two notifications, the second one unread */
function story(name, tell) {
  test(name, async () => {
    const world = new World(1);
    const { server, browser } = world;
    Object.assign(server, { rows: [], seq: 0, rev: 0, rings: [] });
    server.notify();
    server.mark("read", () => true);
    try {
      browser.load();
      world.accept();
      server.notify();
      await world.calmDown();
      await tell(world);
    } finally {
      browser.window.fire("pagehide");
      browser.leave();
    }
  });
}

const answerAll = async ({ server }, given) => {
  for (let round = 0; round < 4; round += 1) {
    for (const request of server.requests.splice(0)) request.settle(given ?? request.work());
    await settle();
  }
};
const theirs = { seq: 9, rev: 9, unread: 7, user_key: "other" };

/** Its rows and count are those of its own person, and it says that it has ended. */
function assertEnded({ browser, links }, before) {
  const { isSignedOut, ...screen } = browser.screen;
  assert.deepEqual([isSignedOut, screen], [true, before]);
  assert.equal(links.length, 0);
}
const seen = ({ browser }) => {
  const { isSignedOut, ...screen } = browser.screen;
  assert.equal(isSignedOut, false);
  return screen;
};

story("a socket that is somebody else's by now shows nothing of theirs, and ends the page", async (world) => {
  const before = seen(world);
  const toasts = [...world.browser.toasts];
  world.end(1006);
  world.browser.clock.pass(31_000);
  const socket = world.browser.sockets.at(-1);
  socket.says({ type: "ready", ...theirs });
  socket.says({ type: "notification", id: "x", seq: 9, message: "secret", kind: "message", created: "", read: false });
  socket.says({ type: "state", ...theirs, since: 0, read: [], unread_ids: ["id-1"], archived: ["id-2"], removed: [] });
  socket.says({ type: "beat", ...theirs });
  await settle();
  assertEnded(world, before);
  assert.deepEqual(world.browser.toasts, toasts);
  world.browser.clock.pass(600_000);
  assert.equal(world.browser.sockets.at(-1), socket, "no further attempt");
});

story("a button on a page whose browser is somebody else's by now ends the page and changes nothing in it", async (world) => {
  const before = seen(world);
  world.browser.pressReadAll();
  await answerAll(world, { ...theirs, changed: 7 });
  assertEnded(world, before);
});

story("a list that is somebody else's by now is not shown, and ends the page", async (world) => {
  const before = seen(world);
  const [link] = world.links;
  link.socket.says({ type: "beat", ...world.server.state, rev: world.server.rev + 1 });
  await settle();
  await answerAll(world, { results: [{ id: "x", seq: 9, message: "secret", read: false }], next: null, ...theirs });
  assertEnded(world, before);
});

story("a resync that is answered for somebody else tells nothing of it", async (world) => {
  const before = seen(world);
  const toasts = [...world.browser.toasts];
  const [link] = world.links;
  link.socket.says({ type: "resync", seq: 90 });
  await settle();
  await answerAll(world, { results: [{ id: "x", seq: 9, message: "secret", read: false }], next: null, ...theirs });
  assertEnded(world, before);
  assert.deepEqual(world.browser.toasts, toasts);
});

story("a session that ended and is somebody else's is not gone on with", async (world) => {
  const before = seen(world);
  world.end(4401);
  await settle();
  await answerAll(world, theirs);
  assertEnded(world, before);
});

const standing = ({ browser }) =>
  browser.document
    .querySelector("#toasts")
    .children.map(({ dataset }) => dataset.id)
    .filter(Boolean);

story("a deleted notification leaves the list, the count and the toasts at once, and no other does", async (world) => {
  world.server.notify();
  await world.calmDown();
  assert.deepEqual(standing(world).slice(-2), world.server.listed.slice(0, 2).map(({ id }) => id).reverse());
  assert.equal(world.browser.screen.bell, "2");
  const [newest, other] = world.server.listed;
  world.server.remove(({ id }) => id === newest.id);
  world.server.ring(0);
  await world.deliver(Infinity);
  const { rows, bell } = world.browser.screen;
  assert.deepEqual(rows.map((row) => row.split(" ")[1]).includes(newest.id), false);
  assert.deepEqual([rows.length, bell], [2, "1"]);
  assert.equal(standing(world).includes(newest.id), false);
  assert.equal(standing(world).includes(other.id), true);
  assert.equal(world.server.requests.length, 0, "without asking for the list");
});

story("what was deleted while the page was away is gone when it is back", async (world) => {
  world.end(1006);
  world.server.remove(() => true);
  await world.calmDown();
  const { rows, words } = world.browser.screen;
  assert.deepEqual([rows, words], [[], "All caught up"]);
});
