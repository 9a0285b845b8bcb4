import { failureWords } from "../../words/failure-words.js";
import { make, sheet } from "../make.js";
import { THEME } from "../theme.js";
import { STYLE } from "./style.js";
import { Toasts } from "./toasts.js";

const NAME = "bellhop-toasts";

/** On the client, as that one is on the document: a script that is loaded twice must not put up each toast twice. */
const PLACE = Symbol.for("bellhop.toasts");

/**
 * Gives the client its toasts, unless it has them: the one live region of the document, beside <body>, so that a page
 * that swaps its body keeps it, and no snapshot of one holds a toast.
 * @param {import("../../client/client.js").Client} client
 * @param {string | null} href address of the inbox page
 */
export function toastsOfDocument(client, href) {
  client[PLACE] ??= { view: attach(client) };
  client[PLACE].href = href || client[PLACE].href;
}

function attach(client) {
  const host = make(NAME);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(THEME), sheet(STYLE)];
  // It must be there, empty, before anything is announced in it.
  const region = make("div", { part: "toasts", role: "status", "aria-live": "polite", "aria-atomic": "false" });
  root.append(region);
  document.documentElement.append(host);
  const toasts = new Toasts(
    region,
    () => client[PLACE].href ?? "",
    (notification) => client.follow(notification),
  );
  const view = {
    toast: (notification) => toasts.show(notification),
    more: (notifications) => toasts.more(notifications),
    unread: (count) => toasts.limit(count),
    told: () => toasts.told,
    reword: (notifications) => toasts.reword(notifications),
    forget: (isMeant) => toasts.forget(isMeant),
    notice: ({ status }) => toasts.notice(failureWords(status, navigator.onLine)),
    ended: () => toasts.clear(),
  };
  client.attach(view);
  return view;
}
