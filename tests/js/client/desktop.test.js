/** Notifications of the desktop: while no tab is to be seen, once, and no longer than they are true. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DesktopNotifications } from "../../../packages/bellhop/js/src/client/desktop-notifications.js";
import { notification, settle } from "../support/fakes.js";

function story(name, tell) {
  test(name, async () => {
    const storage = new Map();
    const world = { up: [], followed: [], told: [], went: [], isSeen: false, goes: true };
    class Notification {
      static permission = "granted";
      static requestPermission = async () => (Notification.permission = world.answer);
      constructor(title, options) {
        if (world.isForbidden) throw new TypeError("Illegal constructor");
        Object.assign(this, { title, options });
        world.up = [...world.up.filter(({ options: { tag } }) => tag !== options.tag), this];
      }
      close() {
        world.up = world.up.filter((one) => one !== this);
        this.onclose?.();
      }
    }
    const localStorage = { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value) };
    const given = { Notification, window: { localStorage, focus: () => world.went.push("here") }, location: { assign: (url) => world.went.push(url) } };
    const kept = Object.keys(given).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]);
    for (const [key, value] of Object.entries(given)) Object.defineProperty(globalThis, key, { value, configurable: true });
    try {
      world.storage = storage;
      world.Notification = Notification;
      world.desktop = new DesktopNotifications({
        follow: (one) => world.followed.push(one.id) && world.goes,
        changed: (state) => world.told.push(state),
      });
      world.offer = (seq, more) => world.desktop.offer(notification(seq, { desktop: true, ...more }), async () => world.isSeen);
      await tell(world);
    } finally {
      for (const [key, before] of kept) {
        if (before === undefined) delete globalThis[key];
        else Object.defineProperty(globalThis, key, before);
      }
    }
  });
}

const words = ({ up }) => up.map(({ title }) => title);

story("are off until somebody switches them on, and asks nobody for what is granted", async (world) => {
  await world.offer(1);
  assert.deepEqual([world.desktop.state, words(world)], ["off", []]);
  assert.equal(await world.desktop.enable(), "on");
  await world.offer(2);
  assert.deepEqual([words(world), world.told], [["message 2"], ["on"]]);
  assert.equal(world.desktop.disable(), "off");
  assert.deepEqual([words(world), world.told], [[], ["on", "off"]]);
});

story("stay off where the person or the browser refuses", async (world) => {
  for (const [answer, state] of [["default", "off"], ["denied", "blocked"]]) {
    Object.assign(world, { answer });
    world.Notification.permission = "default";
    assert.equal(await world.desktop.enable(), state);
  }
  await world.offer(1);
  assert.deepEqual(words(world), []);
});

story("are followed from what another tab has switched", async (world) => {
  world.storage.set("bellhop:desktop", "on");
  assert.equal(world.desktop.look(), "on");
  assert.deepEqual(world.told, ["on"]);
});

story("are not shown while a tab is to be seen, nor when it was read before that is known", async (world) => {
  await world.desktop.enable();
  world.isSeen = true;
  await world.offer(1);
  world.isSeen = false;
  const offered = world.offer(2);
  world.desktop.forget(({ id }) => id === "id-2");
  await offered;
  assert.deepEqual([words(world), world.desktop.told], [[], []]);
});

story("are one for each notification, and close when it is read or gone", async (world) => {
  await world.desktop.enable();
  for (const seq of [1, 1, 2]) await world.offer(seq);
  assert.deepEqual(words(world), ["message 1", "message 2"]);
  assert.deepEqual(world.up.map(({ options }) => options.tag), ["id-1", "id-2"]);
  world.desktop.forget(({ id }) => id === "id-1");
  assert.deepEqual([words(world), world.desktop.told.map(({ id }) => id)], [["message 2"], ["id-2"]]);
});

story("say what is said by now, silently, in their place", async (world) => {
  await world.desktop.enable();
  await world.offer(1);
  world.desktop.reword([notification(1), notification(9, { message: "other" })]);
  assert.equal(world.up[0].options.silent, false);
  world.desktop.reword([notification(1, { message: "anew" })]);
  assert.deepEqual([words(world), world.up[0].options.silent], [["anew"], true]);
});

story("lead to the tab and to where the link leads, unless the page's own script goes there", async (world) => {
  await world.desktop.enable();
  await world.offer(1, { url: "/orders/1" });
  await world.offer(2, { url: "javascript:alert(1)" });
  await world.offer(3, { url: "/orders/3" });
  world.up[0].onclick();
  world.up[0].onclick();
  world.goes = false;
  world.up[0].onclick();
  await settle();
  assert.deepEqual(world.went, ["here", "/orders/1", "here", "here"]);
  assert.deepEqual([world.followed, words(world)], [["id-1", "id-2", "id-3"], []]);
});

story("are given up where the browser lets no page make one", async (world) => {
  await world.desktop.enable();
  world.isForbidden = true;
  await world.offer(1);
  assert.deepEqual([world.desktop.state, world.desktop.told], ["unsupported", []]);
});
