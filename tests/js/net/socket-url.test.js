import assert from "node:assert/strict";
import { test } from "node:test";
import { socketUrl } from "../../../packages/bellhop/js/src/net/socket-url.js";

const PAGE = { protocol: "http:", hostname: "localhost", host: "localhost:8000" };
const SECURE = { protocol: "https:", hostname: "example.org", host: "example.org" };

for (const [given, page, url] of [
  ["/ws/notifications/", PAGE, "ws://localhost:8000/ws/notifications/"],
  ["/ws/notifications/", SECURE, "wss://example.org/ws/notifications/"],
  ["ws/notifications/", SECURE, "wss://example.org/ws/notifications/"],
  [":8001/ws/notifications/", PAGE, "ws://localhost:8001/ws/notifications/"],
  ["wss://sockets.example.org/ws/", SECURE, "wss://sockets.example.org/ws/"],
  ["https://sockets.example.org/ws/", SECURE, "wss://sockets.example.org/ws/"],
]) {
  test(`${given} on ${page.host} is ${url}`, () => assert.equal(socketUrl(given, page), url));
}
