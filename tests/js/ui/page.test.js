/** What the property found in the page as a whole, each as the shortest story that showed it. */
import { test } from "node:test";
import { play } from "../support/world.js";

const LAWFUL = "a server that keeps the contract";
const LAWLESS = "frames lost, repeated and out of order";
const open = [{ do: "answer", a: 0 }, { do: "accept" }, { do: "deliver", a: 0.99 }];
const arrives = [{ do: "notify", a: 0, b: 0.9 }, { do: "ring", a: 0 }, { do: "deliver", a: 0.99 }];
const [READ, UNREAD, ARCHIVE] = [0, 0.5, 0.99];
// Of a list of one.
const other = (action) => [{ do: "mark", a: 0, b: action }, { do: "ring", a: 0 }, { do: "deliver", a: 0.99 }];

const crowd = [
  { do: "burst", a: 0.4 },
  ...[1, 2, 3, 4, 5].flatMap(() => [{ do: "ring", a: 0 }, { do: "deliver", a: 0.99 }]),
  { do: "pass", a: 0.2 },
];

const STORIES = {
  "a backup without the newest notification comes back: it leaves the list": [
    LAWFUL,
    [...open, { do: "backup" }, ...arrives, { do: "restore" }],
  ],
  "a notification is shown by a page that is being loaded again": [
    LAWFUL,
    [...open, { do: "request" }, ...arrives, { do: "pass", a: 0.3 }, { do: "reload" }],
  ],
  "a backup comes back, and a page that is loaded then gets the same number again": [
    LAWFUL,
    [...open, { do: "backup" }, ...arrives, ...arrives, { do: "restore" }, { do: "request" }, { do: "reload" }, ...open, ...arrives],
  ],
  "our own change is answered after somebody else has taken it back": [
    LAWFUL,
    [...open, ...arrives, { do: "press", a: 0, b: READ }, { do: "work", a: 0 }, ...other(UNREAD), { do: "answer", a: 0 }],
  ],
  "a notification is put away before its own ring is through": [
    LAWFUL,
    [...open, { do: "notify", a: 0 }, { do: "mark", a: 0, b: READ }, { do: "ring", a: 0.99 }, { do: "ring", a: 0 }],
  ],
  "a change is told while its notification waits behind a resync": [
    LAWFUL,
    [
      ...open,
      { do: "burst", a: 0.9 },
      { do: "beat" },
      { do: "deliver", a: 0.99 },
      { do: "notify", a: 0 },
      { do: "beat" },
      { do: "mark", a: 0, b: ARCHIVE },
      { do: "beat" },
      { do: "deliver", a: 0.99 },
    ],
  ],
  "a form is sent while what was missed is fetched, and the page stays": [
    LAWFUL,
    [
      ...open,
      { do: "burst", a: 0.9 },
      { do: "beat" },
      { do: "deliver", a: 0.99 },
      { do: "send" },
      { do: "answer", a: 0 },
      { do: "notify", a: 0 },
    ],
  ],
  "a page that was rendered before misses more than is replayed, and the page before it has shown that": [
    LAWFUL,
    [
      { do: "request" },
      ...open,
      { do: "burst", a: 0.9 },
      { do: "beat" },
      { do: "deliver", a: 0.99 },
      { do: "answer", a: 0.99 },
      { do: "reload" },
    ],
  ],
  "a notification is worded anew while its toast is up, and its own ring comes last": [
    LAWFUL,
    [...open, { do: "notify", a: 0, b: 0 }, { do: "update", a: 0, b: 0 }, { do: "ring", a: 0.99 }, { do: "ring", a: 0 }],
  ],
  "what is up as a toast is withdrawn while the device is offline": [
    LAWFUL,
    [...open, { do: "notify", a: 0, b: 0.3 }, ...arrives.slice(1), { do: "close", a: 0.2 }, { do: "expire", a: 0 }],
  ],
  "a crowd is summed up, and all of it is read on another device": [
    LAWFUL,
    [...open, ...crowd, { do: "markThrough", a: 1, b: READ }, { do: "ring", a: 0 }, { do: "deliver", a: 0.99 }],
  ],
  "a crowd is summed up, and one of it is put away": [LAWFUL, [...open, ...crowd, { do: "mark", a: 0.9, b: ARCHIVE }]],
  "a crowd is summed up, and all that there is is deleted": [LAWFUL, [...open, ...crowd, { do: "removeThrough", a: 1 }]],
  "more was missed than is replayed, it cannot be fetched, and one of it is put away": [
    LAWFUL,
    [
      { do: "answer", a: 0 },
      { do: "burst", a: 0.7 },
      { do: "hole" },
      { do: "accept" },
      { do: "notify", a: 0, b: 0.5 },
      { do: "deliver", a: 0.7 },
      { do: "fail", a: 0.5 },
      { do: "press", a: 0.6, b: ARCHIVE },
    ],
  ],
  "more was missed than is replayed, and most of it was deleted meanwhile": [
    LAWFUL,
    [
      ...open,
      { do: "close", a: 0.2 },
      { do: "burst", a: 0.99 },
      { do: "burst", a: 0.99 },
      { do: "removeThrough", a: 0.6 },
      { do: "pass", a: 0.7 },
    ],
  ],
  "so much is worded anew that the list has to be fetched, and the toast follows": [
    LAWFUL,
    [...open, { do: "notify", a: 0, b: 0 }, ...arrives.slice(1), ...arrives, ...arrives, { do: "updateThrough", a: 0 }],
  ],
  "a backup comes back in which what is up as a toast has other words": [
    LAWFUL,
    [
      ...open,
      { do: "notify", a: 0, b: 0 },
      ...arrives.slice(1),
      { do: "backup" },
      { do: "update", a: 0, b: 0 },
      ...arrives.slice(1),
      { do: "restore" },
    ],
  ],
  "a server says ready once more, as of long ago": [
    LAWLESS,
    [...open, ...arrives, { do: "send" }, { do: "pass", a: 0.7 }, { do: "repeat", a: 0 }],
  ],
  "a notification is lost and nothing follows": [LAWLESS, [...open, { do: "lose" }, ...arrives]],
  "a change overtakes what it is about, and so does a beat": [
    LAWLESS,
    [
      ...open,
      { do: "notify", a: 0, b: 0 },
      { do: "ring", a: 0 },
      { do: "deliver", a: 0 },
      { do: "notify", a: 0, b: 0 },
      { do: "ring", a: 0 },
      { do: "beat" },
      { do: "update", a: 0, b: 0 },
      { do: "ring", a: 0 },
      { do: "swap", a: 0.9 },
      { do: "deliver", a: 0.1 },
    ],
  ],
  "a change is lost and another follows": [
    LAWLESS,
    [...open, ...arrives, ...arrives, { do: "lose" }, ...other(ARCHIVE), ...other(READ)],
  ],
};

for (const [story, [kind, steps]] of Object.entries(STORIES)) {
  test(story, async () => {
    for (let seed = 0; seed < 10; seed += 1) await play(kind, steps, seed);
  });
}
