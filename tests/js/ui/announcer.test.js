/** The one live region: always there, says each thing once, and a burst as a number. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { announcerOfDocument, say, sayArrival } from "../../../packages/bellhop/js/src/ui/announcer.js";
import { open } from "../support/parts/inbox.js";

test("it is there before anything is said, and never hidden from a screen reader", (context) => {
  open(context);
  const region = announcerOfDocument();
  assert.deepEqual([region.role, region.getAttribute("aria-live"), region.children.length], ["status", "polite", 0]);
  assert.equal(region.hidden, false);
  assert.doesNotMatch(region.style.cssText, /display|visibility/);
  assert.equal(announcerOfDocument(), region);
});

test("what was said is gone after a while, so that nobody finds it there later", (context) => {
  const { clock, said } = open(context);
  say("once");
  assert.deepEqual(said(), ["once"]);
  clock.pass(20_000);
  assert.deepEqual(said(), []);
});

test("what arrives is said at once, and of a burst the first two and the number of the rest", (context) => {
  const { clock, said } = open(context);
  for (const text of ["one", "two", "three", "four", "five"]) sayArrival(text);
  assert.deepEqual(said(), ["one", "two"]);
  clock.pass(1_000);
  assert.deepEqual(said(), ["one", "two", "3 more notifications"]);
  sayArrival("six");
  clock.pass(1_000);
  assert.deepEqual(said().slice(3), ["six"]);
  clock.pass(1_000);
  sayArrival("after a while");
  assert.deepEqual(said().slice(4), ["after a while"]);
  clock.pass(2_000);
});

test("a tab in the background says nothing", (context) => {
  const { document, said } = open(context);
  document.hidden = true;
  say("not here");
  assert.deepEqual(said(), []);
});
