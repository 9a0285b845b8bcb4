/** The tabs of one person in one browser: one socket, one toast, and the same in all of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "../support/fakes.js";
import { ManyTabs, front } from "../support/tabs/many-tabs.js";

/** @param {(world: object) => Promise<void>} tell begins with three live tabs in one browser, the last one in front */
function story(name, tell, prepare = () => {}) {
  test(name, async () => {
    const world = new ManyTabs(3);
    const [browser] = world.browsers;
    for (const each of world.browsers) for (const tab of [...each.tabs]) each.remove(tab);
    world.outsider = undefined;
    Object.assign(world.server, { rows: [], seq: 0, rev: 0, since: 0, rings: [], requests: [] });
    prepare(browser, world);
    const tabs = [1, 2, 3].map(() => browser.open(world.server, {}, true));
    Object.assign(world, { browser, tabs3: tabs });
    await pass(world, 200);
    await tell(Object.assign(world, { first: tabs[0], second: tabs[1], last: tabs[2] }));
    assert.deepEqual(world.faults, []);
  });
}

/** What is under way comes, so many ms go by, and what comes of that comes. */
async function pass(world, ms = 0) {
  for (const left of [0, ms]) {
    world.clock.pass(left);
    for (let round = 0; round < 4; round += 1) {
      await settle();
      await world.talk();
      world.accept();
      await world.deliver(Infinity);
    }
  }
}

async function ring(world, more) {
  world.server.notify(more);
  await ringAll(world);
}

async function ringAll(world) {
  while (world.server.rings.length > 0) world.server.ring(0);
  await pass(world, 300);
}

async function answerAll(world) {
  for (let round = 0; round < 3; round += 1) {
    for (const request of [...world.server.requests]) world.answer(world.server, request);
    await pass(world);
  }
}

const seqs = ({ rows }) => rows.map(({ seq }) => seq);
const idOf = ({ server }, seq) => server.rows.find((row) => row.seq === seq).id;
const up = ({ browser }) => browser.tabs.map((tab) => [...tab.up.values()].map(({ seq }) => seq));
const toasts = ({ browser }) => browser.toasts.map(({ seq }) => seq);
const open = (tab) => tab.sockets.filter(({ closed }) => !closed);
const sockets = ({ browser }) => browser.tabs.flatMap(open);
const refuse = (error) => ({ request: async () => Promise.reject(error), query: async () => Promise.reject(error) });

story("one socket for all, one toast in all, and every tab lists and counts it", async (world) => {
  await ring(world);
  assert.deepEqual([sockets(world).length, toasts(world)], [1, [1]]);
  for (const tab of world.browser.tabs) {
    assert.deepEqual([seqs(tab), tab.bell.unread, tab.client.state], [[1], 1, "open"]);
  }
  assert.deepEqual(up(world), [[], [], [1]], "in the tab in front");
});

story("a page that says for whom it was rendered asks for no summary", async (world) => {
  assert.equal(world.server.requests.length, 0);
});

for (const [how, goes] of Object.entries({
  "is closed": (tab) => {
    tab.window.fire("pagehide");
    tab.browser.remove(tab);
  },
  crashes: (tab) => tab.browser.remove(tab),
  "is navigated away": (tab) => tab.window.fire("pagehide"),
  "is frozen": (tab) => {
    tab.document.fire("freeze");
    tab.freeze();
  },
})) {
  story(`the tab with the socket ${how}: the next goes on where that was, and nothing comes twice`, async (world) => {
    await ring(world);
    assert.equal(open(world.first).length, 1);
    goes(world.first);
    world.server.notify();
    await pass(world, 1_000);
    assert.deepEqual([sockets(world).length, open(world.second).length, toasts(world)], [1, 1, [1, 2]]);
    assert.match(open(world.second)[0].url, /\?after=1&/);
    assert.deepEqual([seqs(world.second), seqs(world.last), world.last.client.state], [[2, 1], [2, 1], "open"]);
  });
}

