import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Connection, STATE } from "../../../packages/bellhop/js/src/net/connection.js";
import { Clock, fakeWebSocket, notification, ready, settle } from "../support/fakes.js";

/** A started connection and everything around it. `random` is 1 unless told, so that delays are ceilings. */
function begin({ after = 0, rev, random = 1, session = 401 } = {}) {
  const clock = new Clock();
  const { FakeWebSocket, sockets } = fakeWebSocket();
  const world = { clock, sockets, session, asked: 0, online: true, random, events: [] };
  const connection = new Connection({
    url: "ws://test/ws/notifications/",
    after,
    rev,
    WebSocket: FakeWebSocket,
    timers: clock,
    now: () => clock.now,
    random: () => world.random,
    isOnline: () => world.online,
    checkSession: async () => {
      world.asked += 1;
      if (world.session instanceof Error) throw world.session;
      return world.session;
    },
  });
  for (const name of ["state", "ready", "notification", "sync", "beat", "resync"]) {
    connection.addEventListener(name, ({ detail }) => world.events.push([name, detail]));
  }
  const told = (name) => world.events.filter(([event]) => event === name).map(([, detail]) => detail);
  Object.defineProperty(world, "socket", { get: () => sockets.at(-1) });
  Object.assign(world, { connection, told, seqs: () => told("notification").map(({ seq }) => seq) });
  connection.start();
  return world;
}

/** As begin(), and the server has said `ready`. */
function open(options) {
  const world = begin(options);
  world.socket.says(ready());
  return world;
}

describe("delivery", () => {
  test("the first connect asks for what comes after the page's cursor", () => {
    assert.equal(begin({ after: 41 }).socket.url, "ws://test/ws/notifications/?after=41");
  });

  test("notifications are delivered in the order of the socket", () => {
    const world = open();
    for (const seq of [1, 2, 5]) world.socket.says(notification(seq));
    assert.deepEqual(world.seqs(), [1, 2, 5]);
  });

  test("a duplicate is dropped, and so is what lies below the cursor", () => {
    const world = open({ after: 10 });
    for (const seq of [9, 10, 11, 11, 3, 12]) world.socket.says(notification(seq));
    assert.deepEqual(world.seqs(), [11, 12]);
  });

  test("ready does not move the cursor", () => {
    const world = begin({ after: 3 });
    world.socket.says(ready(9));
    assert.equal(world.connection.cursor, 3);
    world.socket.says(notification(4));
    assert.deepEqual(world.seqs(), [4]);
  });

  test("a second ready on one socket says nothing", () => {
    const world = open();
    let told = 0;
    world.connection.addEventListener("ready", () => (told += 1));
    world.socket.says(ready(0));
    assert.equal(told, 0);
  });

  test("a reconnect goes on after the last one delivered", () => {
    const world = open();
    world.socket.says(notification(7));
    world.socket.ends(1006);
    world.clock.pass(500);
    assert.equal(world.socket.url, "ws://test/ws/notifications/?after=7&rev=0");
    world.socket.says(ready(8));
    world.socket.says(notification(7));
    world.socket.says(notification(8));
    assert.deepEqual(world.seqs(), [7, 8]);
  });

  test("each connect says up to which rev changes were told, and ready tells of none", () => {
    const world = begin({ after: 1, rev: 4 });
    const asked = () => new URL(world.socket.url).searchParams.get("rev");
    const lose = () => {
      world.socket.ends(1006);
      world.clock.pass(30_000);
    };
    assert.equal(asked(), "4");
    world.socket.says(ready(1, 9));
    lose();
    assert.equal(asked(), "4");
    world.socket.says(ready(1, 9));
    world.socket.says({ type: "state", since: 4, rev: 9, unread: 0 });
    world.socket.says({ type: "state", since: 3, rev: 5, unread: 0 });
    lose();
    assert.equal(asked(), "9");
    // A backup has come back.
    world.socket.says(ready(1, 6));
    lose();
    assert.equal(asked(), "6");
  });

  test("a connection that was told no rev knows that of its first ready", () => {
    const world = begin();
    assert.doesNotMatch(world.socket.url, /rev/);
    world.socket.says(ready(0, 7));
    world.socket.ends(1006);
    world.clock.pass(500);
    assert.match(world.socket.url, /&rev=7$/);
  });

  test("an unsaved message is delivered as it is and moves no cursor", () => {
    const world = open({ after: 5 });
    const frame = { type: "notification", kind: "message", message: "hi" };
    world.socket.says(frame);
    world.socket.says(frame);
    assert.deepEqual(world.told("notification"), [frame, frame]);
    assert.equal(world.connection.cursor, 5);
  });

  test("a resync moves the cursor up", () => {
    const world = open({ after: 5 });
    world.socket.says({ type: "resync", seq: 900 });
    assert.deepEqual(world.told("resync"), [{ seq: 900, from: 5 }]);
    world.socket.says(notification(900));
    world.socket.says(notification(901));
    assert.deepEqual(world.seqs(), [901]);
  });

  test("a resync moves the cursor down: the server's database is younger than this page", () => {
    const world = open({ after: 900 });
    world.socket.says({ type: "resync", seq: 5 });
    world.socket.says(notification(6));
    assert.deepEqual(world.seqs(), [6]);
  });

  test("a resync goes back once, and only where ready said that the server is behind", () => {
    const world = open({ after: 900 });
    world.socket.says({ type: "resync", seq: 5 });
    for (const seq of [6, 7]) world.socket.says(notification(seq));
    world.socket.says(ready(5));
    world.socket.says({ type: "resync", seq: 5 });
    for (const seq of [6, 7, 8]) world.socket.says(notification(seq));
    assert.deepEqual(world.seqs(), [6, 7, 8]);
    assert.equal(world.told("resync").length, 1);
  });

  test("state and beat frames reach their listeners", () => {
    const world = open();
    world.socket.says({ type: "state", rev: 2, unread: 0, read: ["a"] });
    world.socket.says({ type: "beat", seq: 1, rev: 2, unread: 0 });
    assert.deepEqual(world.told("sync").map(({ read }) => read), [["a"]]);
    assert.equal(world.told("beat").length, 1);
  });

  test("unknown and malformed frames are ignored and do not end the connection", () => {
    const world = open();
    const before = world.events.length;
    for (const text of ["{", "null", "[]", '{"type": "presence"}', '{"type": "notification"}']) world.socket.says(text);
    assert.equal(world.events.length, before);
    assert.equal(world.connection.state, STATE.OPEN);
    assert.equal(world.socket.closed, false);
  });
});

