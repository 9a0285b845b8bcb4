/** Single keys: for whoever has the inbox before them, and never in the way of typing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Help } from "../../../../packages/bellhop/js/src/ui/inbox/keys/help.js";
import { element } from "../../support/dom.js";
import { settle } from "../../support/fakes.js";
import { open, row, withGlobals } from "../../support/parts/inbox.js";

/** @returns {boolean} whether the page took the key for itself */
function press(page, key, { target = page.document.activeElement, ...more } = {}) {
  let isTaken = false;
  page.document.fire("keydown", { key, target, ...more, preventDefault: () => (isTaken = true) });
  return isTaken;
}

function openWithKeys(context, more = {}) {
  const page = open(context, { rows: [row(3), row(2), row(1)], ...more });
  page.keys.listen();
  return page;
}
const current = ({ items, document }) => items().filter((item) => item === document.activeElement).map(({ dataset }) => dataset.id);

test("j and k move the focus from row to row, and stop at the ends", (context) => {
  const page = openWithKeys(context);
  const at = (key) => press(page, key) && current(page)[0];
  assert.deepEqual(["j", "j", "j", "j", "k"].map(at), ["id-3", "id-2", "id-1", "id-1", "id-2"]);
  assert.deepEqual(page.items().map((item) => item.getAttribute("aria-current")), [null, "true", null]);
});

test("j goes on from the row in which something has the focus, and not into a thread that is closed", (context) => {
  const page = openWithKeys(context, { rows: [row(4), row(3, { thread: "a" }), row(2, { thread: "a" }), row(1)] });
  page.find("details").querySelector("[role=list]").hidden = true;
  page.items()[1].querySelector("button[name=one]").focus();
  press(page, "j");
  assert.deepEqual(current(page), ["id-1"]);
});

test("e archives the row and u reads it; without a row neither does anything", (context) => {
  const page = openWithKeys(context);
  assert.equal(press(page, "e"), false);
  press(page, "j");
  press(page, "u");
  press(page, "j");
  press(page, "e");
  assert.deepEqual(page.asked.map(({ what }) => what), [
    ["read", { ids: ["id-3"] }],
    ["archive", { ids: ["id-2"] }],
  ]);
  assert.deepEqual(current(page), ["id-1"], "the next row has the focus");
});

test("x ticks the row, z takes back what was done, and / goes to the search", async (context) => {
  const page = openWithKeys(context);
  press(page, "j");
  press(page, "x");
  assert.deepEqual(page.selection.ids, ["id-3"]);
  press(page, "x");
  assert.deepEqual(page.selection.ids, []);
  press(page, "e");
  await page.answer({ rev: 4, changed: 1 });
  press(page, "z");
  assert.deepEqual(page.asked[0].what, ["unarchive", { rev: 4 }]);
  assert.equal(press(page, "/"), true);
  assert.equal(page.document.activeElement, page.find("input[type=search]"));
});

test("Enter opens a row that has the focus, and leaves every link and button to itself", (context) => {
  const page = openWithKeys(context);
  const followed = [];
  for (const item of page.items()) item.querySelector("[data-message]").click = () => followed.push(item.dataset.id);
  page.items()[0].querySelector("[data-message]").setAttribute("href", "/3");
  page.items()[0].querySelector("button[name=one]").focus();
  assert.equal(press(page, "Enter"), false);
  page.items()[0].focus();
  assert.equal(press(page, "Enter"), true);
  page.items()[1].focus();
  assert.equal(press(page, "Enter"), false, "it leads nowhere");
  assert.deepEqual(followed, ["id-3"]);
});

for (const [where, more] of [
  ["a search field", { target: element("input", { type: "search" }) }],
  ["a text area", { target: element("textarea") }],
  ["an editable place", { target: element("div", { contenteditable: "" }) }],
  ["a dialog", { target: element("button") }],
]) {
  test(`in ${where} a letter is a letter`, (context) => {
    const page = openWithKeys(context);
    if (where === "a dialog") element("dialog", {}, more.target);
    for (const key of ["j", "e", "z", "?", "/"]) assert.equal(press(page, key, more), false);
    assert.deepEqual(current(page), []);
  });
}

test("a check box is no field to type in", (context) => {
  const page = openWithKeys(context);
  assert.equal(press(page, "j", { target: element("input", { type: "checkbox" }) }), true);
});

for (const modifier of ["ctrlKey", "altKey", "metaKey", "isComposing", "defaultPrevented"]) {
  test(`with ${modifier} no key is the page's`, (context) => {
    const page = openWithKeys(context);
    assert.equal(press(page, "j", { [modifier]: true }), false);
    assert.deepEqual(current(page), []);
  });
}

test("switched off in this browser no key does anything but the one that tells of them", (context) => {
  const page = openWithKeys(context);
  page.stored.set("bellhop:keys", "off");
  assert.equal(press(page, "j"), false);
  const opened = [];
  page.help.open = () => opened.push("help");
  assert.equal(press(page, "?"), true);
  page.stored.set("bellhop:keys", "on");
  assert.equal(press(page, "j"), true);
});

test("after the page has gone no key is heard", (context) => {
  const page = openWithKeys(context);
  page.keys.unlisten();
  assert.equal(press(page, "j"), false);
});

const HELP = Symbol.for("bellhop.help");

test("the dialog's file is loaded when it is asked for; where that fails nothing else does, and it is tried again", async (context) => {
  const page = openWithKeys(context);
  const failures = [];
  withGlobals(context, { console: { ...console, warn: (...said) => failures.push(said.join(" ")) } });
  const ask = async () => {
    assert.equal(press(page, "?"), true);
    for (let turns = 0; turns < 20; turns += 1) await settle();
  };
  await ask();
  assert.match(failures[0], /no help for the keys/);
  assert.equal(press(page, "j"), true);
  const opened = [];
  page.document[HELP] = () => ({ open: () => opened.push("help"), close: () => opened.push("closed") });
  await ask();
  assert.deepEqual(opened, ["help"]);
});

test("a dialog whose file comes after the page has gone does not open", async (context) => {
  const page = openWithKeys(context);
  const opened = [];
  page.document[HELP] = () => ({ open: () => opened.push("help"), close: () => {} });
  press(page, "?");
  page.help.close();
  await settle();
  assert.deepEqual(opened, []);
});

test("the dialog names the keys, and its box switches them off", async (context) => {
  const page = openWithKeys(context);
  page.document[HELP] = (keysSwitch) => new Help(keysSwitch);
  page.document.createElement = ((make) => (tag) => {
    const made = make(tag);
    if (tag === "dialog") made.showModal = () => (made.open = true);
    return made;
  })(page.document.createElement);
  press(page, "?");
  await settle();
  const dialog = page.document.body.querySelector("bellhop-keys").shadowRoot.querySelector("dialog");
  assert.equal(dialog.open, true);
  assert.deepEqual(dialog.querySelectorAll("kbd").map(({ textContent }) => textContent), ["j", "k", "Enter", "e", "u", "x", "z", "/", "?"]);
  const box = dialog.querySelector("input");
  assert.equal(box.checked, true);
  box.checked = false;
  box.fire("change");
  assert.equal(page.stored.get("bellhop:keys"), "off");
});
