/** The prover's tabs, as the process that they are, against a server in the test's hands. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { notification } from "../support/fakes.js";
import { FakeGateway } from "../support/gateway.js";

const MAIN = fileURLToPath(new URL("../../prove/tabs/main.js", import.meta.url));
const SOURCES = fileURLToPath(new URL("../../../packages/bellhop/js/src/", import.meta.url));
const TYPE = Number(process.versions.node.split(".")[0]) < 22 ? ["--experimental-default-type=module"] : [];
const PUBLIC_URL = "http://bell.test:8090";

class Program {
  events = [];
  #news = () => {};

  constructor(address, app) {
    this.process = spawn(process.execPath, [...TYPE, MAIN], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.exited = new Promise((resolve) => this.process.on("exit", resolve));
    createInterface({ input: this.process.stdout }).on("line", (line) => {
      this.events.push(JSON.parse(line));
      this.#news();
    });
    this.do("config", { gateway: address, public_url: PUBLIC_URL, app });
  }

  do(what, more) {
    this.process.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
  }

  of(event, tab) {
    return this.events.filter((one) => one.event === event && (tab === undefined || one.tab === tab));
  }

  /** The count-th event of its kind that meets the condition, as soon as it is there. */
  async until(event, tab, meets = () => true, count = 1) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = this.of(event, tab).filter(meets);
      if (found.length >= count) return found[count - 1];
      assert.ok(Date.now() < deadline, `no ${event} of ${tab}: ${JSON.stringify(this.events)}`);
      await new Promise((resolve) => {
        this.#news = resolve;
        setTimeout(resolve, 200);
      });
    }
  }

  async open(tab, device = tab, user = "ada") {
    this.do("open", { tab, device, cookie: `sessionid=${user}; csrftoken=old` });
    return this.until("loaded", tab);
  }

  isLive(tab, count) {
    return this.until("state", tab, ({ state }) => state === "open", count);
  }

  async screen(tab) {
    const before = this.of("screen", tab).length;
    this.do("screen", { tab });
    return this.until("screen", tab, () => true, before + 1);
  }

  async quit() {
    this.do("quit");
    assert.equal(await this.exited, 0);
  }
}

function story(name, tell) {
  test(name, async () => {
    const gateway = new FakeGateway();
    await gateway.start();
    const program = new Program(gateway.address);
    try {
      await tell(program, gateway);
      await program.quit();
    } finally {
      program.process.kill();
      gateway.stop();
    }
  });
}

story("a notification is shown and put up once, and in no other user's tab", async (program, gateway) => {
  await program.open("a");
  await program.open("b", "b", "bob");
  await Promise.all([program.isLive("a"), program.isLive("b")]);
  gateway.says("ada", [notification(1), notification(1)]);
  await program.until("frame", "a", ({ type }) => type === "notification", 2);
  const { seq, message, t } = await program.until("toast", "a").then(() => program.of("shown", "a")[0]);
  assert.deepEqual([seq, message], [1, "message 1"]);
  assert.ok(Math.abs(t - Date.now() / 1000) < 60);
  const { rows, bell, title, cursor, state } = await program.screen("a");
  assert.deepEqual([bell, cursor, state], ["1", 1, "open"]);
  assert.equal(title, "(1) Notifications · Bellhop");
  assert.deepEqual(rows, [{ id: "id-1", seq: 1, read: false, message: "message 1" }]);
  assert.deepEqual((await program.screen("b")).rows, []);
  for (const kind of ["shown", "toast"]) {
    assert.equal(program.of(kind, "a").length, 1);
    assert.equal(program.of(kind, "b").length, 0);
  }
  assert.deepEqual(program.of("error"), []);
});

story("tabs of one device have one socket, and one of them puts up the toast; when that goes, the other does", async (program, gateway) => {
  await program.open("a", "phone");
  await program.isLive("a");
  await program.open("b", "phone");
  await program.isLive("b");
  assert.equal(gateway.links.length, 1);
  gateway.says("ada", notification(1));
  await program.until("shown", "a");
  await program.until("shown", "b");
  await program.until("toast", "b");
  assert.deepEqual([program.of("frame", "b"), program.of("toast", "a")], [[], []]);
  for (const tab of ["a", "b"]) assert.equal((await program.screen(tab)).rows.length, 1);
  gateway.seq = 1;
  program.do("close", { tab: "a" });
  await program.until("frame", "b", ({ type }) => type === "ready");
  assert.match(gateway.links.at(-1).url, /\?after=1&/);
  gateway.says("ada", [notification(1), notification(2)]);
  await program.until("toast", "b", ({ message }) => message === "message 2");
  assert.equal(program.of("toast", "b").length, 2);
});

story("the page is read and asked for as a browser does", async (program, gateway) => {
  gateway.seq = 7;
  gateway.rows = [{ id: "id-7", seq: 7, read: true, message: "&lt;b&gt; &amp; &#x27;c&#x27; &quot;" }];
  const { rows, seq, took } = await program.open("a");
  assert.deepEqual(rows, [{ id: "id-7", seq: 7, read: true, message: "<b> & 'c' \"" }]);
  assert.deepEqual([seq, took > 0], [7, true]);
  await program.isLive("a");
  assert.deepEqual(program.of("began", "a").map(({ since }) => since), [0]);
  const [{ headers }] = gateway.requests;
  assert.deepEqual([headers.host, headers.cookie], ["bell.test:8090", "sessionid=ada; csrftoken=old"]);
  const [link] = gateway.links;
  assert.deepEqual([link.headers.host, link.headers.origin], ["bell.test:8090", PUBLIC_URL]);
  assert.equal(link.headers.cookie, "sessionid=ada; csrftoken=fresh");
});

