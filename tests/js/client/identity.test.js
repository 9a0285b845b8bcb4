/** Who is signed in with the browser, on pages that do not say for whom they were rendered: cached ones, single-page applications. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "../support/fakes.js";
import { look } from "../support/parts/document.js";
import { World } from "../support/world.js";

/** @param {(world: World) => Promise<void>} tell begins with a page that nobody is signed in on */
function story(name, tell, page = {}) {
  test(name, async () => {
    const world = new World(1, { hasInbox: false, ...page });
    Object.assign(world.server, { rows: [], seq: 0, rev: 0, since: 0, rings: [], user: null });
    try {
      world.browser.load();
      await settle();
      await answerAll(world);
      await tell(world);
    } finally {
      world.browser.window.fire("pagehide");
      world.browser.leave();
    }
  });
}

async function answerAll(world) {
  for (let round = 0; round < 3; round += 1) {
    for (const request of [...world.server.requests]) world.answer(request);
    await settle();
  }
}

/** Somebody signs in, and the page's own script says so. */
async function signIn(world, user = "key") {
  world.server.user = user;
  globalThis.window.bellhop.refresh();
  await answerAll(world);
  world.accept();
  await world.deliver(Infinity);
}

/** As the server does at a logout: it closes the sockets. */
async function signOut(world, next = null) {
  world.server.user = next;
  world.end(4401);
  await settle();
  await answerAll(world);
}

async function ring(world) {
  world.server.notify();
  world.server.ring(0);
  await world.deliver(Infinity);
}

/** Of what the server has, oldest first, from that one on. */
const ids = ({ server }) => server.rows.map(({ id }) => id);
const sockets = ({ browser }) => browser.sockets.length;
const bell = ({ browser }) => look(browser.document).bell;
const isTold = ({ browser }) => look(browser.document).isSignedOut;

story("where nobody is signed in there is no socket, no count, and no word of an ended session", async (world) => {
  assert.deepEqual([sockets(world), bell(world), isTold(world)], [0, "0", false]);
  assert.equal(globalThis.window.bellhop.state, "signed-out");
  world.browser.clock.pass(600_000);
  assert.equal(world.server.requests.length, 0, "nobody is asked again");
});

story("a sign-in without a new page begins with what is new from then on", async (world) => {
  await signIn(world);
  await ring(world);
  assert.deepEqual([sockets(world), bell(world), world.browser.toasts], [1, "1", ids(world)]);
  assert.equal(globalThis.window.bellhop.userKey, "key");
});

story("asked again, whoever is there already gets no second socket and no second toast", async (world) => {
  await signIn(world);
  await ring(world);
  await signIn(world);
  assert.deepEqual([sockets(world), bell(world), world.browser.toasts], [1, "1", ids(world)]);
});

story("after a sign-out the bell is empty, the toasts are gone, and nothing is tried", async (world) => {
  await signIn(world);
  await ring(world);
  const states = [];
  world.browser.document.addEventListener("bellhop:state", ({ detail }) => states.push(detail.state));
  await signOut(world);
  assert.deepEqual(states, ["waiting", "signed-out"]);
  assert.deepEqual([bell(world), isTold(world), look(world.browser.document).toasts.length], ["0", true, 0]);
  world.browser.clock.pass(600_000);
  assert.equal(sockets(world), 1);
  assert.equal(globalThis.window.bellhop.userKey, null);
});

story("the next person's count is theirs from the first moment on", async (world) => {
  await signIn(world);
  await ring(world);
  const shown = [];
  world.browser.document.addEventListener("bellhop:unread", ({ detail }) => shown.push(detail.unread));
  await signOut(world);
  Object.assign(world.server, { rows: [], seq: 0, rev: 0, since: 0 });
  await signIn(world, "other");
  assert.deepEqual([bell(world), isTold(world), sockets(world)], ["0", false, 2]);
  assert.deepEqual([...new Set(shown)], [0]);
  await ring(world);
  assert.equal(bell(world), "1");
});