describe("reconnecting", () => {
  test("a connection is open once the server says ready, not before", () => {
    const world = begin();
    assert.equal(world.connection.state, STATE.CONNECTING);
    world.socket.says(ready());
    assert.equal(world.connection.state, STATE.OPEN);
  });

  test("a lost connection is retried with full jitter, from half a second up to thirty", () => {
    const world = begin();
    const delays = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      world.socket.ends(1006);
      delays.push(world.told("state").at(-1).delay);
      world.clock.pass(delays.at(-1));
    }
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    world.random = 0.1;
    world.socket.ends(1006);
    assert.equal(world.told("state").at(-1).delay, 3000);
  });

  test("it waits out the delay and makes one socket", () => {
    const world = open();
    world.socket.ends(1006);
    assert.equal(world.connection.state, STATE.WAITING);
    world.clock.pass(499);
    assert.equal(world.sockets.length, 1);
    world.clock.pass(1);
    assert.equal(world.sockets.length, 2);
  });

  test("the delays start again after ready, and not after a socket that never became ready", () => {
    const world = begin();
    world.socket.ends(1006);
    world.clock.pass(500);
    world.socket.ends(1006);
    assert.equal(world.told("state").at(-1).delay, 1000);
    world.clock.pass(1000);
    world.socket.says(ready());
    world.socket.ends(1006);
    assert.equal(world.told("state").at(-1).delay, 500);
  });

  for (const code of [1000, 1001, 1005, 1006, 1011, 4408, 4429, 4503]) {
    test(`close code ${code} is retried with backoff`, () => {
      const world = open();
      world.socket.ends(code);
      assert.deepEqual(world.clock.due, [500]);
      assert.equal(world.asked, 0);
    });
  }

  test("1012, a restart, is retried within two seconds, jittered", () => {
    const world = open({ random: 0.25 });
    world.socket.ends(1012);
    assert.deepEqual(world.clock.due, [500]);
  });

  test("1012 over and over, without ready, is not hammered", () => {
    const world = begin();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      world.socket.ends(1012);
      world.clock.pass(30_000);
    }
    world.socket.ends(1012);
    assert.equal(world.told("state").at(-1).delay, 30_000);
  });

  for (const code of [4400, 4404]) {
    test(`${code} is retried, but never sooner than fifteen seconds`, () => {
      const world = open({ random: 0 });
      world.socket.ends(code);
      assert.deepEqual(world.clock.due, [15_000]);
      world.clock.pass(15_000);
      assert.equal(world.sockets.length, 2);
    });
  }

  test("a browser that refuses to make the socket is asked again, slowly", () => {
    const clock = new Clock();
    let attempts = 0;
    const connection = new Connection({
      url: "ws://test/",
      timers: clock,
      random: () => 0,
      checkSession: async () => 200,
      WebSocket: class {
        constructor() {
          attempts += 1;
          throw new Error("SecurityError");
        }
      },
    });
    connection.start();
    assert.deepEqual(clock.due, [15_000]);
    clock.pass(15_000);
    assert.equal(attempts, 2);
  });
});

