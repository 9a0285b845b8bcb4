import assert from "node:assert/strict";
import { test } from "node:test";
import { showInTitle } from "../../../../packages/bellhop/js/src/ui/bell/title-count.js";

test("the count is in front of the title, whatever becomes of the title, and a title's own number stays", () => {
  globalThis.document = { title: "Inbox" };
  const titles = [3, 120, 0].map((count) => {
    showInTitle(count);
    return document.title;
  });
  assert.deepEqual(titles, ["(3) Inbox", "(99+) Inbox", "Inbox"]);
  document.title = "(3) Restored from a snapshot";
  showInTitle(1);
  assert.equal(document.title, "(1) Restored from a snapshot");
  document.title = "(7) Samurai";
  showInTitle(2);
  showInTitle(0);
  assert.equal(document.title, "(7) Samurai");
  delete globalThis.document;
});
