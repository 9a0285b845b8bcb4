/** The page of one person whose browser somebody else has signed in with, and what becomes of a deleted notification. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { element } from "../support/dom.js";
import { look } from "../support/parts/document.js";
import { settle } from "../support/fakes.js";
import { World } from "../support/world.js";

/** The page comes, and the first thing that it asks is answered. */
async function load(world) {
  world.browser.load();
  await settle();
  world.answer(world.server.requests[0]);
  await settle();
}

/** @param {(world: World) => Promise<void>} tell begins with an open page and two notifications, the second one unread */
function story(name, tell) {
  test(name, async () => {
    const world = new World(1);
    const { server, browser } = world;
    Object.assign(server, { rows: [], seq: 0, rev: 0, since: 0, rings: [] });
    server.notify();
    server.mark("read", () => true);
    try {
      await load(world);
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

/** Nothing of its own person is left in the list, the bell, the title and the toasts, and it says that it has ended. */
function assertEnded({ browser, links }) {
  const { isSignedOut, ...screen } = browser.screen;
  assert.deepEqual([isSignedOut, screen], [true, { rows: [], words: "", older: null, up: [], crowd: [], bell: "0", title: "Page" }]);
  assert.equal(look(browser.document).toasts.length, 0);
  assert.equal(links.length, 0);
}
const seen = ({ browser }) => {
  const { isSignedOut, ...screen } = browser.screen;
  assert.equal(isSignedOut, false);
  return screen;
};

story("a socket that is somebody else's by now shows nothing of theirs, and ends the page", async (world) => {
  seen(world);
  const toasts = [...world.browser.toasts];
  world.end(1006);
  world.browser.clock.pass(31_000);
  const socket = world.browser.sockets.at(-1);
  socket.says({ type: "ready", ...theirs });
  socket.says({ type: "notification", id: "x", seq: 9, message: "secret", kind: "message", created: "", read: false });
  socket.says({ type: "state", ...theirs, since: 0, read: [], unread_ids: ["id-1"], archived: ["id-2"], removed: [] });
  socket.says({ type: "beat", ...theirs });
  await settle();
  assertEnded(world);
  assert.deepEqual(world.browser.toasts, toasts);
  world.browser.clock.pass(600_000);
  assert.equal(world.browser.sockets.at(-1), socket, "no further attempt");
});

story("a button on a page whose browser is somebody else's by now ends the page and changes nothing in it", async (world) => {
  seen(world);
  world.browser.pressReadAll();
  await answerAll(world, { ...theirs, changed: 7 });
  assertEnded(world);
});

for (const isOver of [false, true]) {
  story(`a session that the API alone knows nothing of ${isOver ? "is over if it says so again" : "goes on if that was one replica"}`, async (world) => {
    const { server, browser } = world;
    const { rows } = seen(world);
    const { user } = server;
    server.user = null;
    browser.pressReadAll();
    await answerAll(world);
    assert.equal(seen(world).rows.length, rows.length);
    if (!isOver) server.user = user;
    browser.clock.pass(3_000);
    await answerAll(world);
    server.user = user;
    if (isOver) assertEnded({ ...world, browser, links: [] });
    else assert.equal(seen(world).rows.length, rows.length);
  });
}

story("a list that is somebody else's by now is not shown, and ends the page", async (world) => {
  seen(world);
  const [link] = world.links;
  link.socket.says({ type: "beat", ...world.server.state, rev: world.server.rev + 1 });
  await settle();
  await answerAll(world, { results: [{ id: "x", seq: 9, message: "secret", read: false }], next: null, ...theirs });
  assertEnded(world);
});

story("a resync that is answered for somebody else tells nothing of it", async (world) => {
  seen(world);
  const toasts = [...world.browser.toasts];
  const [link] = world.links;
  link.socket.says({ type: "resync", seq: 90 });
  await settle();
  await answerAll(world, { results: [{ id: "x", seq: 9, message: "secret", read: false }], next: null, ...theirs });
  assertEnded(world);
  assert.deepEqual(world.browser.toasts, toasts);
});

story("a session that ended and is somebody else's is not gone on with", async (world) => {
  seen(world);
  world.end(4401);
  await settle();
  await answerAll(world, theirs);
  assertEnded(world);
});

const standing = ({ browser }) =>
  look(browser.document)
    .toasts.map(({ dataset }) => dataset.id)
    .filter(Boolean);

story("a deleted notification leaves the list, the count and the toasts at once, and no other does", async (world) => {
  world.server.notify();
  await world.calmDown();
  assert.deepEqual(standing(world).slice(-2), world.server.listed.slice(0, 2).map(({ id }) => id).reverse());
  assert.equal(world.browser.screen.bell, "2");
  const [newest, other] = world.server.listed;
  world.server.remove(({ id }) => id === newest.id);
  ringAll(world);
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

story("what another tab showed since this page was rendered comes over the socket for its list, without a second toast", async (world) => {
  const { server, browser } = world;
  browser.request();
  server.notify();
  await world.calmDown();
  const toasts = [...browser.toasts];
  // Its own mark is beyond what the next page was rendered with, as another tab's would be.
  await load(world);
  assert.match(browser.sockets.at(-1).url, /\?after=2&rev=\d+$/);
  await world.calmDown();
  assert.equal(browser.screen.rows.length, 3);
  assert.deepEqual(browser.toasts, toasts);
});

story("what comes between a page whose session has no mark yet and the summary that makes it one is told of", async (world) => {
  const { server, browser } = world;
  const before = browser.toasts.length;
  browser.request();
  server.notify();
  server.since = server.seq;
  await load(world);
  assert.match(browser.sockets.at(-1).url, /\?after=2&rev=\d+$/);
  await world.calmDown();
  assert.equal(browser.toasts.length, before + 1);
});

/** A form of the page is sent, and its answer will be the next page. */
const send = ({ browser }, more = {}) =>
  browser.window.fire("submit", { target: element("form", { method: "post" }), defaultPrevented: false, ...more });

async function ring(world) {
  world.server.notify();
  ringAll(world);
  await world.deliver(Infinity);
}

/** What this page has seen rings, too. */
function ringAll({ server }) {
  while (server.rings.length > 0) server.ring(0);
}

story("what rings while a form is on its way is shown by the page that comes, and once", async (world) => {
  const { server, browser } = world;
  const toasts = [...browser.toasts];
  send(world);
  await ring(world);
  assert.deepEqual(browser.toasts, toasts);
  browser.load();
  await settle();
  await world.calmDown();
  assert.deepEqual(browser.toasts, [...toasts, server.listed[0].id]);
  await world.calmDown();
  assert.equal(browser.toasts.length, toasts.length + 1);
});

story("a page that a form did not leave after all shows within seconds what came meanwhile", async (world) => {
  const { browser } = world;
  const toasts = [...browser.toasts];
  send(world);
  await ring(world);
  browser.clock.pass(5_000);
  await settle();
  assert.equal(browser.toasts.length, toasts.length + 1);
  assert.equal(browser.screen.bell, "2");
});

story("what the next page shows while a ready waits in this one is no backup that came back", async (world) => {
  const { browser, server } = world;
  send(world);
  world.end(1006);
  browser.clock.pass(1_000);
  world.accept();
  await world.deliver(Infinity);
  server.notify({ rings: false });
  browser.storage.set("bellhop:shown:key", String(server.seq));
  browser.clock.pass(5_000);
  await settle();
  assert.equal(browser.storage.get("bellhop:shown:key"), String(server.seq));
});

for (const [what, more] of [
  ["that a script sends by itself", { defaultPrevented: true }],
  ["for another tab", { target: element("form", { target: "_blank" }) }],
  ["of a dialog", { target: element("form", { method: "dialog" }) }],
]) {
  story(`a form ${what} keeps nothing back`, async (world) => {
    const toasts = [...world.browser.toasts];
    send(world, more);
    await ring(world);
    world.browser.clock.pass(300);
    assert.equal(world.browser.toasts.length, toasts.length + 1);
  });
}

story("what comes while the tab is in the background waits, and is shown once when somebody looks", async (world) => {
  const { browser, server } = world;
  const mark = () => Number(browser.storage.get("bellhop:shown:key"));
  const [before, toasts] = [mark(), [...browser.toasts]];
  const look = (hidden) => {
    browser.document.hidden = hidden;
    browser.document.fire("visibilitychange");
  };
  look(true);
  await ring(world);
  browser.clock.pass(300);
  assert.deepEqual([mark(), browser.toasts, browser.screen.bell], [before, toasts, "2"]);
  look(false);
  assert.deepEqual([mark(), browser.toasts], [server.seq, [...toasts, server.listed[0].id]]);
  look(true);
  look(false);
  assert.equal(browser.toasts.length, toasts.length + 1);
});

story("what was read elsewhere while the tab was in the background is not shown any more", async (world) => {
  const { browser, server } = world;
  const toasts = [...browser.toasts];
  browser.document.hidden = true;
  browser.document.fire("visibilitychange");
  await ring(world);
  server.mark("read", () => true);
  ringAll(world);
  await world.deliver(Infinity);
  browser.document.hidden = false;
  browser.document.fire("visibilitychange");
  assert.deepEqual([browser.toasts, browser.screen.bell], [toasts, "0"]);
});

story("what another tab has shown by the time that this one knows who is signed in is listed here, and not shown again", async (world) => {
  const { browser, server } = world;
  const toasts = [...browser.toasts];
  browser.load();
  await settle();
  server.notify();
  browser.storage.set("bellhop:shown:key", String(server.seq));
  await world.calmDown();
  assert.deepEqual(browser.toasts, toasts);
  assert.equal(browser.screen.rows.length, 3);
});
