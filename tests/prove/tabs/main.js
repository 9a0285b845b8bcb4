/**
 * Hundreds of browser tabs in one process, driven by JSON lines on stdin and telling by JSON lines on stdout.
 *
 * Commands: {do: "config", gateway, public_url, app?} first, then `open` {tab, device, cookie?, hidden}, `cookie` {device, cookie},
 * `submit` {device, path, fields, ask?}, `reload` {tab}, `close` {tab}, `press` {tab, action, id?}, `screen` {tab, ask?}, `screens` {ask?}, `usage` {ask?},
 * `quit`. What the tabs tell is listed in ../people/simulated_tabs.py.
 */
import { createInterface } from "node:readline";
import { Device, Gateway } from "./gateway.js";
import { ownerOf } from "./page.js";
import { runInstead } from "./realm.js";
import { Tab } from "./tab.js";
import { words } from "./words.js";

const tabs = new Map();
const devices = new Map();
let gateway;

function emit(event, tab, fields) {
  process.stdout.write(`${JSON.stringify({ event, t: Date.now() / 1000, tab, ...fields })}\n`);
}

function deviceOf(name) {
  if (!devices.has(name)) devices.set(name, new Device());
  return devices.get(name);
}

function tabOf(name) {
  if (!tabs.has(name)) throw new Error(`there is no tab ${name}`);
  return tabs.get(name);
}

const commands = {
  config({ gateway: address, public_url: publicUrl, app }) {
    if (app !== undefined) runInstead(app);
    gateway = new Gateway(address, publicUrl);
  },
  open({ tab: name, device: owner, cookie, hidden }) {
    if (tabs.has(name)) throw new Error(`tab ${name} is open`);
    const isNew = !devices.has(owner);
    const device = deviceOf(owner);
    if (isNew && cookie !== undefined) device.replace(cookie); // a known one has newer cookies of its own
    const tab = new Tab({ gateway, device, isHidden: hidden, tell: (event, fields) => emit(event, name, fields) });
    tabs.set(name, tab);
    tab.load();
  },
  cookie: ({ device, cookie }) => deviceOf(device).replace(cookie),
  async submit({ device: name, path, fields, ask }) {
    const device = deviceOf(name);
    const status = await gateway.submit(device, path, fields);
    emit("submit", null, { status, cookie: device.cookie, ask });
  },
  reload: ({ tab }) => tabOf(tab).load(),
  press: ({ tab, action, id }) => tabOf(tab).press(action, id),
  close({ tab }) {
    tabOf(tab).close();
    tabs.delete(tab);
  },
  screen: ({ tab, ask }) => emit("screen", tab, { ...tabOf(tab).screen, ask }),
  screens({ ask }) {
    for (const [name, tab] of tabs) emit("screen", name, { ...tab.screen, ask });
    emit("screens", null, { count: tabs.size, ask });
  },
  usage({ ask }) {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    emit("usage", null, { rss, heap: heapUsed, cpu: (user + system) / 1e6, tabs: tabs.size, ask });
  },
  quit() {
    for (const tab of tabs.values()) tab.close();
    setTimeout(() => process.exit(0), 100); // the close frames leave first
  },
};

async function obey(line) {
  let command = {};
  try {
    command = JSON.parse(line);
    if (!Object.hasOwn(commands, command.do)) throw new Error(`unknown command: ${line}`);
    await commands[command.do](command);
  } catch (error) {
    emit("error", command.tab ?? null, { text: words(error), ask: command.ask });
  }
}

// What a page's code throws is caught where it enters; its promises report here, and so do faults of this program.
process.on("unhandledRejection", (error, promise) => {
  const page = ownerOf(promise);
  if (page === undefined) emit("error", null, { text: words(error) });
  else page.fault(error);
});
process.on("uncaughtException", (error) => emit("error", null, { text: words(error) }));
process.stdout.on("error", () => process.exit(1)); // nobody listens any more

createInterface({ input: process.stdin }).on("line", obey).on("close", commands.quit);
