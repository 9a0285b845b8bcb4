/** The panel of the bell under somebody's hand: links, keys, the focus, and what is chosen in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClient, makePanel, row, said } from "../../support/parts/panel.js";

const asked = ({ asked: all }, name) => all.filter(([each]) => each === name);

async function opened(context, rows = [row(3), row(2), row(1)], more = {}) {
  const made = await makePanel(context, Object.assign(new FakeClient(), { rows, unread: rows.length }, more));
  made.panel.open();
  await made.calm();
  return made;
}

/** A click on the link of a row. @returns {boolean} whether the browser was kept from going there */
function follow({ find, part }, index, more = {}) {
  let isPrevented = false;
  const target = part(index, "[data-message]");
  find("list").fire("click", { target, preventDefault: () => (isPrevented = true), ...more });
  return isPrevented;
}

test("a link leads on, reads by the client, and closes the panel", async (context) => {
  const made = await opened(context);
  assert.equal(follow(made, 0), false);
  const [[, { id, url, message, read }]] = asked(made.client, "follow");
  assert.deepEqual({ id, url, message, read }, { id: "id-3", url: "/orders/3", message: "message 3", read: false });
  assert.equal(made.button.getAttribute("aria-expanded"), "false");
});

test("a link that the page follows by itself is left to it, and one for another tab leaves the panel open", async (context) => {
  const made = await opened(context, undefined, { goes: false });
  assert.equal(follow(made, 0, { ctrlKey: true }), true);
  assert.equal(made.button.getAttribute("aria-expanded"), "true");
  assert.equal(follow(made, 0), true);
  assert.equal(made.button.getAttribute("aria-expanded"), "false");
});

test("without a link of its own a notification has a page, and a script is no link", async (context) => {
  const { part } = await opened(context, [row(2, { url: null }), row(1, { url: "javascript:alert(1)" })]);
  assert.equal(part(0, "[data-message]").getAttribute("href"), "/notifications/id-2/");
  assert.equal(part(1, "[data-message]").getAttribute("href"), "/notifications/id-1/");
});

test("while the focus is in the list what comes waits behind a button that says how many", async (context) => {
  const { client, items, part, root, document } = await opened(context);
  part(0, "[data-message]").focus();
  client.tell("arrived", row(4));
  client.tell("arrived", row(5));
  const pill = root.querySelector("[data-pill]");
  assert.deepEqual(said(items()), ["3 unread message 3", "2 unread message 2", "1 unread message 1"]);
  assert.deepEqual([pill.hidden, pill.textContent], [false, "2 new"]);
  pill.fire("click");
  assert.equal(pill.hidden, true);
  assert.deepEqual(said(items()).slice(0, 3), ["5 unread message 5", "4 unread message 4", "3 unread message 3"]);
  assert.equal(document.activeElement, part(0, "[data-message]"));
});

test("what waits comes in when the focus has left the list", async (context) => {
  const { client, items, part, find, calm, document } = await opened(context);
  part(0, "[data-message]").focus();
  client.tell("arrived", row(4));
  document.activeElement = find("all");
  find("list").fire("focusout");
  await calm();
  assert.equal(said(items())[0], "4 unread message 4");
});

test("arrows go from row to row, and the ends are ends", async (context) => {
  const { find, part, document } = await opened(context);
  const press = (key, more = {}) => find("list").fire("keydown", { key, target: document.activeElement, ...more });
  part(0, "[data-do=archive]").focus();
  for (const [key, index] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowDown", 2], ["Home", 0], ["ArrowUp", 0], ["End", 2]]) {
    press(key);
    assert.equal(document.activeElement, part(index, "[data-message]"), key);
  }
  press("ArrowUp", { altKey: true });
  assert.equal(document.activeElement, part(2, "[data-message]"));
});

test("the row that is removed under the focus passes it on", async (context) => {
  const { client, part, document } = await opened(context);
  part(1, "[data-message]").focus();
  client.tell("changed", { rev: client.rev + 1, since: client.rev, seq: 3, removed: ["id-2"] });
  assert.equal(document.activeElement, part(1, "[data-message]"));
  assert.equal(document.activeElement.textContent, "message 1");
});

