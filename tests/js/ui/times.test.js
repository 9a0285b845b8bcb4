/** Times in the language of the page and the zone of its viewer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { absoluteTime, showTimes, showTimesOfDay } from "../../../packages/bellhop/js/src/words/ticking-times.js";
import { tellServer, zoneOfBrowser, zoneOfViewer } from "../../../packages/bellhop/js/src/words/time-zone.js";
import { element } from "../support/dom.js";
import { withGlobals } from "../support/parts/inbox.js";

const NOW = Date.parse("2026-11-22T18:30:00Z");
const WORDS = Symbol.for("bellhop.words");

function times(context, ...written) {
  const document = element("document", {}, ...written.map((dateTime) => element("time", { dateTime, textContent: "18:25" })));
  withGlobals(context, { document });
  return document;
}
const said = (root) => root.children.map(({ textContent, title }) => [textContent, title]);

test("under the heading of a day stands the time of day, and the rest for whoever points at it", (context) => {
  const root = times(context, "2026-11-22T18:25:00Z", "nonsense");
  showTimesOfDay(root, NOW, "Europe/Berlin");
  assert.deepEqual(said(root), [
    ["19:25", "Sunday, November 22, 2026 at 19:25:00 · 5 minutes ago"],
    ["18:25", undefined],
  ]);
});

test("elsewhere stands how long ago it was, in the language of the page", (context) => {
  const root = times(context, "2026-11-22T18:25:00Z", "2026-11-22T18:29:50Z");
  root[WORDS] = { language: "de", texts: { "just now": "gerade eben" } };
  showTimes(root, NOW, "UTC");
  assert.deepEqual(said(root), [
    ["vor 5 Minuten", "Sonntag, 22. November 2026 um 18:25:00"],
    ["gerade eben", "Sonntag, 22. November 2026 um 18:29:50"],
  ]);
});

test("a moment in a sentence has its day first, and what is none stays as it is", (context) => {
  times(context);
  assert.match(absoluteTime("2026-11-22T12:00:00Z"), /^2[123] Nov 2026, \d\d:\d\d$/);
  assert.equal(absoluteTime("soon"), "soon");
});

/** @returns {string[]} the cookies that are written from then on */
function withCookie(context, cookie) {
  const written = [];
  const document = Object.defineProperty({}, "cookie", { get: () => cookie, set: (value) => written.push(value) });
  withGlobals(context, { document, location: { protocol: "https:" } });
  return written;
}

test("the zone is the browser's, until the server has rendered another one although it was told", (context) => {
  const own = zoneOfBrowser();
  withCookie(context, "");
  assert.equal(zoneOfViewer("Asia/Tokyo"), own);
  withCookie(context, "a=b; bellhop_zone=Europe/Paris");
  assert.equal(zoneOfViewer("Asia/Tokyo"), "Asia/Tokyo");
  assert.equal(zoneOfViewer("Europe/Paris"), own, "it was the browser's own of before");
  assert.equal(zoneOfViewer("Mars/Olympus"), own);
  assert.equal(zoneOfViewer(""), own);
});

test("the server is told the browser's zone, once", (context) => {
  const written = withCookie(context, "");
  tellServer("Europe/Berlin");
  assert.deepEqual(written, ["bellhop_zone=Europe/Berlin; path=/; max-age=31536000; samesite=lax; secure"]);
  const again = withCookie(context, "bellhop_zone=Europe/Berlin");
  tellServer("Europe/Berlin");
  assert.deepEqual(again, []);
});
