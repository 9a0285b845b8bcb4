import { logFailure } from "../../../words/console-log.js";
import { n, t } from "../../../words/gettext.js";
import { say } from "../../announcer.js";
import { sheet } from "../../make.js";
import { Desktop } from "./desktop.js";
import { Feed } from "./list/feed.js";
import { makeFrame } from "./frame.js";
import { keepPlace } from "./place.js";
import { Quiet } from "./quiet.js";
import { Rows } from "./list/rows.js";
import { Standing } from "./standing.js";
import { STYLE } from "./style.js";

const TIMES_REFRESH_MS = 60_000;

/** The panel that a bell opens: the newest of the inbox, live for as long as it is open, and what goes for all of them. */
export class Panel {
  #host;
  #client;
  #button;
  #frame;
  #rows;
  #feed;
  #standing = new Standing();
  #quiet;
  #desktop;
  #ends = null; // what is to be ended when it closes; null while it is closed

  /** @param {{host: HTMLElement, root: ShadowRoot, button: HTMLButtonElement, client: object}} parts of the bell */
  constructor({ host, root, button, client }) {
    this.#host = host;
    this.#client = client;
    this.#button = button;
    this.#rows = new Rows({
      act: (action, id) => this.#act(action, id),
      follow: (id, event) => this.#follow(id, event),
      permalink: (id) => this.#permalink(id),
    });
    this.#feed = new Feed(client, () => this.#show(), {
      standing: (standing) => this.#standing.show(standing),
      desktop: () => this.#desktop.show(),
      unread: () => this.#show(),
      ended: () => this.#show(),
    });
    this.#quiet = new Quiet((value) => this.#setQuiet(value));
    this.#desktop = new Desktop(client);
    this.#frame = makeFrame({
      standing: this.#standing.element,
      rows: this.#rows.element,
      quiet: this.#quiet.element,
      desktop: this.#desktop.element,
    });
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(STYLE)];
    root.append(this.#frame.panel);
    button.popoverTargetElement = this.#frame.panel;
    this.#listen();
  }

  open() {
    this.#frame.panel.showPopover();
  }

  close() {
    // Out of the document it is closed already, and says nothing of it.
    if (this.#ends === null) return;
    if (this.#frame.panel.isConnected) this.#frame.panel.hidePopover();
    else this.#closed();
  }

  #listen() {
    const { panel, markAll, close, retry, all } = this.#frame;
    panel.addEventListener("beforetoggle", ({ newState }) => (newState === "open" ? this.#opens() : this.#closes()));
    panel.addEventListener("toggle", ({ newState }) => newState === "open" && this.#ends !== null && this.#frame.title.focus());
    // It is not modal: whoever leaves it by Tab leaves it behind.
    panel.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget !== null && relatedTarget !== this.#button && !panel.contains(relatedTarget)) this.close();
    });
    close.addEventListener("click", () => this.close());
    retry.addEventListener("click", () => this.#feed.refresh());
    markAll.addEventListener("click", () => this.#markAll());
    all.addEventListener("click", () => this.close());
  }

  #opens() {
    const { all, preferences } = this.#frame;
    all.setAttribute("href", this.#host.getAttribute("href") ?? "");
    const address = this.#host.getAttribute("preferences");
    preferences.hidden = address === null;
    preferences.setAttribute("href", address ?? "");
    this.#button.setAttribute("aria-expanded", "true");
    this.#standing.show(this.#client.standing);
    this.#desktop.show();
    const ticks = setInterval(() => this.#rows.tick(), TIMES_REFRESH_MS);
    this.#ends = [keepPlace(this.#frame.panel, this.#button), () => clearInterval(ticks), () => this.#feed.stop()];
    this.#feed.start();
    this.#loadQuiet();
    this.#show();
  }

  /** By whatever: the focus goes back to the bell, unless it is somewhere else by now. */
  #closes() {
    const hadFocus = this.#frame.panel.matches(":focus-within");
    this.#closed();
    if (hadFocus) this.#button.focus();
  }

  #closed() {
    for (const end of this.#ends ?? []) end();
    this.#ends = null;
    this.#button.setAttribute("aria-expanded", "false");
  }

  #show() {
    const { loading, failed, empty, ended, markAll, settings } = this.#frame;
    const { hasEnded, unread } = this.#client;
    const { state, rows } = this.#feed;
    this.#rows.show(rows);
    this.#rows.element.hidden = rows.length === 0;
    loading.hidden = hasEnded || state !== "loading" || rows.length > 0;
    failed.hidden = hasEnded || state !== "failed";
    empty.hidden = hasEnded || state !== "ready" || rows.length > 0;
    ended.hidden = !hasEnded;
    settings.hidden = hasEnded;
    markAll.hidden = unread === 0;
    const words = n("Mark {count} as read", "Mark all {count} as read", unread);
    if (markAll.textContent !== words) markAll.textContent = words;
  }

  async #act(action, id) {
    if (await this.#feed.act(action, id)) this.#rows.focus(id, { archive: "undo", undo: "archive", read: "unread", unread: "read" }[action]);
  }

  async #markAll() {
    const count = this.#client.unread;
    if (!(await this.#feed.readAll())) return;
    say(n("{count} notification marked as read", "{count} notifications marked as read", count));
    this.#frame.title.focus();
  }

  #follow(id, event) {
    const { message, read } = this.#feed.rows.find((row) => row.id === id);
    const url = event.target.closest("a").getAttribute("href");
    if (!this.#client.follow({ id, url, message, read })) event.preventDefault();
    // One that is opened in a tab of its own leaves this one as it is.
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.close();
  }

  #permalink(id) {
    const href = this.#host.getAttribute("href") ?? "";
    return href.endsWith("/") ? `${href}${id}/` : null;
  }

  async #loadQuiet() {
    try {
      this.#quiet.show(await this.#client.preferences());
    } catch (error) {
      // What cannot be known cannot be set; the page of preferences says why.
      logFailure("no preferences", error);
    }
  }

  async #setQuiet(value) {
    try {
      const now = await this.#client.setPreferences({ do_not_disturb: value });
      say(value === null ? t("Do not disturb is off") : t("Do not disturb is on"));
      return now;
    } catch (error) {
      this.#client.tellFailure(error);
      return this.#client.preferences();
    }
  }
}