describe("silence", () => {
  test("sixty seconds without a frame: the link counts as half-open and is replaced", () => {
    const world = open();
    world.clock.pass(59_999);
    assert.equal(world.connection.state, STATE.OPEN);
    world.clock.pass(1);
    assert.equal(world.connection.state, STATE.WAITING);
    assert.equal(world.sockets[0].closed, true);
    world.clock.pass(500);
    assert.equal(world.sockets.length, 2);
  });

  test("any frame is a sign of life, one that is not understood too", () => {
    const world = open();
    for (let minute = 0; minute < 5; minute += 1) {
      world.clock.pass(50_000);
      world.socket.says('{"type": "presence"}');
    }
    assert.equal(world.sockets.length, 1);
    assert.equal(world.connection.state, STATE.OPEN);
  });

  test("a handshake that never becomes ready is given up after twenty seconds", () => {
    const world = begin();
    world.clock.pass(20_000);
    assert.equal(world.connection.state, STATE.WAITING);
    assert.equal(world.sockets[0].closed, true);
  });

  test("what an abandoned socket still says is not heard", () => {
    const world = open();
    const old = world.socket;
    world.clock.pass(60_500);
    world.socket.says(ready());
    old.says(notification(99));
    old.ends(4401);
    assert.deepEqual(world.seqs(), []);
    assert.equal(world.asked, 0);
    assert.equal(world.connection.state, STATE.OPEN);
  });
});

describe("the session", () => {
  test("4401 and a 401: signed out, and never tried again", async () => {
    const world = open({ session: 401 });
    world.socket.ends(4401);
    await settle();
    assert.equal(world.connection.state, STATE.SIGNED_OUT);
    assert.equal(world.asked, 1);
    world.connection.wake();
    world.connection.networkChanged();
    world.clock.pass(3_600_000);
    assert.equal(world.sockets.length, 1);
    assert.equal(world.asked, 1);
  });

  for (const session of [200, 403, 429, 500, 503, 0, new Error("network")]) {
    test(`4401 and ${session}: no proof that the session ended, so it is retried with backoff`, async () => {
      const world = open({ session });
      world.socket.ends(4401);
      await settle();
      assert.equal(world.connection.state, STATE.WAITING);
      assert.deepEqual(world.clock.due, [500]);
      world.clock.pass(500);
      assert.equal(world.sockets.length, 2);
    });
  }

  test("4401 again and again while the session lives is not hammered", async () => {
    const world = begin({ session: 200 });
    for (let attempt = 0; attempt < 8; attempt += 1) {
      world.socket.ends(4401);
      await settle();
      world.clock.pass(30_000);
    }
    world.socket.ends(4401);
    await settle();
    assert.deepEqual(world.clock.due, [30_000]);
  });

  test("nothing wakes it while the session is being checked", () => {
    const world = open();
    world.socket.ends(4401);
    world.connection.wake();
    assert.equal(world.sockets.length, 1);
  });

  test("an answer that comes after stop() changes nothing", async () => {
    const world = open({ session: 401 });
    world.socket.ends(4401);
    world.connection.stop();
    await settle();
    assert.equal(world.connection.state, STATE.CLOSED);
  });
});

