/** A person with two browsers of several tabs each, and an outsider's tab in one of them. */
import assert from "node:assert/strict";
import { SharedByTabs } from "./shared-by-tabs.js";
import { Clock, settle } from "../fakes.js";
import { generator } from "../random.js";
import { Server } from "../server.js";
import { Tab } from "./tab.js";

class Browser {
  shared;
  storage = new Map();
  online = true;
  tabs = [];
  told = new Set(); // ids that were put up, or summed up
  gap = 0; // up to which seq a summary has told of what nobody knows
  toasts = []; // {id, seq}, in the order in which they were put up

  constructor(world, has) {
    Object.assign(this, { world, has });
    this.shared = new SharedByTabs((work) => world.tasks.push(work));
  }

  /** localStorage as one tab sees it: what another one writes comes there a little later. */
  storageOf(tab) {
    tab.storage = new Map(this.storage);
    return {
      getItem: (key) => tab.storage.get(key) ?? null,
      setItem: (key, value) => {
        for (const kept of [this.storage, tab.storage]) kept.set(key, value);
        const others = this.tabs.filter((other) => other !== tab);
        this.world.tasks.push(() => others.forEach(({ storage }) => storage.set(key, value)));
      },
    };
  }

  /** What a tab has of what all share. */
  gives(tab) {
    return this.shared.of(tab, (work) => tab.run(work));
  }

  toasted(tab, notifications, isSum = false) {
    for (const { id, seq, skipped } of notifications) {
      if (skipped !== undefined) this.gap = Math.max(this.gap, seq);
      else this.told.add(id);
      if (tab.document.hidden) this.world.faults.push(new Error(`${id} was shown in a tab that nobody sees`));
      if (!isSum) this.toasts.push({ id, seq, user: tab.server.user });
    }
  }

  open(server, filter, isFront) {
    const tab = new Tab(this, server, filter);
    this.tabs.push(tab);
    if (isFront) for (const other of this.tabs) other !== tab && other.show(false);
    tab.document.hidden = !isFront;
    tab.load();
    return tab;
  }

  remove(tab) {
    tab.kill();
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }
}

export class ManyTabs {
  clock = new Clock();
  server = new Server();
  others = new Server();
  tasks = []; // what goes between tabs and has not come
  faults = [];

  constructor(seed) {
    const random = generator(seed);
    this.random = random;
    this.others.user = "other";
    this.others.notify();
    for (let count = Math.floor(random() ** 3 * 12); count > 0; count -= 1) this.server.notify();
    for (const each of [this.server, this.others]) each.since = each.seq;
    // Now and then one that has neither locks nor channels.
    this.browsers = [new Browser(this, true), new Browser(this, random() < 0.85)];
    this.browsers[0].open(this.server, {}, true);
    this.browsers[1].open(this.server, {}, true);
    this.outsider = this.browsers[0].open(this.others, {}, false);
  }

  get tabs() {
    return this.browsers.flatMap(({ tabs }) => tabs).filter((tab) => tab !== this.outsider);
  }

  links(server = this.server) {
    server.links = server.links.filter(({ socket }) => !socket.closed);
    return server.links;
  }

  accept() {
    for (const tab of this.browsers.flatMap(({ tabs }) => tabs)) {
      for (const socket of tab.sockets) {
        if (socket.closed || socket.accepted) continue;
        socket.accepted = true;
        // The browser has a network, or nothing comes of it.
        if (tab.browser.online) tab.server.accept(socket);
      }
    }
  }

  async deliver(count) {
    for (const server of [this.server, this.others]) {
      for (const { socket, pipe } of this.links(server)) {
        for (const frame of pipe.splice(0, count)) {
          socket.says(frame);
          await settle();
        }
      }
    }
  }

  answer(server, request) {
    request.answer ??= request.work();
    server.requests.splice(server.requests.indexOf(request), 1);
    request.settle(request.answer);
  }