story("a frozen tab that runs again follows the one that has taken over", async (world) => {
  world.first.document.fire("freeze");
  world.first.freeze();
  await ring(world);
  world.first.thaw();
  world.first.document.fire("resume");
  await pass(world, 300);
  assert.deepEqual([seqs(world.first), world.first.client.state, sockets(world).length], [[1], "open", 1]);
  assert.deepEqual(toasts(world), [1]);
});

story("a tab that holds the socket and says nothing is asked, and then it is taken over", async (world) => {
  world.first.freeze(); // without a word
  await ring(world);
  assert.deepEqual(toasts(world), []);
  await pass(world, 54_000);
  assert.equal(open(world.second).length + open(world.last).length, 0);
  await pass(world, 10_000);
  assert.equal(open(world.second).length + open(world.last).length, 1);
  assert.deepEqual(toasts(world), [1]);
  world.first.thaw();
  await pass(world, 300);
  assert.deepEqual([sockets(world).length, open(world.first).length, toasts(world)], [1, 0, [1]]);
  assert.deepEqual(seqs(world.first), [1]);
});

story("a tab that holds the socket, says nothing for long, and answers when it is asked keeps it", async (world) => {
  world.links().forEach(({ socket }) => ((socket.closed = true), socket.ends(1006)));
  world.accept = () => {}; // the server is away
  for (let second = 0; second < 200; second += 1) await pass(world, 1_000);
  assert.equal(open(world.second).length + open(world.last).length, 0);
});

story("what comes while nobody looks is shown by the next tab in front, together, and by no other", async (world) => {
  front(world.browser, undefined);
  await pass(world);
  await ring(world);
  await ring(world);
  assert.deepEqual([toasts(world), world.first.bell.unread], [[], 2]);
  front(world.browser, world.second);
  await pass(world, 200);
  assert.deepEqual([toasts(world), up(world)], [[1, 2], [[], [1, 2], []]]);
  front(world.browser, world.first);
  await pass(world, 200);
  assert.deepEqual(toasts(world), [1, 2]);
});

story("what was read meanwhile, or taken back, is not shown by it", async (world) => {
  front(world.browser, undefined);
  await pass(world);
  for (let count = 0; count < 3; count += 1) await ring(world);
  world.server.mark("read", ({ seq }) => seq === 1);
  world.server.remove(({ seq }) => seq === 2);
  await ringAll(world);
  front(world.browser, world.first);
  await pass(world, 200);
  assert.deepEqual(toasts(world), [3]);
});

story("an unsaved message is shown once in all tabs, and by the next in front where nobody looks", async (world) => {
  const say = async () => {
    for (const { socket } of world.links()) socket.says({ type: "notification", kind: "message", message: "hi" });
    await pass(world, 300);
  };
  await say();
  assert.equal(world.browser.toasts.length, 1);
  front(world.browser, undefined);
  await pass(world);
  await say();
  assert.equal(world.browser.toasts.length, 1);
  front(world.browser, world.first);
  await pass(world, 200);
  front(world.browser, world.second);
  await pass(world, 200);
  assert.equal(world.browser.toasts.length, 2);
});

story("a tab that comes back is told what it has missed, as it is by now, without a socket or a toast of its own", async (world) => {
  world.second.window.fire("pagehide");
  for (let count = 0; count < 4; count += 1) await ring(world);
  world.server.mark("read", ({ seq }) => seq === 2);
  world.server.remove(({ seq }) => seq === 3);
  world.server.update(({ seq }) => seq === 4);
  await ringAll(world);
  world.second.window.fire("pageshow", { persisted: true });
  await pass(world, 300);
  await answerAll(world); // its list has asked, as after any reconnect
  assert.deepEqual(world.second.rows, world.last.rows);
  assert.deepEqual([seqs(world.second), world.second.bell.unread], [[4, 2, 1], 2]);
  assert.deepEqual([toasts(world), sockets(world).length], [[1, 2, 3, 4], 1]);
});

story("what is read in one tab is read in all at once, before the server tells of it", async (world) => {
  await ring(world);
  await ring(world);
  world.first.press("read", { ids: [idOf(world, 1)] });
  for (const request of [...world.server.requests]) world.answer(world.server, request);
  await settle();
  await world.talk();
  assert.equal(world.server.rings.length, 1, "no frame of it was sent");
  for (const tab of world.browser.tabs) assert.deepEqual([tab.bell.unread, tab.rows.map(({ read }) => read)], [1, [false, true]]);
  assert.deepEqual(up(world), [[], [], [2]]);
});

