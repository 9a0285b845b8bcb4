/** The stack of toasts: what stays, what gives way, and what changes in place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeStyleSheet } from "../../support/parts/document.js";
import { FakeElement, element } from "../../support/dom.js";
import { said } from "../../support/parts/said.js";
import { Clock, notification } from "../../support/fakes.js";

async function begin(context, { matches = [] } = {}) {
  const clock = new Clock();
  const timers = {
    setInterval: (callback, ms, timer = {}) => {
      timer.id = clock.setTimeout(() => {
        timers.setInterval(callback, ms, timer);
        callback();
      }, ms);
      return timer;
    },
    clearInterval: (timer) => clock.clearTimeout(timer?.id),
    setTimeout: clock.setTimeout,
    matchMedia: (query) => ({ matches: matches.includes(query) }),
    CSSStyleSheet: FakeStyleSheet,
    document: {
      createElement: (tag) => new FakeElement(tag),
      createElementNS: (_, tag) => new FakeElement(tag),
      documentElement: element("html", {}),
      hidden: false,
    },
  };
  const before = Object.keys(timers).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  context.after(() => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) delete globalThis[name];
      else Object.defineProperty(globalThis, name, descriptor);
    }
  });
  for (const [name, value] of Object.entries(timers)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const { Toasts } = await import("../../../../packages/bellhop/js/src/ui/toasts/toasts.js");
  const region = element("div", {});
  const followed = [];
  const toasts = new Toasts(region, { listUrl: () => "/", follow: (one) => followed.push(one.url) });
  const part = (name) => (toast) => toast.querySelector(`[${name}]`);
  const says = () => region.children.map((toast) => part("data-testid=toast-message")(toast).textContent);
  return { clock, region, toasts, followed, part, says, heard: () => said(globalThis.document) };
}

const high = (seq) => notification(seq, { importance: "high" });

test("one of high importance stays until it is dismissed, and no clock runs for it", async (context) => {
  const { clock, toasts, says, region, part } = await begin(context);
  toasts.show(high(1));
  toasts.show(notification(2));
  clock.pass(8_500);
  assert.deepEqual(says(), ["message 1"]);
  clock.pass(3_600_000);
  assert.deepEqual(says(), ["message 1"]);
  assert.deepEqual(clock.due, []);
  part("data-dismiss")(region.children[0]).fire("click");
  assert.deepEqual(says(), []);
});

test("in a crowd it gives way last, and to none but its like", async (context) => {
  const { toasts, says } = await begin(context);
  toasts.show(high(1));
  for (const seq of [2, 3, 4, 5]) toasts.show(notification(seq));
  assert.deepEqual(says(), ["1 more notification", ...[1, 3, 4, 5].map((seq) => `message ${seq}`)]);
  for (const seq of [6, 7, 8]) toasts.show(high(seq));
  assert.deepEqual(says(), ["4 more notifications", ...[1, 6, 7, 8].map((seq) => `message ${seq}`)]);
  toasts.show(notification(9));
  assert.deepEqual(says(), ["5 more notifications", ...[1, 6, 7, 8].map((seq) => `message ${seq}`)]);
  toasts.show(high(10));
  assert.deepEqual(says(), ["6 more notifications", ...[6, 7, 8, 10].map((seq) => `message ${seq}`)]);
});

test("a toast says new words in its place: message, body, link, icon and count", async (context) => {
  const { toasts, region, part, says, followed } = await begin(context);
  toasts.show(notification(1));
  toasts.show(notification(2, { body: "old", url: "/old", icon: "/old.svg" }));
  const [, toast] = region.children;
  toasts.reword([notification(2, { message: "new", body: "", url: "/new", icon: "/new.svg", count: 3 }), notification(9)]);
  assert.deepEqual(says(), ["message 1", "new"]);
  assert.equal(region.children[1], toast);
  assert.equal(part("data-body")(toast).hidden, true);
  assert.deepEqual(
    toast.querySelectorAll("img").map(({ src, alt }) => [src, alt]),
    [["/new.svg", ""]],
  );
  assert.equal(toast.dataset.count, "3");
  const link = part("data-link")(toast);
  assert.equal(link.getAttribute("href"), "/new");
  link.fire("click");
  assert.deepEqual(followed, ["/new"]);
  toasts.reword([notification(2, { url: "javascript:alert(1)", icon: "data:x" })]);
  assert.equal(link.getAttribute("href"), null);
  assert.equal(link.hidden, true);
  assert.deepEqual(toast.querySelectorAll("img"), []);
});

test("new words stay as long as any, the same ones do not", async (context) => {
  const { clock, toasts, says } = await begin(context);
  toasts.show(notification(1));
  toasts.show(notification(2));
  clock.pass(7_000);
  toasts.reword([notification(1, { message: "new" }), notification(2)]);
  clock.pass(1_500);
  assert.deepEqual(says(), ["new"]);
  clock.pass(7_000);
  assert.deepEqual(says(), []);
});

test("an icon that cannot be had gives way to the sign", async (context) => {
  const { toasts, region } = await begin(context);
  toasts.show(notification(1, { icon: "/gone.svg" }));
  region.children[0].querySelector("img").fire("error");
  assert.deepEqual(region.children[0].querySelectorAll("img"), []);
  assert.equal(region.children[0].querySelectorAll("svg").length, 2);
});

test("the one that sums up counts what is still unread and there, and goes with the last", async (context) => {
  const { toasts, says, clock } = await begin(context);
  toasts.more([1, 2, 3].map((seq) => notification(seq)));
  toasts.show(notification(4));
  assert.deepEqual(says(), ["3 more notifications", "message 4"]);
  toasts.forget(({ id }) => ["id-2", "id-9"].includes(id));
  assert.deepEqual(says(), ["2 more notifications", "message 4"]);
  assert.deepEqual(
    toasts.told.map(({ id, seq }) => [id, seq]),
    [4, 1, 3].map((seq) => [`id-${seq}`, seq]),
  );
  toasts.forget(({ seq }) => seq <= 1);
  assert.deepEqual(says(), ["1 more notification", "message 4"]);
  toasts.forget(({ id }) => id === "id-3");
  assert.deepEqual(says(), ["message 4"]);
  toasts.more([notification(5)]);
  assert.deepEqual(says(), ["1 more notification", "message 4"]);
  clock.pass(8_500);
  assert.deepEqual(says(), []);
  assert.deepEqual(toasts.told, []);
});

test("a toast that gave way is counted until it is read, too", async (context) => {
  const { toasts, says } = await begin(context);
  for (const seq of [1, 2, 3, 4, 5]) toasts.show(notification(seq));
  assert.equal(says()[0], "1 more notification");
  toasts.forget(({ id }) => id === "id-1");
  assert.deepEqual(says(), [2, 3, 4, 5].map((seq) => `message ${seq}`));
});

test("of those that nobody knows no more are counted than are unread, and none once all up to there are read", async (context) => {
  const { toasts, says } = await begin(context);
  toasts.more([{ skipped: 40, seq: 90 }, notification(95)]);
  assert.deepEqual(says(), ["41 more notifications"]);
  toasts.limit(50);
  assert.deepEqual(says(), ["41 more notifications"]);
  toasts.limit(8);
  assert.deepEqual(says(), ["8 more notifications"]);
  toasts.show(notification(96)); // one of the eight
  assert.deepEqual(says(), ["7 more notifications", "message 96"]);
  toasts.forget(({ seq }) => seq === 96);
  toasts.forget(({ seq }) => seq <= 89);
  assert.deepEqual(says(), ["7 more notifications"]);
  toasts.forget(({ seq }) => seq <= 90);
  assert.deepEqual(says(), ["1 more notification"]);
  toasts.more([{ skipped: 3, seq: 99 }]);
  toasts.forget(({ id }) => id === "id-95");
  toasts.limit(0);
  assert.deepEqual(says(), []);
});

test("what comes is said once, not again when it is reworded in another field, and no longer when it is taken down", async (context) => {
  const { toasts, heard, region } = await begin(context);
  toasts.show(notification(1));
  toasts.show(notification(2));
  assert.deepEqual(heard(), ["New notification: message 1", "New notification: message 2"]);
  toasts.reword([notification(1, { body: "more" })]);
  assert.equal(heard().length, 2);
  toasts.forget(({ seq }) => seq === 1);
  assert.deepEqual(heard(), ["New notification: message 2"]);
  toasts.reword([notification(2, { message: "other words" })]);
  assert.deepEqual(heard().slice(1), ["other words"]);
  assert.equal(region.getAttribute("aria-live"), null);
});

test("a crowd is said once, with its number of then", async (context) => {
  const { clock, toasts, heard } = await begin(context);
  toasts.more([notification(1)]);
  toasts.more([notification(2), notification(3)]);
  assert.deepEqual(heard(), []);
  clock.pass(1_000);
  assert.deepEqual(heard(), ["3 more notifications"]);
  toasts.more([notification(4)]);
  toasts.forget(() => true);
  clock.pass(1_000);
  assert.deepEqual(heard(), ["3 more notifications"]);
});

test("a problem is shown and said, the last one alone stays", async (context) => {
  const { toasts, says, heard } = await begin(context);
  toasts.notice("first");
  toasts.notice("second");
  assert.deepEqual(says(), ["second"]);
  assert.deepEqual(heard(), ["first", "second"]);
});

for (const [query, count] of [
  ["(max-width: 40rem)", 2],
  ["(max-height: 30rem)", 1],
]) {
  test(`where the window is ${query} there are ${count} at most, and one that sums up the rest`, async (context) => {
    const { toasts, says } = await begin(context, { matches: [query] });
    for (const seq of [1, 2, 3, 4]) toasts.show(notification(seq));
    const shown = [1, 2, 3, 4].slice(-count).map((seq) => `message ${seq}`);
    assert.deepEqual(says(), [`${4 - count} more notifications`, ...shown]);
  });
}

test("Escape takes down the toast under the keyboard and nothing else, and the focus goes on or back", async (context) => {
  const { toasts, says, region, part } = await begin(context);
  let backs = 0;
  const { Toasts } = await import("../../../../packages/bellhop/js/src/ui/toasts/toasts.js");
  const keyed = new Toasts(region, { listUrl: () => "/", follow: () => true, back: () => (backs += 1) });
  toasts.show(notification(9));
  toasts.clear();
  for (const seq of [1, 2]) keyed.show(notification(seq));
  let isStopped = false;
  const escape = (toast) => toast.fire("keydown", { key: "Escape", stopPropagation: () => (isStopped = true) });
  part("data-dismiss")(region.children[0]).focus();
  region.children[0].fire("keydown", { key: "a" });
  assert.equal(says().length, 2);
  escape(region.children[0]);
  assert.deepEqual(says(), ["message 2"]);
  assert.equal(isStopped, true);
  assert.equal(globalThis.document.activeElement, part("data-dismiss")(region.children[0]));
  escape(region.children[0]);
  assert.deepEqual([says(), backs], [[], 1]);
});
