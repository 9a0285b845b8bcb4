/** One server, one browser, and everything that may happen to them, as steps `{do, a, b}` with a and b in [0, 1). */
import assert from "node:assert/strict";
import { element } from "./dom.js";
import { settle } from "./fakes.js";
import { Browser } from "./page.js";
import { generator, pick } from "./random.js";
import { Server } from "./server.js";

const ACTIONS = ["read", "unread", "archive"];
const CODES = [1000, 1001, 1006, 1009, 1012, 4400, 4401, 4404, 4408, 4429, 4503];
const MOMENTS = [100, 300, 600, 3_000, 31_000, 61_000]; // ms; each passes another deadline of the client
const at = (list, a) => list[Math.floor(a * list.length)];

export class World {
  server = new Server();

  /** @param {object} [page] what its pages are like, for makeDocument */
  constructor(seed, page) {
    const random = generator(seed);
    for (let count = Math.floor(random() ** 4 * 60); count > 0; count -= 1) this.server.notify();
    this.server.mark("read", () => random() < 0.5);
    this.browser = new Browser(this.server, random, page);
  }

  /** Frames that are on their way, in the links the page still listens to. */
  get links() {
    this.server.links = this.server.links.filter(({ socket }) => !socket.closed);
    return this.server.links;
  }

  /** The handshakes that were begun since get through. */
  accept() {
    for (const socket of this.browser.sockets) {
      if (socket.closed || socket.accepted) continue;
      socket.accepted = true;
      this.server.accept(socket);
    }
  }

  async deliver(count) {
    for (const link of this.links) {
      const { socket, pipe, told } = link;
      for (const frame of pipe.splice(0, count)) {
        if (link.loses > 0 && told.length > 0) {
          link.loses -= 1;
          continue;
        }
        told.push(frame);
        socket.says(frame);
        await settle(); // in a browser each frame is a task of its own
      }
    }
  }

  end(code) {
    for (const { socket } of this.links) {
      socket.closed = true;
      socket.ends(code);
    }
  }

  answer(request) {
    request.answer ??= request.work();
    this.server.requests.splice(this.server.requests.indexOf(request), 1);
    request.settle(request.answer);
  }

  /** Everything that is on its way arrives, and a beat: the quiet in which the page must be right. */
  async calmDown() {
    for (const link of this.links) link.loses = 0;
    this.browser.online = true;
    this.browser.window.fire("online");
    this.browser.window.fire("pageshow", { persisted: true });
    // A page that a form did not leave keeps nothing back for longer.
    this.browser.clock.pass(5_000);
    await settle();
    while (this.server.rings.length > 0) this.server.ring(0);
    for (let beats = 0; beats < 3; beats += 1) {
      for (let round = 0; round < 30; round += 1) {
        this.accept();
        await this.deliver(Infinity);
        for (const request of [...this.server.requests]) this.answer(request);
        await settle();
        if (this.links.length === 0) this.browser.clock.pass(31_000);
        else if (this.server.requests.length === 0 && this.links.every(({ pipe }) => pipe.length === 0)) break;
      }
      this.server.beat();
    }
    this.browser.clock.pass(300); // a burst of toasts is gathered for so long
  }
}

/** What some of the notifications are. */
const LOOKS = { 0: { importance: "high" }, 1: { importance: "high" }, 2: { importance: "high", expires: "soon" }, 3: { toast: false } };

/** What happens in the world outside, by a correct server over TCP: frames in order, a close loses the rest. */
const HAPPENS = {
  notify: [8, ({ server }, a, b) => server.notify({ rings: a < 0.8, ...LOOKS[Math.floor(b * 8)] })],
  hole: [1, ({ server }) => server.notify({ lost: true })],
  burst: [1, ({ server }, a) => [...Array(2 + Math.floor(a * 9))].forEach(() => server.notify())],
  mark: [
    12,
    ({ server }, a, b) => {
      const row = at(server.listed, a ** 2);
      if (row) server.mark(at(ACTIONS, b), ({ seq }) => seq === row.seq, { rings: b * 97 % 1 < 0.8 });
    },
  ],
  markThrough: [1, ({ server }, a, b) => server.mark(at(ACTIONS, b), ({ seq }) => seq <= a * server.seq)],
  remove: [
    3,
    ({ server }, a, b) => {
      const row = at(server.listed, a ** 2);
      if (row) server.remove(({ seq }) => seq === row.seq, { rings: b < 0.8 });
    },
  ],
  update: [
    8,
    ({ server }, a, b) => {
      const row = at(server.listed, a ** 2);
      if (row) server.update(({ seq }) => seq === row.seq, { rings: b < 0.8 });
    },
  ],
  updateThrough: [0.5, ({ server }, a) => server.update(({ seq }) => seq >= a * server.seq)],
  expire: [2, ({ server }, a) => server.expire({ rings: a < 0.8 })],
  removeThrough: [0.5, ({ server }, a) => server.remove(({ seq }) => seq <= a * server.seq)],
  ring: [14, ({ server }, a) => server.ring(Math.floor(a * a * server.rings.length))],
  beat: [2, ({ server }) => server.beat()],
  accept: [6, (world) => world.accept()],
  deliver: [10, (world, a) => world.deliver(1 + Math.floor(a * 4))],
  close: [2, (world, a) => world.end(at(CODES, a))],
  pass: [4, ({ browser }, a) => browser.clock.pass(at(MOMENTS, a))],
  sleep: [0.3, ({ browser }) => browser.clock.sleep(100_000)],
  wake: [0.5, ({ browser }) => browser.document.fire("visibilitychange")],
  network: [
    0.5,
    ({ browser }) => {
      browser.online = !browser.online;
      browser.window.fire(browser.online ? "online" : "offline");
    },
  ],
  // The server is done with a request, its answer is on the way; and the answer arrives; or it never does.
  work: [4, ({ server: { requests } }, a) => requests.length && (at(requests, a).answer ??= at(requests, a).work())],
  answer: [6, (world, a) => world.server.requests.length && world.answer(at(world.server.requests, a))],
  fail: [
    2,
    ({ server: { requests } }, a) => requests.splice(Math.floor(a * requests.length), 1)[0]?.settle(null),
  ],
  press: [6, ({ browser }, a, b) => browser.press(Math.floor(a * a * browser.items.length), at(ACTIONS, b))],
  pressReadAll: [0.5, ({ browser }) => browser.pressReadAll()],
  send: [
    0.5,
    ({ browser }) =>
      browser.window.fire("submit", { target: element("form", { method: "post" }), defaultPrevented: false }),
  ],
  leave: [0.3, ({ browser }) => browser.window.fire("pagehide")],
  comeBack: [0.5, ({ browser }) => browser.window.fire("pageshow", { persisted: true })],
  request: [0.3, ({ browser }) => browser.request()],
  reload: [0.3, ({ browser }) => browser.load()],
};

