import { STATE } from "../net/connection.js";
import { socketUrl } from "../net/socket-url.js";
import { Client } from "./client.js";
import { DESKTOP_SWITCH } from "./desktop-notifications.js";

/** On the document, not in this module: the same script may be loaded twice, under two addresses. */
const PLACE = Symbol.for("bellhop.client");

const SIGNED_IN = "bellhop:signed-in";

/** @returns {Client | undefined} the document's client, once there is one */
export const existingClient = () => document[PLACE];

/**
 * The document's one client; the first call makes it, and what later ones ask for is ignored.
 * @param {{api: string, socket: string, csrfHeader?: string}} options addresses as the page has them
 * @returns {Client}
 */
export function clientOfDocument({ api, socket, csrfHeader }) {
  if (document[PLACE] === undefined) {
    const client = new Client({ api, socketUrl: socketUrl(socket, location), csrfHeader });
    document[PLACE] = client;
    followLife(client);
    // After all elements of the page are there, so that each hears everything.
    queueMicrotask(() => client.start());
  }
  return document[PLACE];
}

/** Lets the client follow the life of its document. */
function followLife(client) {
  window.addEventListener("online", () => client.networkChanged());
  window.addEventListener("offline", () => client.networkChanged());
  document.addEventListener("visibilitychange", () => {
    client.look();
    if (!document.hidden) client.wake();
  });
  window.addEventListener("focus", () => client.look());
  // A page that goes into the back/forward cache, or that the browser freezes, must let go of what all tabs share.
  let isResting = false;
  const rest = () => {
    isResting ||= client.state !== STATE.CLOSED;
    client.stop();
  };
  const goOn = () => {
    if (isResting) client.start();
    isResting = false;
  };
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", ({ persisted }) => persisted && goOn());
  document.addEventListener("freeze", rest);
  document.addEventListener("resume", goOn);
  // Last of all who hear it: a script that sends the form itself has said so by then.
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && isForThisTab(event)) client.hold();
  });
  // Somebody signed in, in another tab: nobody else would tell this one, on which nobody is.
  window.addEventListener("storage", ({ key }) => {
    if (key === SIGNED_IN && client.state === STATE.SIGNED_OUT) client.refresh();
    if (key === DESKTOP_SWITCH) client.desktop.look();
  });
  client.attach({ state: () => showWhetherEnded(client), joined: tellOtherTabs });
}

function isForThisTab({ target, submitter }) {
  if (target.hasAttribute("data-bellhop-stays")) return false; // what comes is a file
  const goesTo = submitter?.getAttribute("formtarget") ?? target.getAttribute("target");
  const method = submitter?.getAttribute("formmethod") ?? target.getAttribute("method");
  return (goesTo ?? "_self") === "_self" && method !== "dialog";
}

function tellOtherTabs() {
  try {
    window.localStorage.setItem(SIGNED_IN, String(Date.now()));
  } catch {
    // Blocked or full: the other tabs look when they come to the front.
  }
}

/** What a page has to say to a person whose session is over is hidden in it until then. */
function showWhetherEnded(client) {
  for (const element of document.querySelectorAll("[data-bellhop-signed-out]")) element.hidden = !client.hasEnded;
}