story("somebody else who has signed in by the time that the socket closes is begun with at once", async (world) => {
  await signIn(world);
  await ring(world);
  Object.assign(world.server, { rows: [], seq: 0, rev: 0, since: 0 });
  await signOut(world, "other");
  world.accept();
  await world.deliver(Infinity);
  assert.deepEqual([bell(world), sockets(world), globalThis.window.bellhop.userKey], ["0", 2, "other"]);
});

story("a tab that comes to the front looks whether somebody has signed in, once a minute", async (world) => {
  world.server.user = "key";
  world.browser.document.fire("visibilitychange");
  assert.equal(world.server.requests.length, 0);
  world.browser.clock.pass(61_000);
  world.browser.document.fire("visibilitychange");
  assert.equal(world.server.requests.length, 1);
  await answerAll(world);
  assert.equal(sockets(world), 1);
});

story("a sign-in in another tab is heard at once, and nothing else that is stored", async (world) => {
  world.server.user = "key";
  const stored = (key) => world.browser.window.fire("storage", { key });
  stored("bellhop:shown:other");
  assert.equal(world.server.requests.length, 0);
  stored("bellhop:signed-in");
  await answerAll(world);
  assert.equal(sockets(world), 1);
  stored("bellhop:signed-in");
  assert.equal(world.server.requests.length, 0, "who is there already asks nothing");
});

story("whoever begins tells the other tabs", async (world) => {
  assert.equal(world.browser.storage.has("bellhop:signed-in"), false);
  await signIn(world);
  assert.equal(world.browser.storage.has("bellhop:signed-in"), true);
});

story("a server that does not answer is asked again, and later, and then all is well", async (world) => {
  world.server.user = "key";
  globalThis.window.bellhop.refresh();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    world.server.requests.splice(0)[0].settle(null);
    await settle();
    assert.equal(globalThis.window.bellhop.state, "waiting");
    world.browser.clock.pass(31_000);
  }
  await answerAll(world);
  assert.equal(sockets(world), 1);
});

story(
  "two bells show the same, over one socket",
  async (world) => {
    await signIn(world);
    await ring(world);
    assert.deepEqual([sockets(world), bell(world), world.browser.toasts], [1, "1", ids(world)]);
  },
  { bells: 2 },
);

story("a script that is there twice makes one socket and one toast", async (world) => {
  world.browser.runScript();
  await signIn(world);
  await ring(world);
  assert.deepEqual([sockets(world), bell(world), world.browser.toasts], [1, "1", ids(world)]);
});

story("a page's own script may keep a toast back, and the count goes on", async (world) => {
  world.browser.document.addEventListener("bellhop:notification", (event) => event.preventDefault());
  await signIn(world);
  await ring(world);
  assert.deepEqual([bell(world), world.browser.toasts], ["1", []]);
});

story("what shall only be listed gets no toast", async (world) => {
  await signIn(world);
  const [{ socket }] = world.links;
  socket.says({ type: "notification", id: "x", seq: 1, message: "quiet", kind: "message", created: "", read: false, toast: false });
  await settle();
  assert.deepEqual([bell(world), world.browser.toasts], ["1", []]);
});

story("what is read on another device needs no toast here any more", async (world) => {
  await signIn(world);
  await ring(world);
  await ring(world);
  world.browser.clock.pass(300);
  assert.equal(look(world.browser.document).toasts.length, 2);
  const standing = () => look(world.browser.document).toasts.map(({ dataset }) => dataset.id);
  // The later one alone, and then everything.
  for (const [isMeant, left] of [
    [({ seq }) => seq === 2, ids(world).slice(0, 1)],
    [() => true, []],
  ]) {
    world.server.mark("read", isMeant);
    world.server.ring(0);
    await world.deliver(Infinity);
    assert.deepEqual(standing(), left);
    assert.equal(bell(world), String(left.length));
  }
});