describe("waking", () => {
  test("while waiting, a wake reconnects at once, and only once", () => {
    const world = open();
    world.socket.ends(1006);
    world.connection.wake();
    world.connection.wake();
    world.clock.pass(5_000);
    assert.equal(world.sockets.length, 2);
  });

  test("a wake leaves a good connection alone", () => {
    const world = open();
    world.clock.pass(40_000);
    world.connection.wake();
    assert.equal(world.sockets.length, 1);
    assert.equal(world.socket.closed, false);
  });

  test("after the machine slept longer than a silence may last, a wake replaces the connection", () => {
    const world = open();
    world.clock.sleep(600_000);
    world.connection.wake();
    assert.equal(world.sockets[0].closed, true);
    assert.equal(world.sockets.length, 2);
  });

  test("without a network the state says offline, and the attempts go on", () => {
    const world = open();
    world.online = false;
    world.socket.ends(1006);
    assert.equal(world.connection.state, STATE.OFFLINE);
    world.clock.pass(500);
    assert.equal(world.sockets.length, 2);
  });

  test("the network going while it waits turns waiting into offline; its return reconnects at once", () => {
    const world = open();
    world.socket.ends(1006);
    world.online = false;
    world.connection.networkChanged();
    assert.equal(world.connection.state, STATE.OFFLINE);
    world.online = true;
    world.connection.networkChanged();
    assert.equal(world.connection.state, STATE.CONNECTING);
    assert.equal(world.sockets.length, 2);
  });

  test("an open socket stays when the browser believes to be offline: localhost needs no network", () => {
    const world = open();
    world.online = false;
    world.connection.networkChanged();
    assert.equal(world.connection.state, STATE.OPEN);
    assert.equal(world.socket.closed, false);
  });
});

describe("starting and stopping", () => {
  test("stop closes the socket and nothing happens any more", () => {
    const world = open();
    world.connection.stop();
    assert.equal(world.socket.closed, true);
    world.connection.wake();
    world.clock.pass(3_600_000);
    assert.equal(world.sockets.length, 1);
    assert.deepEqual(world.clock.due, []);
  });

  test("stop while waiting cancels the attempt", () => {
    const world = open();
    world.socket.ends(1006);
    world.connection.stop();
    world.clock.pass(60_000);
    assert.equal(world.sockets.length, 1);
  });

  test("start after stop goes on from the cursor", () => {
    const world = open();
    world.socket.says(notification(3));
    world.connection.stop();
    world.connection.start();
    assert.equal(world.socket.url, "ws://test/ws/notifications/?after=3&rev=0");
  });

  test("a second start makes no second socket", () => {
    const world = open();
    world.connection.start();
    assert.equal(world.sockets.length, 1);
  });

  test("a listener may stop the connection while it is being told of ready", () => {
    const world = begin();
    world.connection.addEventListener("ready", () => world.connection.stop());
    world.socket.says(ready());
    assert.equal(world.connection.state, STATE.CLOSED);
    assert.deepEqual(world.clock.due, []);
  });
});

describe("without a network", () => {
  const states = (world) => world.told("state").map(({ state }) => state);
  const goOffline = async (world) => {
    world.online = false;
    world.connection.networkChanged();
    await settle();
  };

  test("an open socket whose server does not answer is given up at once, and not after a minute", async () => {
    const world = open();
    world.session = new Error("network");
    await goOffline(world);
    assert.deepEqual([states(world).at(-1), world.socket.closed, world.asked], [STATE.OFFLINE, true, 1]);
  });

  test("an answer that does not come is waited for three seconds", async () => {
    const world = open();
    world.session = new Promise(() => {});
    await goOffline(world);
    assert.equal(world.connection.state, STATE.OPEN);
    world.clock.pass(3_000);
    await settle();
    assert.equal(world.connection.state, STATE.OFFLINE);
  });

  test("a server on this very machine answers, and keeps its socket", async () => {
    const world = open();
    world.session = 200;
    await goOffline(world);
    world.clock.pass(3_000);
    await settle();
    assert.deepEqual([world.connection.state, world.socket.closed], [STATE.OPEN, false]);
  });

  test("who is heard meanwhile, or has a network again, keeps the socket", async () => {
    for (const meanwhile of [(world) => world.socket.says({ type: "beat", seq: 0, rev: 0, unread: 0 }), (world) => (world.online = true)]) {
      const world = open();
      world.session = new Promise(() => {});
      await goOffline(world);
      world.clock.pass(1_000);
      meanwhile(world);
      world.clock.pass(2_000);
      await settle();
      assert.equal(world.connection.state, STATE.OPEN);
    }
  });

  test("a network that is back is used at once", async () => {
    const world = open();
    world.session = new Error("network");
    await goOffline(world);
    world.online = true;
    world.connection.networkChanged();
    assert.equal(world.connection.state, STATE.CONNECTING);
    world.socket.says(ready());
    assert.equal(world.connection.state, STATE.OPEN);
  });
});
