import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, ApiError, readCookie } from "../../services/web/static/bellhop/api.js";

function begin(status = 200, answer = {}) {
  const calls = [];
  const fetch = async (url, options) => {
    calls.push({ url, ...options });
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response(typeof answer === "string" ? answer : JSON.stringify(answer), { status });
  };
  return { api: new Api({ fetch, cookies: () => "theme=dark; csrftoken=abc123; x=1" }), calls };
}

test("a list is asked for with its parameters", async () => {
  const { api, calls } = begin(200, { results: [] });
  assert.deepEqual(await api.list({ limit: 50, before: 9 }), { results: [] });
  assert.equal(calls[0].url, "/api/notifications/?limit=50&before=9");
  assert.equal(calls[0].method, "GET");
});

test("a change is posted as JSON with the CSRF token of the cookie", async () => {
  const { api, calls } = begin(200, { rev: 2, unread: 0, changed: 1 });
  await api.mark("read", { ids: ["a"] });
  assert.equal(calls[0].url, "/api/notifications/read");
  assert.equal(calls[0].headers["X-CSRFToken"], "abc123");
  assert.equal(calls[0].body, '{"ids":["a"]}');
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

test("a cookie is found by its whole name", () => {
  assert.equal(readCookie("xcsrftoken=no; csrftoken=a%3D=b", "csrftoken"), "a==b");
  assert.equal(readCookie("", "csrftoken"), "");
});