test("open, the panel has the focus; closed, the bell has it, unless somebody went elsewhere", async (context) => {
  const { panel, button, document, root } = await opened(context);
  assert.equal(document.activeElement.id, "panel-title");
  assert.equal(button.getAttribute("aria-expanded"), "true");
  panel.close();
  assert.equal(document.activeElement, button);
  panel.open();
  const elsewhere = root.parentElement ?? {};
  document.activeElement = elsewhere;
  panel.close();
  assert.equal(document.activeElement, elsewhere);
});

test("whoever leaves it by Tab leaves it behind, but not by going to the bell or to another window", async (context) => {
  const { find, button, root } = await opened(context);
  const panel = root.querySelector("[data-testid=panel]");
  for (const relatedTarget of [null, button, find("all")]) {
    panel.fire("focusout", { relatedTarget });
    assert.equal(button.getAttribute("aria-expanded"), "true");
  }
  panel.fire("focusout", { relatedTarget: button.cloneNode() });
  assert.equal(button.getAttribute("aria-expanded"), "false");
});

test("do not disturb is off, or says until when, and what cannot be set is told and shown as it is", async (context) => {
  const { client, find, calm } = await opened(context);
  const select = find("quiet");
  const choose = async (value) => {
    select.value = value;
    select.fire("change");
    await calm();
  };
  const setting = select.parentElement;
  assert.deepEqual([setting.hidden, select.value], [false, "off"]);
  await choose("hour");
  assert.equal(select.value, "on");
  assert.match(select.firstElementChild.textContent, /^Until .*:00/u);
  await choose("off");
  assert.equal(select.value, "off");
  assert.deepEqual(asked(client, "setPreferences").map(([, changes]) => changes.do_not_disturb), ["hour", null]);
  client.fails.add("setPreferences");
  await choose("morning");
  assert.equal(select.value, "off");
  assert.deepEqual(asked(client, "tellFailure"), [["tellFailure", "setPreferences failed"]]);
});

test("where preferences cannot be had nothing is offered", async (context) => {
  const { find } = await opened(context, undefined, { fails: new Set(["preferences"]) });
  assert.equal(find("quiet").parentElement.hidden, true);
});

for (const [state, shows] of Object.entries({
  unsupported: { hidden: true },
  off: { hidden: false, button: true, pressed: "false" },
  on: { hidden: false, button: true, pressed: "true" },
  blocked: { hidden: false, button: false, pressed: "false" },
})) {
  test(`notifications on the desktop that are ${state} are shown so`, async (context) => {
    const { find } = await opened(context, undefined, { desktop: { state } });
    const button = find("desktop");
    assert.equal(button.parentElement.hidden, shows.hidden);
    if (shows.hidden) return;
    assert.deepEqual([!button.hidden, button.getAttribute("aria-pressed")], [shows.button, shows.pressed]);
    assert.equal(button.nextElementSibling.hidden, state !== "blocked");
  });
}

test("the desktop is asked for by a press, and by a press it ends", async (context) => {
  const calls = [];
  const desktop = {
    state: "off",
    enable: async () => (calls.push("enable"), (desktop.state = "on")),
    disable: () => (calls.push("disable"), (desktop.state = "off")),
  };
  const { find, calm } = await opened(context, undefined, { desktop });
  assert.deepEqual(calls, []);
  for (const pressed of ["true", "false"]) {
    find("desktop").fire("click");
    await calm();
    assert.equal(find("desktop").getAttribute("aria-pressed"), pressed);
  }
  assert.deepEqual(calls, ["enable", "disable"]);
});

test("offline, and with the server away, it says as of when; live it says nothing", async (context) => {
  const { client, find } = await opened(context);
  assert.equal(find("standing").hidden, true);
  const since = Date.parse("2026-11-27T21:30:00Z");
  for (const [state, words] of [
    ["offline", /^You are offline\. .*:30/u],
    ["waiting", /^Reconnecting… .*:30/u],
    ["away", /^The server does not answer .*:30/u],
  ]) {
    client.tell("standing", { state, since });
    assert.equal(find("standing").hidden, false);
    assert.match(find("standing").textContent, words);
  }
  client.tell("standing", { state: "open", since: null });
  assert.equal(find("standing").hidden, true);
});
