import { n } from "../words/gettext.js";
import { make } from "./make.js";

/** On the document, as the client is: a script that is loaded twice must not say everything twice. */
const PLACE = Symbol.for("bellhop.announcer");

/** Milliseconds after which what was said is taken away, so that nobody finds it there later. */
const STAYS_MS = 8_000;

/** Milliseconds over which what arrives is gathered: nobody listens to a burst one by one. */
const GATHER_MS = 1_000;

/** So many that come together are said each. */
const FEW = 2;

const HIDDEN = "position:fixed;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";

/**
 * Lets a screen reader say a text, once it has said what it is saying. The one live region of the document: it is there
 * from the beginning, beside <body>, and never hidden from anybody but the eyes.
 * @param {string} text
 * @returns {() => void} takes it away at once: what it says is not to be found any more
 */
export function say(text) {
  const region = announcerOfDocument();
  // What a tab in the background says, the one in front says too, or nobody needs to hear.
  if (document.hidden) return () => {};
  const line = make("div", { dir: "auto" }, text);
  region.append(line);
  setTimeout(() => line.remove(), STAYS_MS);
  return () => line.remove();
}

/** By the document's region: how many of a burst were said, and what has come behind them. */
const bursts = new WeakMap();

/**
 * Lets it say what has arrived: the first two at once, and of those that follow within a second how many they were.
 * @param {string} text of one notification
 * @returns {() => void} as say()
 */
export function sayArrival(text) {
  const region = announcerOfDocument();
  const burst = bursts.get(region) ?? begin(region, 0);
  if (burst.said < FEW) {
    burst.said += 1;
    return say(text);
  }
  const arrival = { text, unsay: () => burst.waiting.splice(burst.waiting.indexOf(arrival), 1) };
  burst.waiting.push(arrival);
  return () => arrival.unsay();
}

function begin(region, said) {
  const burst = { said, waiting: [] };
  bursts.set(region, burst);
  setTimeout(() => {
    bursts.delete(region);
    const { waiting } = burst;
    if (waiting.length === 0) return;
    begin(region, FEW);
    const [{ text }] = waiting;
    const unsay = say(waiting.length === 1 ? text : n("{count} more notification", "{count} more notifications", waiting.length));
    for (const arrival of waiting) arrival.unsay = waiting.length === 1 ? unsay : () => {};
  }, GATHER_MS);
  return burst;
}

/** Puts the region into the document, empty, before anything is said in it. */
export function announcerOfDocument() {
  document[PLACE] ??= build();
  return document[PLACE];
}

function build() {
  const host = make("bellhop-announcer");
  const root = host.attachShadow({ mode: "open" });
  const region = make("div", { role: "status", "aria-live": "polite", "aria-atomic": "false" });
  // A property, not the attribute, which a policy without inline styles refuses.
  region.style.cssText = HIDDEN;
  root.append(region);
  document.documentElement.append(host);
  return region;
}
