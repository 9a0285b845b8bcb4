/** How a page stands, for people, and since when what it shows may be out of date. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Standing } from "../../../packages/bellhop/js/src/client/standing.js";

function story(name, tell) {
  test(name, () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000 });
    try {
      const told = [];
      const standing = new Standing(({ state, since }) => told.push([state, since]));
      tell(standing, told, (ms) => mock.timers.tick(ms));
    } finally {
      mock.timers.reset();
    }
  });
}

story("attempts between two losses are nothing to people", (standing, told, pass) => {
  standing.set("connecting");
  standing.set("open");
  pass(5_000);
  standing.heard();
  pass(1_000);
  for (const state of ["waiting", "connecting", "waiting", "connecting", "open"]) standing.set(state);
  assert.deepEqual(told, [["connecting", 1_000], ["open", null], ["waiting", 6_000], ["open", null]]);
});

story("a server that has not answered for ten seconds is away, until it answers", (standing, told, pass) => {
  standing.set("open");
  for (const state of ["waiting", "connecting", "waiting"]) {
    standing.set(state);
    pass(4_000);
  }
  standing.set("connecting");
  standing.set("waiting");
  assert.deepEqual(told, [["open", null], ["waiting", 1_000], ["away", 1_000]]);
  standing.set("open");
  pass(60_000);
  assert.deepEqual(told.at(-1), ["open", null]);
});

story("without a network it is the network, and the server is not blamed", (standing, told, pass) => {
  standing.set("open");
  standing.set("offline");
  for (const state of ["connecting", "offline"]) {
    standing.set(state);
    pass(60_000);
  }
  assert.deepEqual(told, [["open", null], ["offline", 1_000]]);
  assert.deepEqual(standing.now, { state: "offline", since: 1_000 });
});