story("an undo gives back exactly what that change had changed, everywhere", async (world) => {
  for (let count = 0; count < 3; count += 1) await ring(world);
  world.server.mark("archive", ({ seq }) => seq === 1);
  await ringAll(world);
  world.first.press("archive", { through: 3, view: "inbox" });
  await answerAll(world);
  assert.deepEqual(seqs(world.last), []);
  const [{ rev }] = world.first.marks;
  world.second.press("unarchive", { rev });
  await answerAll(world);
  for (const tab of world.browser.tabs) assert.deepEqual([seqs(tab), tab.bell.unread], [[3, 2], 2]);
});

story("what was seen in one tab is seen in all, and is told to the server once", async (world) => {
  await ring(world);
  for (const tab of [world.first, world.first]) tab.client.markSeen(1);
  await answerAll(world);
  assert.deepEqual([world.server.seen, world.browser.tabs.map(({ bell }) => bell.seen)], [1, [1, 1, 1]]);
  world.second.client.markSeen(1);
  assert.equal(world.server.requests.length, 0);
});

story("a session that ends ends in every tab", async (world) => {
  world.server.user = null;
  world.links().forEach(({ socket }) => ((socket.closed = true), socket.ends(4401)));
  await answerAll(world);
  for (const tab of world.browser.tabs) assert.deepEqual([tab.client.state, tab.client.hasEnded], ["signed-out", true]);
  assert.equal(sockets(world).length, 0);
});

for (const [what, give] of Object.entries({
  "there are no locks": ({ BroadcastChannel }) => ({ BroadcastChannel }),
  "locks are refused, as in a sandbox": ({ BroadcastChannel }) => ({
    BroadcastChannel,
    locks: refuse(Object.assign(new Error("no"), { name: "SecurityError" })),
  }),
  "there are no channels": ({ locks }) => ({ locks }),
  "channels are refused": ({ locks }) => ({
    locks,
    BroadcastChannel: class {
      constructor() {
        throw new Error("no");
      }
    },
  }),
})) {
  story(
    `where ${what} each tab has a socket, and all lists are right`,
    async (world) => {
      await ring(world);
      assert.equal(sockets(world).length, 3);
      for (const tab of world.browser.tabs) assert.deepEqual([seqs(tab), tab.client.state], [[1], "open"]);
      assert.deepEqual(toasts(world), [1], "only one is in front");
    },
    (browser) => {
      browser.gives = (tab) => give(browser.shared.of(tab, (work) => tab.run(work)));
    },
  );
}

story("of two windows side by side the one that was used last shows it, and the other one when that goes", async (world) => {
  world.first.document.hasFocus = () => false; // beside the last one, and nobody has clicked into it
  world.first.show(true);
  await pass(world, 200);
  await ring(world);
  world.first.document.hasFocus = () => true;
  world.first.window.fire("focus");
  await pass(world, 200);
  await ring(world);
  assert.deepEqual(up(world), [[2], [], [1]]);
  world.first.show(false);
  await pass(world, 200);
  await ring(world);
  assert.deepEqual([up(world), toasts(world)], [[[2], [], [1, 3]], [1, 2, 3]]);
});

story("somebody else's tab in this browser neither has the socket nor the screen of these", async (world) => {
  const theirs = world.browser.open(world.others, {}, true);
  await pass(world, 200);
  world.others.notify();
  while (world.others.rings.length > 0) world.others.ring(0);
  await ring(world);
  assert.deepEqual([seqs(theirs), theirs.bell.unread], [[2, 1], 2]);
  assert.deepEqual(toasts(world), [2], "theirs alone: of the others none is to be seen");
  front(world.browser, world.last);
  await pass(world, 200);
  assert.deepEqual([seqs(world.last), up(world)[2]], [[1], [1]]);
});

