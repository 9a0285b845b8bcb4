/** What may happen to a person's many tabs, as steps `{do, a, b}` with a and b in [0, 1). */
import { settle } from "../fakes.js";
import { pick } from "../random.js";
import { ManyTabs, front, wakeUp } from "./many-tabs.js";

const ACTIONS = ["read", "unread", "archive", "unarchive"];
const INVERSE = { read: "unread", unread: "read", archive: "unarchive", unarchive: "archive" };
const CODES = [1000, 1006, 1012, 4401, 4408, 4503];
const MOMENTS = [50, 150, 300, 600, 3_000, 31_000, 62_000];
const FILTERS = [{}, {}, { view: "unread" }, { view: "archived" }, { kind: "order" }, { q: "2" }];
const KINDS_OF_ROWS = [{}, { kind: "order", thread: "order 7" }, { importance: "high" }, { toast: false }];
const TABS = 4;
const at = (list, a) => list[Math.floor(a * list.length)];

const mineIn = (world, browser) => browser.tabs.filter((tab) => tab !== world.outsider);
const browserOf = (world, a) => at(world.browsers, a);

const STEPS = {
  notify: [8, ({ server }, a, b) => server.notify({ rings: a < 0.9, ...at(KINDS_OF_ROWS, b) })],
  burst: [1, ({ server }, a) => [...Array(2 + Math.floor(a * 9))].forEach(() => server.notify())],
  theirs: [1, ({ others }) => others.notify()],
  mark: [4, ({ server }, a, b) => server.mark(at(ACTIONS, b), ({ id }) => id === at(server.rows, a)?.id)],
  remove: [2, ({ server }, a) => server.remove(({ id }) => id === at(server.rows, a)?.id)],
  update: [3, ({ server }, a) => server.update(({ id }) => id === at(server.rows, a)?.id)],
  ring: [10, ({ server }, a) => server.ring(Math.floor(a * a * server.rings.length))],
  beat: [2, ({ server, others }) => [server, others].forEach((each) => each.beat())],
  accept: [8, (world) => world.accept()],
  deliver: [10, (world, a) => world.deliver(1 + Math.floor(a * 4))],
  end: [1, (world, a) => world.links().forEach(({ socket }) => ((socket.closed = true), socket.ends(at(CODES, a))))],
  pass: [5, ({ clock }, a) => clock.pass(at(MOMENTS, a))],
  answer: [6, ({ server, ...world }, a, b) => server.requests.length && ManyTabs.prototype.answer.call(world, server, at(server.requests, a))],
  fail: [1, ({ server: { requests } }, a) => requests.splice(Math.floor(a * requests.length), 1)[0]?.settle(null)],
  press: [
    6,
    (world, a, b) => {
      const tab = at(world.tabs, a);
      const row = tab && at(tab.rows, (a * 7) % 1);
      if (row) tab.press(at(ACTIONS, b), { ids: [row.id] });
    },
  ],
  pressAll: [1, ({ tabs }, a, b) => at(tabs, a)?.press(at(ACTIONS, b), { through: Math.floor(b * 13), ...at(tabs, a).filter })],
  undo: [
    4,
    ({ tabs }, a) => {
      const tab = at(tabs, a);
      const last = tab?.marks.pop();
      if (last) tab.press(INVERSE[last.action], { rev: last.rev });
    },
  ],
  see: [2, ({ tabs, server }, a) => at(tabs, a)?.run(() => at(tabs, a).client.markSeen(server.seq).catch(() => {}))],
  open: [
    2,
    (world, a, b) => {
      const browser = browserOf(world, a);
      if (mineIn(world, browser).length < TABS) browser.open(world.server, at(FILTERS, b), (a * 5) % 1 < 0.5);
    },
  ],
  close: [
    1,
    (world, a, b) => {
      const tab = at(mineIn(world, browserOf(world, a)), b);
      tab?.run(() => tab.window.fire("pagehide"));
      if (tab) tab.browser.remove(tab);
    },
  ],
  kill: [1, (world, a, b) => at(mineIn(world, browserOf(world, a)), b)?.browser.remove(at(mineIn(world, browserOf(world, a)), b))],
  stall: [1, ({ tabs }, a) => at(tabs, a)?.freeze()],
  freeze: [
    1,
    ({ tabs }, a) => {
      const tab = at(tabs, a);
      if (tab === undefined || tab.isFrozen) return;
      tab.document.fire("freeze");
      tab.freeze();
    },
  ],
  thaw: [2, ({ tabs }, a) => wakeUp(at(tabs, a))],
  leave: [1, ({ tabs }, a) => at(tabs, a)?.run(() => at(tabs, a).window.fire("pagehide"))],
  comeBack: [1, ({ tabs }, a) => at(tabs, a)?.run(() => at(tabs, a).window.fire("pageshow", { persisted: true }))],
  // Another window beside it.
  beside: [1, (world, a, b) => at(mineIn(world, browserOf(world, a)), b)?.show(true)],
  front: [4, (world, a, b) => front(browserOf(world, a), at(mineIn(world, browserOf(world, a)), b))],
  away: [2, (world, a) => front(browserOf(world, a), undefined)],
  talk: [8, (world, a) => world.talk(1 + Math.floor(a * 6))],
  lose: [0.5, (world, a, b) => (browserOf(world, a).shared.loses += 1 + Math.floor(b * 3))],
  network: [
    0.5,
    (world, a) => {
      const browser = browserOf(world, a);
      browser.online = !browser.online;
      for (const tab of browser.tabs) tab.run(() => tab.window.fire(browser.online ? "online" : "offline"));
    },
  ],
};
/** A backup comes back. Every tab learns of it before anything else happens. */
const RESTORE = {
  backup: [1, ({ server }) => server.keepBackup()],
  restore: [
    0.5,
    async (world) => {
      await world.calmDown();
      if (!world.server.restore()) return;
      world.links().forEach(({ socket }) => ((socket.closed = true), socket.ends(1006)));
      await world.calmDown();
      for (const browser of world.browsers) browser.gap = world.server.seq;
    },
  ],
};
Object.assign(STEPS, RESTORE);

const ESSENTIAL = new Set(["notify", "ring", "accept", "deliver", "answer", "talk"]);
const START = [{ do: "talk", a: 0.99 }, { do: "accept" }, { do: "deliver", a: 0.99 }, { do: "talk", a: 0.99 }];

export function makeTabSteps(random) {
  const names = Object.keys(STEPS).filter((name) => ESSENTIAL.has(name) || random() < 0.5);
  const weights = Object.fromEntries(names.map((name) => [name, STEPS[name][0]]));
  const steps = Array.from({ length: 4 + Math.floor(random() * 50) }, () => ({ do: pick(random, weights), a: random(), b: random() }));
  return random() < 0.8 ? [...START, ...steps] : steps;
}

/** Plays one case; rejects unless all tabs end as the server is, and nothing was told twice, or not at all. */
export async function playTabs(steps, seed) {
  const world = new ManyTabs(seed);
  await settle();
  for (const { do: name, a, b } of steps) {
    await STEPS[name][1](world, a, b);
    await settle();
    // Mostly what tabs tell each other comes at once.
    if ((b ?? 0) < 0.7) await world.talk();
  }
  await world.calmDown();
  world.judge();
}
