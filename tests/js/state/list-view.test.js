/** What belongs to a list, what a change does to it, and when only the server can say. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ListView } from "../../../packages/bellhop/js/src/state/list-view.js";
import { notification } from "../support/fakes.js";

const held = (...seqs) => seqs.map((seq) => ({ id: `id-${seq}`, seq }));
const follow = (filter, change, ...seqs) => {
  const { gone, read, said, isUnclear } = new ListView(filter).follow(change, held(...seqs));
  return [[...gone], Object.fromEntries(read), [...said.keys()], isUnclear];
};

test("what arrives belongs to the inbox and to unread, by its kind; to a search only the server can say", () => {
  const admits = (filter, more) => new ListView(filter).admits(notification(1, more));
  assert.equal(admits({}), true);
  assert.equal(admits({ view: "unread" }), true);
  assert.equal(admits({ view: "unread" }, { read: true }), false);
  assert.equal(admits({ view: "archived" }), false);
  assert.equal(admits({ kind: "order" }), false);
  assert.equal(admits({ kind: "order" }, { kind: "order" }), true);
  assert.equal(admits({ q: "word" }), null);
  assert.equal(admits({ q: "word", kind: "order" }), false);
});

describe("a change", () => {
  test("in the inbox marks what is read, and takes away what is archived or gone", () => {
    const change = { read: ["id-1"], unread_ids: ["id-2", "id-3"], archived: ["id-3"], removed: ["id-4"] };
    assert.deepEqual(follow({}, change, 4, 3, 2, 1), [["id-4", "id-3"], { "id-1": true, "id-2": false }, [], false]);
  });

  test("up to a seq reads all that are not archived", () => {
    assert.deepEqual(follow({}, { through: 2 }, 3, 2, 1), [[], { "id-1": true, "id-2": true }, [], false]);
    assert.deepEqual(follow({ view: "archived" }, { through: 2 }, 2, 1), [[], {}, [], false]);
  });

  test("in the unread list takes away what is read", () => {
    assert.deepEqual(follow({ view: "unread" }, { read: ["id-3"], through: 1 }, 3, 2, 1), [["id-3", "id-1"], {}, [], false]);
  });

  test("in the archive takes away what is brought back", () => {
    assert.deepEqual(follow({ view: "archived" }, { unarchived: ["id-1"] }, 2, 1), [["id-1"], {}, [], false]);
  });

  test("about one that belongs here and is not held has the list fetched, and about others it does not", () => {
    const isUnclear = (filter, change) => follow(filter, change, 1)[3];
    assert.equal(isUnclear({}, { unarchived: ["id-9"] }), true);
    assert.equal(isUnclear({}, { unarchived: ["id-1"] }), false);
    assert.equal(isUnclear({}, { read: ["id-9"], unread_ids: ["id-8"], archived: ["id-7"], removed: ["id-6"] }), false);
    assert.equal(isUnclear({ view: "unread" }, { unread_ids: ["id-9"] }), true);
    assert.equal(isUnclear({ view: "unread" }, { unarchived: ["id-9"], read: ["id-9"] }), false);
    assert.equal(isUnclear({ view: "unread" }, { unread_ids: ["id-9"], archived: ["id-9"] }), false);
    assert.equal(isUnclear({ view: "archived" }, { archived: ["id-9"] }), true);
    assert.equal(isUnclear({ view: "archived" }, { archived: ["id-9"], removed: ["id-9"] }), false);
    assert.equal(isUnclear({ view: "archived" }, { read: ["id-9"], unarchived: ["id-8"] }), false);
  });

  test("of words is said where it stands, and has a search fetched", () => {
    const change = { updated: [notification(1), notification(9)] };
    assert.deepEqual(follow({}, change, 2, 1), [[], {}, ["id-1"], false]);
    assert.equal(follow({ q: "word" }, change, 2)[3], true);
  });

  test("that only the server knows has the list fetched", () => {
    assert.equal(follow({}, { reload: true }, 1)[3], true);
  });
});

describe("fetching", () => {
  const world = (pages) => {
    const asked = [];
    const list = async (params) => {
      asked.push(params);
      return pages.shift();
    };
    return { asked, list };
  };
  const page = (from, to, next, rev = 5) => {
    const results = [];
    for (let seq = from; seq >= to; seq -= 1) results.push({ id: `id-${seq}`, seq });
    return { results, next, rev, seq: 900, unread: 1 };
  };

  test("asks for what is loaded with the filter, at least a page", async () => {
    const { asked, list } = world([page(2, 1, null)]);
    await new ListView({ view: "unread", kind: "order", q: "a b" }).fetch(list, held(2, 1), true);
    assert.deepEqual(asked, [{ view: "unread", kind: "order", q: "a b", limit: 50, counts: true }]);
  });

  test("of an older page asks from where that begins", async () => {
    const { asked, list } = world([page(40, 30, "?more")]);
    await new ListView({}).fetch(list, held(40, 35, 30), false);
    assert.deepEqual(asked, [{ view: "inbox", limit: 50, counts: true, before: 41 }]);
  });

  test("goes on until all that is loaded has been asked for, and reflects no change that one of the answers lacks", async () => {
    const { asked, list } = world([page(900, 701, "?", 7), page(700, 501, "?", 6), page(500, 301, null)]);
    const loaded = held(...Array.from({ length: 300 }, (_, index) => 900 - index));
    const { results, rev, next } = await new ListView({}).fetch(list, loaded, true);
    assert.deepEqual([asked.length, asked[1].before, results.length, rev, next], [2, 701, 400, 6, "?"]);
  });

  test("what is not in the answer leaves the list, unless it came meanwhile or lies beyond it", () => {
    const view = new ListView({});
    const answer = { results: [{ id: "id-3", seq: 3 }, { id: "id-2", seq: 2 }], seq: 4, next: "?" };
    const { gone, now } = view.compare(answer, held(5, 4, 3, 1), true);
    assert.deepEqual([[...gone], now.map(({ seq }) => seq)], [["id-4", "id-1"], [3, 2]]);
    assert.deepEqual([...view.compare(answer, held(3, 1), false).gone], []);
  });
});