story("while no tab is to be seen the one with the socket tells the desktop, and one that comes to the front takes that away", async (world) => {
  for (const tab of world.browser.tabs) tab.storage.set("bellhop:desktop", "on");
  front(world.browser, undefined);
  await pass(world);
  await ring(world, { desktop: true });
  assert.equal(world.popups.length, 1);
  front(world.browser, world.second);
  await pass(world, 200);
  assert.equal(world.popups.length, 0);
  await ring(world, { desktop: true });
  assert.equal(world.popups.length, 0, "it is to be seen in the tab");
}, (browser, world) => {
  world.popups = [];
  browser.Notification = class {
    static permission = "granted";
    constructor() {
      world.popups.push(this);
    }
    close() {
      world.popups.splice(world.popups.indexOf(this), 1);
    }
  };
});

story("a tab in front reminds one in the background, whose timers are slow, of an attempt that is due", async (world) => {
  world.first.isSlow = true;
  world.links().forEach(({ socket }) => ((socket.closed = true), socket.ends(1012)));
  await pass(world, 100);
  await pass(world, 3_000);
  assert.equal(world.last.client.state, "open");
});

story("every tab says how the one with the socket stands, and since when", async (world) => {
  await pass(world, 1_000);
  const heard = world.clock.now;
  for (const { socket } of world.links()) socket.says({ type: "beat", ...world.server.state });
  await pass(world);
  world.links().forEach(({ socket }) => ((socket.closed = true), socket.ends(1006)));
  world.accept = () => {}; // the server is away
  await pass(world, 100);
  for (const { client } of world.browser.tabs) assert.notEqual(client.state, "open");
  await pass(world, 10_000);
  for (const { client } of world.browser.tabs) assert.deepEqual(client.standing, { state: "away", since: heard });
  delete world.accept;
  await pass(world, 31_000);
  await pass(world, 31_000);
  for (const { client } of world.browser.tabs) assert.deepEqual(client.standing, { state: "open", since: null });
});

story("of two persons' windows side by side each shows what is its own", async (world) => {
  const theirs = world.browser.open(world.others, {}, false);
  theirs.document.hasFocus = () => false;
  theirs.show(true);
  await pass(world, 200);
  world.others.notify();
  while (world.others.rings.length > 0) world.others.ring(0);
  await ring(world);
  assert.deepEqual(world.browser.toasts.map(({ user, seq }) => [user, seq]).sort(), [["key", 1], ["other", 2]]);
});

story("a tab that has only just got the screen lets the one before finish, and shows nothing of that again", async (world) => {
  front(world.browser, undefined);
  await pass(world);
  await ring(world);
  front(world.browser, world.first);
  await settle();
  await world.talk();
  front(world.browser, world.second);
  await settle();
  await world.talk();
  // What the first one is told of it takes a moment: until then it may show what waits.
  world.clock.pass(99);
  assert.deepEqual(toasts(world), []);
  await pass(world, 100);
  assert.deepEqual([toasts(world), up(world)], [[1], [[], [1], []]]);
});

story("more than a tab with the socket has kept is fetched by a tab that comes back, and told together", async (world) => {
  for (const tab of [world.second, world.last]) tab.window.fire("pagehide");
  world.browser.tabs.forEach((tab) => tab.show(false));
  for (let count = 0; count < 250; count += 1) world.server.notify();
  while (world.server.rings.length > 0) world.server.ring(0);
  await pass(world, 300);
  await answerAll(world);
  world.second.window.fire("pageshow", { persisted: true });
  await pass(world, 300);
  await answerAll(world);
  assert.equal(seqs(world.second)[0], 250);
  assert.equal(world.second.bell.unread, 250);
  assert.deepEqual([world.second.client.position.seq, sockets(world).length], [250, 1]);
});

story("what another tab told and did not come is asked for, and shown in its order", async (world) => {
  world.browser.shared.loses = 2; // one for each that follows
  await ring(world);
  assert.deepEqual([toasts(world), seqs(world.last)], [[], []]);
  await ring(world);
  assert.deepEqual([toasts(world), seqs(world.last), seqs(world.second)], [[1, 2], [2, 1], [2, 1]]);
  assert.equal(world.server.requests.length, 0, "the tab with the socket has kept it");
});