story("after 1012 the tab comes back and goes on where it was, after a reload too", async (program, gateway) => {
  await program.open("a", "phone");
  await program.isLive("a");
  gateway.seq = 3;
  gateway.says("ada", [1, 2, 3].map((seq) => notification(seq)));
  // The mark goes with the toasts, and those of a burst are gathered first.
  await program.until("toast", "a", () => true, 3);
  gateway.ends("ada", 1012);
  const { delay } = await program.until("state", "a", ({ state, code }) => state === "waiting" && code === 1012);
  assert.ok(delay <= 2000);
  await program.until("socket", "a", ({ what, code }) => what === "close" && code === 1012);
  await program.isLive("a", 2);
  // The last: the one before it may be on its way out.
  assert.match(gateway.links.at(-1).url, /\?after=3&rev=0$/);
  program.do("reload", { tab: "a" });
  await program.isLive("a", 3);
  assert.match(gateway.links.at(-1).url, /\?after=3&rev=0$/);
  await program.open("b", "phone"); // one localStorage for both
  await program.isLive("b");
  assert.match(gateway.links.at(-1).url, /\?after=3&rev=0$/);
  assert.equal(program.of("shown").length, 3);
});

story("a form goes out with the device's token, and the answer's cookies are the device's", async (program, gateway) => {
  await program.open("a", "phone");
  await program.isLive("a");
  gateway.requests.length = 0;
  program.do("submit", { device: "phone", path: "/form/", fields: { word: "a b" }, ask: 7 });
  const { status, cookie, ask } = await program.until("submit", null);
  assert.deepEqual([status, cookie, ask], [200, "sessionid=ada; csrftoken=fresh", 7]);
  const [asked, sent] = gateway.requests;
  assert.deepEqual([asked.method, asked.path, sent.method, sent.path], ["GET", "/form/", "POST", "/form/"]);
  assert.equal(sent.headers.origin, PUBLIC_URL);
  assert.equal(sent.body, "word=a+b&csrfmiddlewaretoken=fresh");
});

story("a crowd is summed up", async (program, gateway) => {
  await program.open("a");
  await program.isLive("a");
  gateway.says("ada", [1, 2, 3, 4, 5, 6, 7].map((seq) => notification(seq)));
  // The first of them is shown by itself, unless the others come while the screen is being taken.
  await program.until("toast", "a", () => true, 4);
  const { text, count } = await program.until("more", "a", ({ count }) => count === 3);
  assert.deepEqual([text, count], ["3 more notifications", 3]);
});

story("a redirect to the sign-in page is told, and not tried again", async (program, gateway) => {
  gateway.answer = { status: 302, location: "/accounts/login/?next=/" };
  program.do("open", { tab: "a", device: "a", cookie: "sessionid=ada" });
  assert.equal((await program.until("signed-out", "a")).by, "redirect");
  assert.equal((await program.screen("a")).loaded, false);
  assert.equal(gateway.requests.length, 1);
});

story("an unavailable server is told, and tried again", async (program, gateway) => {
  gateway.answer = { status: 503 };
  program.do("open", { tab: "a", device: "a", cookie: "sessionid=ada" });
  assert.equal((await program.until("load-failed", "a")).status, 503);
  gateway.answer = null;
  await program.isLive("a");
});

story("a session that ends is told by the page", async (program, gateway) => {
  await program.open("a");
  await program.isLive("a");
  program.do("cookie", { device: "a", cookie: "sessionid=bob" }); // somebody else signs in
  await program.screen("a"); // commands are done in their order
  gateway.ends("ada", 4401);
  assert.equal((await program.until("signed-out", "a")).by, "page");
  assert.equal((await program.screen("a")).signed_out, true);
});

/** The page's modules with an addition to the client, for a tab of ada's, as soon as it knows whose it is. */
function withFault(code) {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  cpSync(SOURCES, folder, { recursive: true });
  const file = join(folder, "client", "person.js");
  const place = "    this.#listen();\n";
  const text = readFileSync(file, "utf8");
  assert.ok(text.includes(place));
  writeFileSync(file, text.replace(place, `${place}    if (key === "ada") { ${code} }\n`));
  return folder;
}

const FAULTS = {
  "at the start": "throw new Error('oops');",
  "in a timer": "setTimeout(() => { throw new Error('oops'); });",
  "in a promise": "Promise.reject(new Error('oops'));",
  "in a listener": "this.#connection.addEventListener('ready', () => { throw new Error('oops'); });",
  "of the kind that the page catches": "host.tell = () => { throw new Error('oops'); };",
  "told in the console": "console.error('oops');",
};

for (const [where, code] of Object.entries(FAULTS)) {
  story(`an error in one tab, ${where}, is reported, and the others go on`, async (_, gateway) => {
    const folder = withFault(code);
    const program = new Program(gateway.address, join(folder, "bellhop.js"));
    try {
      await program.open("a");
      await program.open("b", "b", "bob");
      assert.match((await program.until("error", "a")).text, /oops/);
      await program.isLive("b");
      gateway.says("bob", notification(1));
      await program.until("shown", "b");
      assert.equal(program.of("error").length, 1);
      await program.quit();
    } finally {
      program.process.kill();
      rmSync(folder, { recursive: true });
    }
  });
}

story("a command that makes no sense is reported", async (program) => {
  program.do("press", { tab: "none", action: "read" });
  assert.match((await program.until("error", "none")).text, /no tab none/);
  program.do("nonsense");
  await program.until("error", null);
});