/** A backup comes back. The client learns of it before anything else happens: without an epoch it must. */
const RESTORE = {
  backup: [1, ({ server }) => server.keepBackup()],
  restore: [
    0.5,
    async (world) => {
      if (!world.server.restore()) return;
      world.end(1006);
      await world.calmDown();
    },
  ],
};

/** What no TCP does: frames of one socket lost, repeated, or out of order. Only `ready` stays where it was. */
const LAWLESS = {
  lose: [3, (world) => world.links.forEach((link) => (link.loses += 1))],
  repeat: [2, (world, a) => world.links.forEach(({ socket, told }) => told.length > 0 && socket.says(at(told, a)))],
  swap: [
    3,
    (world, a) =>
      world.links.forEach(({ pipe, told }) => {
        if (told.length > 0) pipe.splice(0, 0, ...pipe.splice(Math.floor(a * Math.min(4, pipe.length)), 1));
      }),
  ],
};

export const KINDS = {
  "a server that keeps the contract": { ...HAPPENS, ...RESTORE },
  "frames lost, repeated and out of order": { ...HAPPENS, ...LAWLESS },
};

const ESSENTIAL = new Set(["notify", "ring", "accept", "deliver", "work", "answer"]);

/** @returns {object[]} a case of that kind */
export function makeSteps(kind, random) {
  // Each case goes without some of them: where everything happens at once, one thing mends what another broke.
  const names = Object.keys(KINDS[kind]).filter((name) => ESSENTIAL.has(name) || random() < 0.5);
  const weights = Object.fromEntries(names.map((name) => [name, KINDS[kind][name][0]]));
  const count = 4 + Math.floor(random() * 40);
  const steps = Array.from({ length: count }, () => ({ do: pick(random, weights), a: random(), b: random() }));
  // A page asks first who is signed in.
  const opens = [{ do: "answer", a: 0 }, { do: "accept" }, { do: "deliver", a: 0.99 }];
  return random() < 0.7 ? [...opens, ...steps] : steps;
}

/** Plays one case; rejects unless it ends in the screen of a fresh load. */
export async function play(kind, steps, seed) {
  const world = new World(seed);
  const { server, browser } = world;
  try {
    browser.load();
    await settle();
    for (const { do: name, a, b } of steps) {
      await KINDS[kind][name][1](world, a, b);
      await settle();
    }
    await world.calmDown();
    const { rows, older, up, crowd, ...rest } = browser.screen;
    const shown = [...browser.toasts];
    const unread = server.listed.filter((row) => !row.read && row.toast !== false).map(({ id, message }) => `${id} ${message}`);
    assert.deepEqual(up.filter((toast) => !unread.includes(toast)), [], "a toast is of what is there, and says it as it is");
    for (const count of crowd) assert.ok(count > 0 && up.length + count <= server.state.unread, `${count} more are told of than there are`);
    browser.request();
    browser.load();
    await world.calmDown();
    assert.deepEqual(browser.toasts, [...new Set(browser.toasts)], "a fresh page shows nothing again");
    const { rows: freshRows, older: freshOlder, up: _, crowd: __, ...freshRest } = browser.screen;
    assert.deepEqual(rest, freshRest);
    // A page that stays open may show more or fewer rows than a fresh one; the rest is behind its link.
    const all = server.listed.map(({ id, seq, read, message }) => `${seq} ${id} ${read} ${message}`);
    const behind = older === null ? [] : all.filter((row) => Number.parseInt(row, 10) < older);
    assert.deepEqual([...rows, ...behind], all);
    const freshBehind = freshOlder === null ? [] : all.filter((row) => Number.parseInt(row, 10) < freshOlder);
    assert.deepEqual([...freshRows, ...freshBehind], all);
    // Ids are numbered as they were made, over a restored backup too.
    const numbers = shown.map((id) => Number(id.slice(3)));
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), "toasts: once each, ascending");
  } finally {
    await world.browser.window?.fire("pagehide");
    browser.leave();
  }
}