  async talk(count = Infinity) {
    for (let told = 0; told < count && this.tasks.length > 0; told += 1) {
      this.tasks.shift()();
      await settle();
    }
  }

  /** All that is on its way arrives, every tab runs, and one of each browser is to be seen. */
  async calmDown() {
    for (const browser of this.browsers) {
      browser.online = true;
      browser.shared.loses = 0;
      const mine = browser.tabs.filter((tab) => tab !== this.outsider);
      if (mine.length === 0) browser.open(this.server, {}, true);
      for (const tab of browser.tabs) {
        tab.thaw();
        tab.window.fire("pageshow", { persisted: true });
        tab.document.fire("resume");
        tab.window.fire("online");
      }
      front(browser, browser.tabs.find((tab) => tab !== this.outsider));
    }
    for (let beats = 0; beats < 5; beats += 1) {
      for (let round = 0; round < 40; round += 1) {
        await this.talk();
        const isLive = [...this.tabs, this.outsider].every(({ client }) => client.state === "open");
        this.clock.pass(isLive ? 400 : 3_000);
        await this.talk();
        this.accept();
        for (const server of [this.server, this.others]) {
          while (server.rings.length > 0) server.ring(0);
          for (const request of [...server.requests]) this.answer(server, request);
        }
        await this.deliver(Infinity);
        if (isLive && this.tasks.length === 0 && round > 3) break;
      }
      this.server.beat();
      this.others.beat();
      await this.deliver(Infinity);
    }
    await this.talk();
    this.clock.pass(300);
  }

  /** In the end every tab is as the server is, each browser has one socket, and has told of each notification once. */
  judge() {
    assert.deepEqual(this.faults, []);
    const { state } = this.server;
    for (const browser of this.browsers) {
      const mine = browser.tabs.filter((tab) => tab !== this.outsider);
      for (const { rows, bell, filter, client } of mine) {
        const all = this.server.view(filter).map(({ id, seq, read, message, thread }) => ({ id, seq, read, message, thread }));
        assert.deepEqual(rows.slice(0, 50), all.slice(0, 50), `the list ${JSON.stringify(filter)}`);
        assert.deepEqual([bell, client.state], [{ unread: state.unread, seen: state.seen }, "open"]);
      }
      const up = mine.flatMap((tab) => [...tab.up.values()]);
      const listed = new Map(this.server.view({ view: "unread" }).map((row) => [row.id, row.message]));
      for (const { id, message } of up) assert.equal(message, listed.get(id), "a toast is of what is there, and unread");
      if (!browser.has) continue;
      const sockets = mine.flatMap((tab) => tab.sockets).filter(({ closed }) => !closed);
      assert.equal(sockets.length, 1, "one socket a browser");
      const ids = browser.toasts.map(({ id }) => id);
      assert.deepEqual(ids, [...new Set(ids)], "a toast once in all tabs of a browser");
      for (const row of this.server.rows) {
        if (row.isTouched || row.toast === false || row.seq <= this.server.since || row.seq <= browser.gap) continue;
        assert.ok(browser.told.has(row.id), `${row.id} was told of in no tab`);
      }
    }
    const theirs = this.browsers.flatMap(({ toasts }) => toasts).filter(({ user }) => user === "other");
    assert.deepEqual(theirs, [], "the outsider's tab is never in front");
    assert.deepEqual(this.outsider.rows.map(({ seq }) => seq), this.others.listed.map(({ seq }) => seq));
    assert.equal(this.outsider.bell.unread, this.others.state.unread);
  }
}

/** The browser lets it run again. */
export function wakeUp(tab) {
  tab?.thaw();
  tab?.document.fire("resume");
}

/** Somebody turns to that tab, or (undefined) to another program. */
export function front(browser, tab) {
  wakeUp(tab);
  for (const other of browser.tabs) if (other !== tab) other.show(false);
  tab?.show(true);
  tab?.run(() => tab.window.fire("focus"));
}
