import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, ApiError } from "../../../packages/bellhop/js/src/net/api.js";

function begin(status = 200, answer = {}) {
  const calls = [];
  const fetch = async (url, options) => {
    calls.push({ url, ...options });
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response(typeof answer === "string" ? answer : JSON.stringify(answer), { status });
  };
  return { api: new Api({ fetch, base: "/api/notifications/" }), calls };
}

test("a list is asked for with its parameters", async () => {
  const { api, calls } = begin(200, { results: [] });
  assert.deepEqual(await api.list({ limit: 50, before: 9 }), { results: [] });
  assert.equal(calls[0].url, "/api/notifications/?limit=50&before=9");
  assert.equal(calls[0].method, "GET");
});

test("a change is posted as JSON with the summary's token, as whoever it is for", async () => {
  const { api, calls } = begin(200, { rev: 2, unread: 0, changed: 1, csrf_token: "abc123" });
  await api.summary();
  await api.mark("read", { ids: ["a"] }, "7-1");
  assert.equal(calls[1].url, "/api/notifications/read");
  assert.equal(calls[1].headers["X-CSRFToken"], "abc123");
  assert.deepEqual(JSON.parse(calls[1].body), { ids: ["a"], user_key: "7-1" });
});

test("a change for whoever is signed in names nobody", async () => {
  const { api, calls } = begin();
  await api.mark("read", { through: 3 });
  assert.deepEqual(JSON.parse(calls[0].body), { through: 3 });
});

test("the summary of whoever is signed in is anybody's", async () => {
  const { api } = begin(200, { unread: 3, user_key: "8-1" });
  assert.equal((await api.summary()).user_key, "8-1");
});

test("reading sends no CSRF token", async () => {
  const { api, calls } = begin();
  await api.summary();
  assert.equal(calls[0].headers["X-CSRFToken"], undefined);
});

for (const status of [400, 401, 403, 429, 500]) {
  test(`${status} rejects with that status and the server's words`, async () => {
    const { api } = begin(status, { error: { code: "x", field: null, message: "No." } });
    await assert.rejects(api.summary(), (error) => error instanceof ApiError && error.status === status && error.message === "No.");
  });
}

test("a proxy's HTML error page rejects with its status", async () => {
  const { api } = begin(502, "<html>");
  await assert.rejects(api.summary(), { name: "ApiError", status: 502 });
});

test("no network rejects with status 0", async () => {
  await assert.rejects(begin(0).api.summary(), { name: "ApiError", status: 0 });
});

test("a 200 that is no JSON rejects", async () => {
  await assert.rejects(begin(200, "<html>").api.summary(), { name: "ApiError", status: 0 });
});

/** An API whose server answers one after the other: [status, answer]. */
function answering(...answers) {
  const calls = [];
  const fetch = async (url, { method, headers }) => {
    calls.push([method, url.split("/").at(-1), headers["X-Token"]]);
    const [status, answer] = answers.shift();
    return new Response(JSON.stringify(answer), { status });
  };
  return { api: new Api({ fetch, base: "/x/api/", csrfHeader: "X-Token" }), calls };
}
const refused = [403, { error: { code: "forbidden", field: null, message: "the CSRF token is missing or wrong" } }];
const again = [200, { seq: 1, rev: 1, unread: 0, user_key: "7-1", csrf_token: "new" }];

test("whoever signed in again gets a new token, and the change is tried once more", async () => {
  const { api, calls } = answering(refused, again, [200, { changed: 1 }], [200, { changed: 0 }]);
  assert.deepEqual(await api.mark("read", { ids: ["a"] }, "7-1"), { changed: 1 });
  await api.mark("unread", { ids: ["a"] }, "7-1");
  assert.deepEqual(calls, [
    ["POST", "read", ""],
    ["GET", "summary", undefined],
    ["POST", "read", "new"],
    ["POST", "unread", "new"],
  ]);
});

test("a token that is refused twice is not tried a third time", async () => {
  const { api, calls } = answering(refused, again, refused);
  await assert.rejects(api.mark("read", { through: 1 }, "7-1"), { status: 403 });
  assert.equal(calls.length, 3);
});

test("nothing is tried again where somebody else has signed in", async () => {
  const { api, calls } = answering(refused, [200, { ...again[1], user_key: "8-1" }]);
  await assert.rejects(api.mark("read", { through: 1 }, "7-1"), { status: 409 });
  assert.equal(calls.length, 2);
});

for (const [call, ...what] of [["list", {}], ["summary"]]) {
  test(`what ${call} answers for somebody else is told to nobody`, async () => {
    const { api } = begin(200, { results: [{ message: "secret" }], unread: 3, user_key: "8-1" });
    await assert.rejects(api[call](...what, "7-1"), (error) => error.status === 409 && !JSON.stringify(error).includes("secret"));
  });
}

test("the token that a page was rendered with is sent until a summary brings another", async () => {
  const { api, calls } = answering([200, {}], refused, again, [200, {}]);
  api.csrfToken = "rendered";
  await api.markSeen(7, "7-1");
  await api.setPreferences({ mute: {} }, "7-1");
  assert.deepEqual(calls, [
    ["POST", "seen", "rendered"],
    ["POST", "preferences", "rendered"],
    ["GET", "summary", undefined],
    ["POST", "preferences", "new"],
  ]);
});

test("what was seen, chosen and undone is posted as it is, as whoever it is for", async () => {
  const { api, calls } = begin();
  await api.markSeen(7, "7-1");
  await api.mark("unarchive", { rev: 4 }, "7-1");
  await api.mark("archive", { through: 9, view: "unread", kind: "order", q: "a" });
  await api.preferences("7-1");
  assert.deepEqual(
    calls.map(({ url, method, body }) => [url.slice("/api/notifications/".length), method, body && JSON.parse(body)]),
    [
      ["seen", "POST", { through: 7, user_key: "7-1" }],
      ["unarchive", "POST", { rev: 4, user_key: "7-1" }],
      ["archive", "POST", { through: 9, view: "unread", kind: "order", q: "a" }],
      ["preferences", "GET", undefined],
    ],
  );
});
