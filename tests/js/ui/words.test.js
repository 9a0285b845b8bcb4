import assert from "node:assert/strict";
import { test } from "node:test";
import { failureWords } from "../../../packages/bellhop/js/src/words/failure-words.js";
import { safeLink } from "../../../packages/bellhop/js/src/words/safe-link.js";
import { relativeTime } from "../../../packages/bellhop/js/src/words/relative-time.js";

const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

for (const [seconds, words] of [
  [-30, "just now"],
  [0, "just now"],
  [59, "just now"],
  [60, "1 minute ago"],
  [150, "2 minutes ago"],
  [3_599, "59 minutes ago"],
  [3_600, "1 hour ago"],
  [86_400, "yesterday"],
  [3 * 86_400, "3 days ago"],
  [15 * 86_400, "2 weeks ago"],
  [800 * 86_400, "2 years ago"],
]) {
  test(`${seconds} s after it happened it reads "${words}"`, () => {
    assert.equal(relativeTime(0, seconds * 1000, format), words);
  });
}

for (const url of ["/", "/invoices/7?x=1#y", "https://example.org/", "HTTP://example.org"]) {
  test(`${url} may be linked`, () => assert.equal(safeLink(url), url));
}

for (const url of [
  "",
  null,
  undefined,
  7,
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "ftp://example.org/",
  "mailto:a@example.org",
  "invoices/7",
  "http://",
]) {
  test(`${JSON.stringify(url) ?? "undefined"} is no link`, () => assert.equal(safeLink(url), null));
}

for (const [status, isOnline, words] of [
  [0, false, "You are offline, so nothing was changed."],
  [0, true, "Bellhop does not answer just now. Please try again in a moment."],
  [503, true, "Bellhop does not answer just now. Please try again in a moment."],
  [403, true, "This page is too old for that. Please reload it."],
  [429, true, "That was a little too often. Please wait a moment."],
  [500, true, "That didn’t work. Please try again."],
  [500, false, "That didn’t work. Please try again."],
]) {
  test(`a request that ends with ${status}, ${isOnline ? "online" : "offline"}, says "${words}"`, () => {
    assert.equal(failureWords(status, isOnline), words);
  });
}
