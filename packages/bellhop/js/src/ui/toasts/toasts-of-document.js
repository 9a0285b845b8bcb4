import { failureWords } from "../../words/failure-words.js";
import { t } from "../../words/gettext.js";
import { make, sheet } from "../make.js";
import { THEME } from "../theme.js";
import { keepClear } from "./keep-clear.js";
import { reachByKey } from "./reach.js";
import { STYLE } from "./style.js";
import { Toasts } from "./toasts.js";

const NAME = "bellhop-toasts";

/** On the client, as that one is on the document: a script that is loaded twice must not put up each toast twice. */
const PLACE = Symbol.for("bellhop.toasts");

/**
 * Gives the client its toasts, unless it has them: one stack a document, beside <body>, so that a page
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
  // No live region: what comes the announcer says, once, and not what is reworded, counted or taken down in here.
  const region = make("section", { part: "toasts", "aria-label": t("Notifications"), "aria-keyshortcuts": "F6" });
  root.append(region);
  document.documentElement.append(host);
  const keepAway = keepClear(host, region);
  const toasts = new Toasts(region, {
    listUrl: () => client[PLACE].href ?? "",
    follow: (notification) => client.follow(notification),
    changed: () => {
      // The direction of the page, which may be its body's alone.
      host.dir = globalThis.getComputedStyle?.(document.body).direction ?? "";
      keepAway();
    },
    back: reachByKey(region),
  });
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
