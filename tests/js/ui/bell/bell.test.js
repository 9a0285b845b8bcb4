/** The bell itself: its number, how loud it is, and the door to its panel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeStyleSheet } from "../../support/parts/document.js";
import { FakeElement, FakeHTMLElement, element } from "../../support/dom.js";
import { settle } from "../../support/fakes.js";

const SOURCES = "../../../../packages/bellhop/js/src/";
const PANEL = Symbol.for("bellhop.panel");

function install(context, globals) {
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    context.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
  }
}

test("the badge stops at 99+, and a screen reader hears how many, and whether some are new", async (context) => {
  install(context, { document: {} });
  const { badgeText, bellLabel } = await import(`${SOURCES}ui/bell/words.js`);
  assert.deepEqual([99, 100].map(badgeText), ["99", "99+"]);
  assert.equal(bellLabel(0), "No unread notifications");
  assert.equal(bellLabel(0, true), "No unread notifications");
  assert.equal(bellLabel(1), "1 unread notification");
  assert.equal(bellLabel(140), "140 unread notifications");
  assert.equal(bellLabel(1, true), "1 unread notification, new since you last looked");
  assert.equal(bellLabel(3, true), "3 unread notifications, new ones since you last looked");
});

test("the app has the count on its sign where there is an app, and a refusal is nobody's concern", async (context) => {
  const told = [];
  const navigator = {
    setAppBadge: async (count) => told.push(count),
    clearAppBadge: async () => {
      told.push("clear");
      throw new Error("no app");
    },
  };
  install(context, { navigator });
  const { showOnApp } = await import(`${SOURCES}ui/bell/app-badge.js`);
  showOnApp(3);
  showOnApp(0);
  globalThis.navigator = {};
  showOnApp(4);
  await settle();
  assert.deepEqual(told, [3, "clear"]);
});

test("the bell is loud while some came since the last look, quiet while they are unread, and its number stays", async (context) => {
  const view = {};
  const client = {
    ...{ state: "open", unread: 2, seen: 4, position: { seq: 5, rev: 1 }, hasEnded: false },
    attach: (one) => "seen" in one && Object.assign(view, one),
    detach() {},
  };
  const documentElement = element("html");
  const document = Object.assign(element("document"), {
    ...{ documentElement, body: element("body"), title: "Shop", createElement: (tag) => new FakeElement(tag) },
    createElementNS: (_, tag) => new FakeElement(tag),
    [Symbol.for("bellhop.client")]: client,
  });
  install(context, {
    document,
    HTMLElement: FakeHTMLElement,
    CSSStyleSheet: FakeStyleSheet,
    matchMedia: () => ({ matches: false }),
  });
  const { BellElement } = await import(`${SOURCES}ui/bell/bell-element.js`);
  const bell = new BellElement();
  bell.connectedCallback();
  const badge = bell.shadowRoot.querySelector("[data-testid=bell-count]");
  const shows = () => [badge.textContent, badge.hidden, badge.dataset.loud, bell.getAttribute("loud")];
  assert.deepEqual(shows(), ["2", false, "true", "true"]);
  client.seen = 5;
  view.seen(5);
  assert.deepEqual(shows(), ["2", false, "false", "false"]);
  Object.assign(client, { unread: 3, position: { seq: 6, rev: 1 } });
  view.arrived({});
  assert.deepEqual(shows(), ["3", false, "true", "true"]);
  // Read, but never looked at: nothing is left to be loud about.
  client.unread = 0;
  view.unread(0);
  assert.deepEqual(shows().slice(1), [true, "false", "false"]);
  Object.assign(client, { unread: 1, position: null });
  view.ended();
  assert.equal(bell.getAttribute("loud"), "false");
});

/** A bell's button with the door behind it, and what happened to the page. */
async function makeDoor(context, { state = "open", panel = null } = {}) {
  const head = element("head");
  const timers = [];
  const document = { head, baseURI: "https://shop.test/", createElement: (tag) => new FakeElement(tag) };
  const gone = [];
  install(context, {
    document,
    location: { origin: "null", assign: (address) => gone.push(address) },
    setTimeout: (callback) => timers.push(callback),
    console: { ...console, warn() {} },
  });
  const { Door } = await import(`${SOURCES}ui/bell/door.js`);
  const host = Object.defineProperty(element("bellhop-bell", { href: "/inbox/", ...(panel && { panel }) }), "isConnected", { value: true });
  const button = element("button");
  const client = { state };
  const door = new Door({ host, root: null, button });
  door.of(client);
  const press = async () => {
    let isPrevented = false;
    button.fire("click", { preventDefault: () => (isPrevented = true) });
    for (let turns = 0; turns < 20; turns += 1) await settle();
    return isPrevented;
  };
  return { door, button, press, gone, head, timers, client, document };
}

/** A file that makes a panel which notes that it was opened. */
const file = (name) =>
  `data:text/javascript,${encodeURIComponent(
    `globalThis.document[Symbol.for("bellhop.panel")] = () => ({ open() { document.opened = (document.opened ?? 0) + 1 } }); // ${name}`,
  )}`;

test("the first press loads the panel and opens it; later ones are the browser's", async (context) => {
  const { press, gone, document, button } = await makeDoor(context, { panel: file("press") });
  assert.equal(document[PANEL], undefined);
  // The browser's own doing would close again what this press opens.
  assert.equal(await press(), true);
  assert.equal(document.opened, 1);
  assert.equal(await press(), false);
  assert.equal(document.opened, 1);
  assert.equal(button.ariaBusy, null);
  assert.deepEqual(gone, []);
});

test("who comes near has it loaded, and not opened", async (context) => {
  const { button, document, press } = await makeDoor(context, { panel: file("near") });
  button.fire("pointerenter");
  for (let turns = 0; turns < 20; turns += 1) await settle();
  assert.equal(typeof document[PANEL], "function");
  assert.equal(document.opened, undefined);
  await press();
  assert.equal(document.opened, 1);
});

test("where nobody is signed in the bell leads to the page, and loads nothing", async (context) => {
  const { press, gone, document, button } = await makeDoor(context, { state: "signed-out", panel: file("nobody") });
  button.fire("focus");
  assert.equal(await press(), true);
  assert.deepEqual(gone, ["/inbox/"]);
  assert.equal(document[PANEL], undefined);
});

test("where the panel cannot be had the bell leads to the page, and tries again the next time", async (context) => {
  const { press, gone, head, document, button } = await makeDoor(context, { panel: "https://shop.test/gone.js" });
  const pressed = press();
  while (head.children.length === 0) await settle();
  head.children[0].fire("error");
  await pressed;
  assert.deepEqual(gone, ["/inbox/"]);
  assert.equal(button.ariaBusy, null);
  const again = press();
  while (head.children.length === 1) await settle();
  document[PANEL] = () => ({ open: () => (document.opened = true) });
  head.children[1].fire("load");
  await again;
  assert.equal(document.opened, true);
  assert.deepEqual(gone, ["/inbox/"]);
});

test("a second press while it loads, and one that takes too long, lead to the page", async (context) => {
  const { press, gone, timers } = await makeDoor(context, { panel: "https://shop.test/slow.js" });
  await press();
  assert.deepEqual(gone, []);
  await press();
  assert.deepEqual(gone, ["/inbox/"]);
  timers[0]();
  for (let turns = 0; turns < 20; turns += 1) await settle();
  assert.deepEqual(gone, ["/inbox/", "/inbox/"]);
});

test("where nobody says where the panel is the bell leads to the page", async (context) => {
  const { press, gone } = await makeDoor(context);
  await press();
  assert.deepEqual(gone, ["/inbox/"]);
});
