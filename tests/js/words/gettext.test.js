import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { runInNewContext } from "node:vm";
import { language, n, t } from "../../../packages/bellhop/js/src/words/gettext.js";

const SERVED = new URL("../../../packages/bellhop/src/bellhop/static/bellhop/", import.meta.url);

/** The page has loaded the words of a language, as the file says that is served for it. */
function load(code) {
  globalThis.document = {};
  runInNewContext(readFileSync(new URL(`words.${code}.js`, SERVED), "utf8"), globalThis);
}

afterEach(() => delete globalThis.document);

test("without words of another language a text says what the source says", () => {
  assert.equal(t("Saved"), "Saved");
  assert.equal(n("{count} bell", "{count} bells", 1), "1 bell");
  assert.equal(n("{count} bell", "{count} bells", 0), "0 bells");
  assert.equal(language(), "en");
});

test("values stand where the text names them, and are not looked at", () => {
  assert.equal(t("By {name}, {other}", { name: "{other} $& <b>" }), "By {other} $& <b>, {other}");
});

test("German has its words, and one form for one", () => {
  load("de");
  assert.equal(language(), "de");
  assert.equal(t("Undo"), "Rückgängig");
  assert.equal(n("{count} unread notification", "{count} unread notifications", 1), "1 ungelesene Mitteilung");
  assert.equal(n("{count} unread notification", "{count} unread notifications", 2), "2 ungelesene Mitteilungen");
});

test("Arabic has a form for each of its six kinds of numbers, and digits as the server writes them", () => {
  load("ar");
  const forms = [0, 1, 2, 3, 11, 100].map((count) => n("{count} unread notification", "{count} unread notifications", count));
  assert.equal(new Set(forms.map((form) => form.replace(/\d+/, ""))).size, 6);
  assert.match(forms[4], /^11 /);
});

test("a text that a language lacks is in English, and so is one that is a property of every object", () => {
  load("de");
  assert.equal(t("of a newer release"), "of a newer release");
  assert.equal(t("constructor"), "constructor");
});
